"""Whether each region takes the credentials, and whether they are of the right account. STS is asked in the region itself."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.checks.measuring import Found
from sbctl.checks.preflight.subject import SIGN_IN, Subject
from sbctl.core.problem import AwsError, unknown_caller
from sbctl.core.reading import Reading

CALLS = frozenset({"sts:GetCallerIdentity"})
CHECK = "credentials"


def check_caller(on: Subject) -> Iterator[Reading]:
    """A reading a region."""
    for region in on.targets:
        yield _in_region(on, region.region)


def _in_region(on: Subject, region: str) -> Reading:
    try:
        answer = on.aws.call("sts", "GetCallerIdentity", region)
    except AwsError as error:
        if error.denied:
            what, fix = unknown_caller(error) or (f"{error.code}: {error.message}", SIGN_IN)
            return on.say(CHECK, Found(None, "bad", what, fix), region=region)
        return on.refused(CHECK, error, region=region)
    account, who = str(answer["Account"]), str(answer["Arn"])
    if account != on.project.account:
        detail = f"they are of account {account}, and the config names {on.project.account}"
        found = Found(account, "bad", detail, "Use --profile with credentials of the configured account.")
        return on.say(CHECK, found, region=region)
    return on.say(CHECK, Found(account, "ok", who), region=region)
