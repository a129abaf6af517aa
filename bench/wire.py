"""The sandbox's own serialisers against those of `moto.core`, on the same answers, as ratios of time; and what each lets through.

python bench/wire.py [--rounds 7] [--times 200]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from rich.console import Console
from rich.table import Table

from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.serialise import UnknownMemberError, answer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUEUES = [{"Id": f"q{number}", "Arn": f"arn:q{number}", "Name": f"Queue {number}"} for number in range(100)]
ITEMS = [{"id": {"S": str(number)}, "value": {"N": str(number)}, "at": {"S": "2026-01-01"}} for number in range(100)]
CHECKS = [
    {
        "Id": f"h{number}", "CallerReference": f"c{number}", "HealthCheckVersion": 1,
        "HealthCheckConfig": {"Type": "HTTPS", "FullyQualifiedDomainName": "a.example.com", "Port": 443},
    }
    for number in range(100)
]  # fmt: skip
ROLES = [
    {"Path": "/", "RoleName": f"r{number}", "RoleId": f"i{number}", "Arn": f"arn:r{number}", "CreateDate": NOW}
    for number in range(100)
]
ANSWERS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("connect", "ListQueues", "rest-json", {"QueueSummaryList": QUEUES}),
    ("dynamodb", "Query", "json", {"Items": ITEMS, "Count": 100, "ScannedCount": 100}),
    (
        "route53",
        "ListHealthChecks",
        "rest-xml",
        {"HealthChecks": CHECKS, "Marker": "", "IsTruncated": False, "MaxItems": "100"},
    ),
    ("iam", "ListRoles", "query", {"Roles": ROLES, "IsTruncated": False}),
)


def seconds(work: Callable[[], object], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - begun


def measured(ours: Callable[[], object], theirs: Callable[[], object], rounds: int, times: int) -> tuple[float, float]:
    """Medians over rounds in turns: our processor time an answer in milliseconds, and theirs by ours."""
    pairs = [(seconds(ours, times), seconds(theirs, times)) for _ in range(rounds)]
    return statistics.median(own * 1000 / times for own, _ in pairs), statistics.median(
        other / own for own, other in pairs
    )


def own(service: str, operation: str, protocol: str, result: Mapping[str, Any]) -> Callable[[], object]:
    who = Identity(service=service, region="us-east-1", operation=operation, protocol=protocol)
    return lambda: answer(who, result)


def library(service: str, operation: str, protocol: str, result: Mapping[str, Any]) -> Callable[[], object]:
    model = get_service_model(service).operation_model(operation)
    kind = get_serializer_class(service, protocol)
    return lambda: kind(operation_model=model).serialize(result)


def refuses(work: Callable[[], object]) -> str:
    """Whether a member that AWS's model does not have ends the answer, so that a wrong service is found out."""
    with suppress(UnknownMemberError, KeyError, AttributeError):
        work()
        return "no"
    return "yes"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python bench/wire.py", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--times", type=int, default=200)
    chosen = parser.parse_args()
    table = Table(
        "answer of 100", "protocol", "own, ms", "moto.core : own", "own refuses", "moto.core refuses", box=None
    )
    for service, operation, protocol, result in ANSWERS:
        sides = own(service, operation, protocol, result), library(service, operation, protocol, result)
        wrong = {**result, "NoSuchMember": "x"}
        refused = [refuses(side(service, operation, protocol, wrong)) for side in (own, library)]
        own_ms, times = measured(*sides, chosen.rounds, chosen.times)
        table.add_row(f"{service} {operation}", protocol, f"{own_ms:.2f}", f"{times:.1f}", *refused)
    Console().print(table)


if __name__ == "__main__":
    main()
