"""Whether the health checks have settled, and how they stand, by what Route 53's checkers last saw.

A check is healthy while more than 18 % of the checkers say so; GetHealthCheckStatus lists them and does not add them up.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import Subject
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.spec import Desired
from sbctl.core.moving.takeover import PATH
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.core.reading import Reading

CALLS = frozenset({"route53:GetHealthCheckStatus"})
CHECK = "health-status"
SHARE = 0.18


def check_settled(on: Subject) -> Iterator[Reading]:
    """A reading a check of an endpoint; calculated checks have no observations of their own."""
    for desired in on.wanted("route53_health_check"):
        if on.id_of(desired):  # what is missing has its own finding
            yield _one(on, desired)


def _one(on: Subject, desired: Desired) -> Reading:
    subject = str(desired.address)
    ask = {"HealthCheckId": on.id_of(desired)}
    try:
        answer = on.aws.call("route53", "GetHealthCheckStatus", HOME_OF_GLOBAL_SERVICES, **ask)
    except AwsError as error:
        return on.refused(CHECK, error, subject)
    seen = [str(one.get("StatusReport", {}).get("Status", "")) for one in answer["HealthCheckObservations"]]
    of_takeover = on.values(desired).get("path") == PATH
    return on.say(CHECK, _found([one for one in seen if one], of_takeover=of_takeover), subject, unit="%")


def _found(seen: Sequence[str], *, of_takeover: bool) -> Found:
    if not seen:
        fix = "Wait some minutes after a deploy; then run sbctl doctor again."
        return Found(None, "unknown", "no checker has reported yet", fix)
    good = sum(one.startswith("Success") for one in seen)
    share: Any = round(100 * good / len(seen), 1)
    told = f"{good} of {len(seen)} checkers get a good answer"
    healthy = good / len(seen) > SHARE
    if of_takeover:  # asks whether the region has taken over; a good answer is a signal
        return Found(share, "ok", f"{told}: the region has taken over" if healthy else f"{told}: no takeover signal")
    if healthy:
        return Found(share, "ok", told)
    worst = next(one for one in seen if not one.startswith("Success"))
    return Found(share, "bad", f"{told}: {worst}", "Look at the health function of the region: sbctl status")
