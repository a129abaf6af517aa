"""Whether each standby may carry what the primary may: quotas that callers would meet after a failover."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.checks import quotas
from sbctl.checks.lag.measuring import Found, not_let
from sbctl.checks.preflight.subject import POLICY, Subject
from sbctl.checks.quotas import Allowed, allowed, increase
from sbctl.core.reading import Reading

CALLS = quotas.CALLS
CHECK = "quota"


def check_standby(on: Subject) -> Iterator[Reading]:
    """A reading a quota and standby. What AWS tells in neither region cannot be compared, and is left out."""
    primary = on.project.primary.region
    standbys = [region.region for region in on.targets if region.region != primary]
    if not standbys:
        return
    reference = {one.quota: one for one in allowed(on.aws, primary, _instance(on, primary), on.quotas)}
    for region in standbys:
        for here in allowed(on.aws, region, _instance(on, region), on.quotas):
            there = reference.get(here.quota)
            if there is not None and (here.told or there.told):
                yield on.say(CHECK, _found(on, here, there), here.quota.name, region)


def _instance(on: Subject, region: str) -> str:
    record = on.state.get(on.project.instance(region))
    return str(record.ids.get("arn") or record.outputs.get("arn", "")) if record else ""


def _found(on: Subject, here: Allowed, there: Allowed) -> Found:
    unasked = [not_let(one.error, POLICY) for one in (here, there) if one.error is not None]
    for found in unasked:
        if found is not None:
            return found
    if here.value is None:
        return Found(
            None, "unknown", _unknown(here), f"Look at Service Quotas in {here.region}, then run sbctl doctor again."
        )
    if there.value is None:
        detail = f"{here.value:g} here; {_unknown(there)}"
        return Found(here.value, "unknown", detail, f"Run sbctl doctor again when {there.region} answers.")
    if here.value >= there.value:
        return Found(here.value, "ok", f"{here.value:g}, in {there.region} {there.value:g}")
    detail = f"{here.value:g}, and in {there.region} {there.value:g}: callers would be refused after a failover"
    return Found(here.value, "bad", detail, increase(here.quota, here.region, _instance(on, here.region), there.value))


def _unknown(one: Allowed) -> str:
    return one.why if one.region in one.why else f"{one.region}: {one.why}"
