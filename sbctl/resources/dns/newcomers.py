"""The guard of a new layout: records use another check of a takeover only when it reads as those that they use already.

A takeover that is in force stays so, and one that nobody ordered does not come about: a new inverted check is unhealthy until it
has been looked at, and one that asks a function which does not answer proves nothing.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.dns.health_checks import GONE

SHARE = 0.18
"""Of the checkers: more of them make a check healthy."""
ANSWERED = ("200", "404")
"""What the function of a takeover answers when it has read the signal, taken over or not."""
PATIENCE_SECONDS = 120.0
MARGIN_SECONDS = 30.0
POLL_SECONDS = 10.0


def read_alike(aws: AwsCalls, region: str, before: set[str], after: set[str]) -> None:
    """Wait until the checks of takeovers that come read as those that were. Raises SbctlError when they do not in time."""
    coming = [check for check in sorted(after - before) if _watches(aws, region, check)]
    known = [check for check in sorted(before) if _watches(aws, region, check)] if coming else []
    if not known:
        return
    settling = max(_settling(aws, region, check) for check in coming)
    waited = alike = 0.0
    while alike <= settling:
        was, now = _taken(aws, region, known), _taken(aws, region, coming)
        if now is None or now != bool(was):
            if waited >= PATIENCE_SECONDS:
                raise SbctlError(_unlike(was, now, coming))
            alike = -POLL_SECONDS
        aws.wait(POLL_SECONDS, "the new takeover checks to read as the old ones do")
        waited += POLL_SECONDS
        alike += POLL_SECONDS


def _settling(aws: AwsCalls, region: str, check: str) -> float:
    """How long a check may still show the status of its beginning: its health turns after as many answers as its threshold."""
    config = aws.call("route53", "GetHealthCheck", region, HealthCheckId=check)["HealthCheck"]["HealthCheckConfig"]
    return float(config.get("RequestInterval", 30)) * int(config.get("FailureThreshold", 3)) + MARGIN_SECONDS


def _watches(aws: AwsCalls, region: str, check: str) -> bool:
    """Whether it is the inverted check of an endpoint: a takeover's."""
    found = call_or_none(aws, GONE, "route53", "GetHealthCheck", region, HealthCheckId=check)
    config = found["HealthCheck"]["HealthCheckConfig"] if found else {}
    return bool(config.get("Inverted")) and str(config.get("Type", "")).startswith("HTTP")


def _taken(aws: AwsCalls, region: str, checks: list[str]) -> bool | None:
    """Whether any of the checks sees a takeover; None while one of them has no answer that says so or not."""
    found = [_sees(aws, region, check) for check in checks]
    if any(found):
        return True
    return None if None in found else False


def _sees(aws: AwsCalls, region: str, check: str) -> bool | None:
    try:
        answer = aws.call("route53", "GetHealthCheckStatus", region, HealthCheckId=check)
    except AwsError:
        return None
    said = [str(one.get("StatusReport", {}).get("Status", "")) for one in answer["HealthCheckObservations"]]
    said = [one for one in said if one]
    if said and sum(one.startswith("Success") for one in said) / len(said) > SHARE:
        return True
    return False if any(status in one for one in said for status in ANSWERED) else None


def _unlike(was: bool | None, now: bool | None, coming: list[str]) -> Problem:
    words = {True: "taken over", False: "not taken over", None: "unknown"}
    return Problem(
        code="takeover-checks-differ",
        summary="The new takeover checks do not read as the old ones do",
        detail=f"old: {words[was]}; new ({', '.join(coming)}): {words[now]}. DNS keeps the old ones",
        fix="See whether the function takeover answers: sbctl doctor. Then run sbctl deploy again.",
        exit=Exit.PARTIAL,
    )
