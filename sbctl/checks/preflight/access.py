"""Whether the caller's credentials would still come when a region is lost. Read from settings: nothing is asked."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import Subject
from sbctl.core.aws.access import Link, Source
from sbctl.core.reading import Reading

CALLS: frozenset[str] = frozenset()
CHECK = "access"
NOUNS: dict[Source, str] = {
    "keys": "keys of an IAM user",
    "session-keys": "temporary keys",
    "assume-role": "a role that STS gives",
    "web-identity": "a role that STS gives for a token",
    "sso": "a sign-in with IAM Identity Center",
    "login": "a sign-in with the AWS CLI",
    "process": "a program (credential_process)",
    "container": "the role of this container",
    "machine": "the role of this machine",
    "none": "nothing that gives credentials",
}
SIGN_INS = frozenset({"sso", "login"})
HERE = frozenset({"container", "machine"})
STS = frozenset({"assume-role", "web-identity"})
GLOBAL_STS = "Set sts_regional_endpoints = regional, and no endpoint of one region, for this profile."


def check_access(on: Subject) -> Iterator[Reading]:
    """A reading a link, from what signs requests to what stands behind it."""
    for link in on.access:
        yield on.say(CHECK, _found(on, link), link.subject, link.region)


def _found(on: Subject, link: Link) -> Found:
    told = NOUNS[link.source] + (f" ({link.detail})" if link.detail else "") + _until(on, link)
    if not link.known:
        return Found(link.source, "unknown", f"{told}: {_unknown(link)}", _glass(on))
    if on.may_be_lost(link.region):
        where = "runs in" if link.source in HERE else "comes from"
        detail = f"{told}: it {where} {link.region}, and none comes when {link.region} is lost"
        fix = f"{GLOBAL_STS} {_glass(on)}" if link.source in STS else _glass(on)
        return Found(link.source, "bad", detail, fix)
    if link.source == "sso" and (link.until is None or on.ended(link.until)):
        return Found(link.source, "bad", f"{told}: there is no sign-in that holds", "Sign in: aws sso login")
    return Found(link.source, "ok", f"{told}: {_independent(link)}")


def _until(on: Subject, link: Link) -> str:
    if link.until is None:
        return ""
    ended = "ended" if on.ended(link.until) else "until"
    return f", {ended} {link.until:%Y-%m-%d %H:%M} UTC"


def _unknown(link: Link) -> str:
    if link.source in HERE:
        return "the settings do not say in which region that is"
    if link.source == "process":
        return "only its author knows on which region it depends"
    return "the settings do not say on which region it depends"


def _independent(link: Link) -> str:
    if link.source in STS and not link.region:
        return "STS is asked in the region of the call"
    if link.region:
        return f"it depends on {link.region}, whose loss is no reason for this failover"
    return "no region is needed"


def _glass(on: Subject) -> str:
    target = on.targets[-1].region
    return (
        "Keep a break-glass profile that needs no region that may be lost (docs/how-to/break-glass.md), and test it with"
        f" doctor --to {target}."
    )
