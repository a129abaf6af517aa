"""Whether each region takes the credentials, and whether they are of the right account. STS is asked in the region itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sbctl.checks.lag.measuring import Found, not_let
from sbctl.checks.preflight.subject import POLICY, Subject
from sbctl.core.aws.error import AwsError
from sbctl.core.problem import Exit
from sbctl.core.reading import Reading

CALLS = frozenset({"sts:GetCallerIdentity"})
CHECK = "credentials"


def check_caller(on: Subject) -> Iterator[Reading]:
    """A reading a region. Where every region refuses the credentials, it is they that are no good."""
    found = [_in_region(on, region.region) for region in on.targets]
    nowhere = all(one.verdict == "bad" and one.value is None for one in found)
    yield from (one.model_copy(update={"exit": Exit.CREDENTIALS}) if nowhere else one for one in found)


def _in_region(on: Subject, region: str) -> Reading:
    try:
        answer = on.aws.call("sts", "GetCallerIdentity", region)
    except AwsError as error:
        refused = not_let(error, POLICY)
        if refused is not None and error.denied:
            return on.say(CHECK, replace(refused, verdict="bad"), region=region)
        return on.refused(CHECK, error, region=region)
    account, who = str(answer["Account"]), str(answer["Arn"])
    if account != on.project.account:
        detail = f"they are of account {account}, and the config names {on.project.account}"
        found = Found(account, "bad", detail, "Use --profile with credentials of the configured account.")
        return on.say(CHECK, found, region=region)
    return on.say(CHECK, Found(account, "ok", who), region=region)
