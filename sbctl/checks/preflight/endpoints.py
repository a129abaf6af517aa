"""Whether each region's health function answers, as Route 53 asks it; and its takeover function, whether its region took over."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import Subject
from sbctl.core.address import Ref
from sbctl.core.aws.error import TOO_MANY
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import Unknown
from sbctl.core.moving.takeover import PATH
from sbctl.core.reading import Reading

CALLS: frozenset[str] = frozenset()
"""Endpoints are asked over HTTP, as anybody may."""
HEALTH, TAKEOVER = "health-function", "takeover-function"


def check_endpoints(on: Subject) -> Iterator[Reading]:
    """A reading a region; and one more where others watch its takeover. The paths are those of the rules."""
    for desired in on.wanted("route53_health_check"):
        values = on.values(desired)
        region = _region(on, desired)
        host = values["fqdn"]
        again = not values["inverted"] and values["path"] == PATH  # asks what the inverted check of the region asks
        if isinstance(host, Unknown) or not on.served(region) or again:
            continue
        given = desired.values["fqdn"]
        subject = f"{on.project.name}-{given.address.name}" if isinstance(given, Ref) else str(host)
        if values["inverted"]:
            yield on.say(TAKEOVER, _takeover(on, str(host), region), subject, region)
        else:
            yield on.say(HEALTH, _health(on, str(host), str(values["path"]), region), subject, region)


def _region(on: Subject, desired: Desired) -> str:
    """The region that a check is of: its name ends with it."""
    codes = [region.region for region in on.project.regions]
    return next((code for code in codes if desired.address.name.endswith(code)), desired.address.name)


def _health(on: Subject, host: str, path: str, region: str) -> Found:
    answer = on.http.get(host, path)
    if not answer.status:
        return _silent(answer.failure, region)
    if 200 <= answer.status < 400:
        return Found(answer.status, "ok", f"HTTP {answer.status}")
    if answer.status == TOO_MANY:
        return _throttled(region)
    fix = f"Its log says which check failed: aws logs tail --region {region} /aws/lambda/{on.project.name}-health"
    return Found(answer.status, "bad", f"HTTP {answer.status} {answer.body}".strip(), fix)


def _takeover(on: Subject, host: str, region: str) -> Found:
    answer = on.http.get(host, PATH)
    if not answer.status:
        return _silent(answer.failure, region)
    said = {200: "the region has taken over", 404: "no takeover signal"}.get(answer.status)
    if said:
        return Found(answer.status, "ok", f"HTTP {answer.status}: {said}")
    if answer.status == TOO_MANY:
        return _throttled(region)
    fix = f"A failover to {region} would not move traffic. Redeploy the function: sbctl function apply --yes"
    return Found(answer.status, "bad", f"HTTP {answer.status} {answer.body}".strip(), fix)


def _throttled(region: str) -> Found:
    detail = "HTTP 429: Lambda throttles the function. The region is alive, and Route 53 takes 429 for a failure"
    fix = f'Look for a flood, or raise "reservedConcurrency" of the function in regions.json for {region}; then: sbctl deploy'
    return Found(TOO_MANY, "bad", detail, fix)


def _silent(failure: str, region: str) -> Found:
    detail = f"the endpoint of {region} does not answer: {failure}"
    return Found(None, "unknown", detail, f"Run sbctl doctor again when {region} answers.")
