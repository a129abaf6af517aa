"""Whether the caller may do what a failover does. IAM is asked; nothing is tried, since trying would be doing.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import PermissionAsked, Subject
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import pages
from sbctl.core.problem import Exit
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.core.reading import Reading
from sbctl.core.text.counted import counted

CALLS = frozenset({"iam:GetRole", "iam:SimulatePrincipalPolicy", "sts:GetCallerIdentity"})
CHECK = "permission"
_SESSION = re.compile(r"^arn:aws:sts::(\d+):assumed-role/([^/]+)/")
_USER = re.compile(r"^arn:aws:(?:iam|sts)::(\d+):user/(.+)$")
ROOT = ":root"


def check_permissions(on: Subject) -> Iterator[Reading]:
    """A reading an action."""
    try:
        who = _principal(on)
    except AwsError as error:
        yield from (on.refused(CHECK, error, asked.action) for asked in on.permissions)
        return
    for asked in on.permissions:
        yield _one(on, who, asked)


def _principal(on: Subject) -> str:
    """The ARN whose policies count; "" for the root user, who may do everything. Asked where an answer comes from."""
    # First where IAM is not: when its region hangs, that costs one time-out and not two.
    *others, last = sorted((one.region for one in on.targets), key=lambda region: region == HOME_OF_GLOBAL_SERVICES)
    arn = ""
    for region in others:
        try:
            arn = str(on.aws.call("sts", "GetCallerIdentity", region)["Arn"])
            break
        except AwsError as error:
            if not error.regional:
                raise
    arn = arn or str(on.aws.call("sts", "GetCallerIdentity", last)["Arn"])
    if arn.endswith(ROOT):
        return ""
    session, user = _SESSION.match(arn), _USER.match(arn)
    if session:
        return _role(on, account=session[1], name=session[2])
    return f"arn:aws:iam::{user[1]}:user/{user[2]}" if user else arn


def _role(on: Subject, *, account: str, name: str) -> str:
    """A session's ARN lacks the path of its role. Who may not read the role most likely has one without a path."""
    try:
        return str(on.aws.call("iam", "GetRole", HOME_OF_GLOBAL_SERVICES, RoleName=name)["Role"]["Arn"])
    except AwsError as error:
        if not error.denied:
            raise
        return f"arn:aws:iam::{account}:role/{name}"


def _one(on: Subject, who: str, asked: PermissionAsked) -> Reading:
    if not who:
        return on.say(CHECK, Found("allowed", "ok", "the root user may do everything"), asked.action)
    try:
        results = _simulated(on, who, asked)
    except AwsError as error:
        return on.refused(CHECK, error, asked.action)
    denied = [str(one.get("EvalResourceName", "*")) for one in results if one["EvalDecision"] != "allowed"]
    if not results:
        found = Found(None, "unknown", "IAM did not say", "Run sbctl doctor again.")
    elif denied and asked.spares:
        detail = f"{who} may not: plan, drift and parity read {asked.spares} one by one, which is slower"
        fix = "sbctl iam-policy --for plan writes the policy that allows it."
        found = Found("denied", "late", detail, fix, Exit.DONE)
    elif denied:
        fix = "sbctl iam-policy --for failover writes the policy; attach it while IAM's API answers."
        found = Found("denied", "bad", f"{who} may not on {', '.join(denied)}", fix)
    else:
        found = Found("allowed", "ok", f"on {counted(len(asked.resources), 'resource')}, as IAM simulates it")
    return on.say(CHECK, found, asked.action)


def _simulated(on: Subject, who: str, asked: PermissionAsked) -> list[Mapping[str, Any]]:
    """What IAM says of each resource: one denial on the last page is a denial."""
    rows = pages(
        on.aws,
        "iam",
        "SimulatePrincipalPolicy",
        HOME_OF_GLOBAL_SERVICES,
        "EvaluationResults",
        ("Marker", "Marker"),
        PolicySourceArn=who,
        ActionNames=[asked.action],
        ResourceArns=[*asked.resources],
        ContextEntries=[_entry(key, values) for key, values in asked.context.items()],
    )
    return list(rows)


def _entry(key: str, values: Any) -> dict[str, Any]:
    return {"ContextKeyName": key, "ContextKeyValues": [*values], "ContextKeyType": "stringList"}
