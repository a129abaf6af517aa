"""Whether each region's health function answers, as Route 53 asks it; and whether it can say that its region took over."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.checks.measuring import Found
from sbctl.checks.preflight.subject import Subject
from sbctl.core.address import Ref
from sbctl.core.reading import Reading
from sbctl.core.spec import Desired
from sbctl.core.takeover import PATH
from sbctl.core.tree import Unknown

CALLS: frozenset[str] = frozenset()
"""Endpoints are asked over HTTP, as anybody may."""
HEALTH, TAKEOVER = "health-function", "takeover-function"


def check_endpoints(on: Subject) -> Iterator[Reading]:
    """A reading a region; and one more where others watch its takeover. The paths are those of the rules."""
    for desired in on.wanted("route53_health_check"):
        values = on.values(desired)
        region = _region(desired)
        host = values["fqdn"]
        if isinstance(host, Unknown) or not on.served(region):
            continue
        given = desired.values["fqdn"]
        subject = f"{on.project.name}-{given.address.name}" if isinstance(given, Ref) else str(host)
        if values["inverted"]:
            yield on.say(TAKEOVER, _takeover(on, str(host), region), subject, region)
        else:
            yield on.say(HEALTH, _health(on, str(host), str(values["path"]), region), subject, region)


def _region(desired: Desired) -> str:
    return desired.address.name.removeprefix("takeover-")


def _health(on: Subject, host: str, path: str, region: str) -> Found:
    answer = on.http.get(host, path)
    if not answer.status:
        return _silent(answer.failure, region)
    if 200 <= answer.status < 400:
        return Found(answer.status, "ok", f"HTTP {answer.status}")
    fix = f"Its log says which check failed: aws logs tail --region {region} /aws/lambda/{on.project.name}-health"
    return Found(answer.status, "bad", f"HTTP {answer.status} {answer.body}".strip(), fix)


def _takeover(on: Subject, host: str, region: str) -> Found:
    answer = on.http.get(host, PATH)
    if not answer.status:
        return _silent(answer.failure, region)
    said = {200: "the region has taken over", 404: "no takeover signal"}.get(answer.status)
    if said:
        return Found(answer.status, "ok", f"HTTP {answer.status}: {said}")
    fix = f"A failover to {region} would not move traffic. Redeploy the function: sbctl function apply --yes"
    return Found(answer.status, "bad", f"HTTP {answer.status} {answer.body}".strip(), fix)


def _silent(failure: str, region: str) -> Found:
    detail = f"the endpoint of {region} does not answer: {failure}"
    return Found(None, "unknown", detail, f"Run sbctl doctor again when {region} answers.")
