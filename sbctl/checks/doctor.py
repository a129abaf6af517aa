"""All of `doctor`: what a failover needs, looked at side by side, so that a silent region costs one patience and not ten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from sbctl.checks.preflight import (
    access,
    answers,
    caller,
    endpoints,
    flow_tests,
    health_checks,
    kit,
    objective,
    permission,
    records,
    residency,
    settled,
    standby,
    tables,
)
from sbctl.checks.preflight.subject import Subject
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.odd_answers import OUTSIDE, nonsense
from sbctl.core.reading import Reading

Check = Callable[[Subject], Iterator[Reading]]
CHECKS: tuple[Check, ...] = (
    caller.check_caller,
    access.check_access,
    permission.check_permissions,
    objective.check_planes,
    health_checks.check_health_checks,
    settled.check_settled,
    records.check_records,
    answers.check_answers,
    endpoints.check_endpoints,
    kit.check_kit,
    standby.check_standby,
    residency.check_residency,
    tables.check_tables,
    flow_tests.check_flow_tests,
)
"""In the order in which they are shown."""
CALLS: frozenset[str] = frozenset().union(
    *(
        module.CALLS
        for module in (
            access, answers, caller, endpoints, health_checks, kit, objective, permission, records, residency, settled,
            standby, tables,
        )
    )
)  # fmt: skip


def examine(on: Subject) -> tuple[Reading, ...]:
    """Every reading, check by check; last the worst case, with the TTLs that were found."""
    with ThreadPoolExecutor(len(CHECKS), thread_name_prefix="doctor") as pool:
        found = [reading for part in pool.map(lambda check: _made(check, on), CHECKS) for reading in part]
    ttls = [int(one.value) for one in found if one.check == records.TTL and isinstance(one.value, int | float)]
    return (*found, *objective.check_objective(on, ttls))


def _made(check: Check, on: Subject) -> list[Reading]:
    """The readings of a check; one that an odd answer ends is unknown, and leaves the others."""
    name = check.__module__.rpartition(".")[2].replace("_", "-")
    try:
        return list(check(on))
    except AwsError as error:
        return [on.refused(name, error)]
    except OUTSIDE as error:
        return [on.refused(name, nonsense(error, name, ("", check.__name__, on.targets[0].region)))]
