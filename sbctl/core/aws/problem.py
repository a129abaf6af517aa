"""The problem that a failed call to AWS amounts to: its exit code, its cause, and the one remedy."""

from __future__ import annotations

from sbctl.core.aws.error import (
    EXPIRED,
    NEVER_SENT,
    NOT_SIGNED,
    SKEWED,
    UNREADABLE,
    AwsError,
)
from sbctl.core.problem import Exit, Problem


def _admission(error: AwsError) -> str:
    """What lets this caller in."""
    if error.code == "NoCredentials":
        return (
            "Name credentials (--profile, AWS_PROFILE, or AWS_ACCESS_KEY_ID with its secret), or correct what gives those of "
            "the profile: its program, role or token file. --sandbox needs none."
        )
    if error.code == "SignInNeeded":
        return "Sign in: aws sso login, then run the same command again."
    if error.code in EXPIRED:
        return "Sign in again (`aws sso login`, or new session keys), then run the same command again."
    if error.code in SKEWED or "Signature expired" in error.message or "not yet current" in error.message:
        return "Set this machine's clock: AWS takes signatures of the last fifteen minutes only."
    if error.not_enabled:
        return (
            f"Enable {error.region} for the account if it is an opt-in region (aws account enable-region --region-name "
            f"{error.region}), or check the keys of this profile; or choose another --profile."
        )
    if error.unknown_caller:
        return "Check the keys of this profile, and this machine's clock; or choose another --profile."
    return (
        f"Allow {' and '.join(error.permissions)} to this caller, or choose another --profile. "
        "`sbctl iam-policy` writes the policies that sbctl needs."
    )


def unknown_caller(error: AwsError) -> tuple[str, str] | None:
    """What to say, and to do, where AWS does not know who is asking: the same for every call. None for any other error."""
    if error.code in NOT_SIGNED:
        return f"{_NO_CREDENTIALS}: {error.message}", _admission(error)
    if not error.unknown_caller:
        return None
    where = f" in {error.region}" if error.not_enabled else ""
    return f"AWS refused the credentials{where}: {_as_one(error.code)}", _admission(error)


def _as_one(code: str) -> str:
    """Services have names of their own for the same: it is one cause."""
    return "ExpiredToken" if code in EXPIRED else "RequestTimeTooSkewed" if code in SKEWED else code


_AS_AWS_SAYS = "Correct what AWS names, then run the same command again; it goes on where it stopped."
_LOOK_AT_THE_WAY = (
    "Correct the way to AWS (HTTPS_PROXY, NO_PROXY, --endpoint-url, AWS_ENDPOINT_URL), then run the same command again."
)
OTHERS = "was not AWS that answered"
"""In the message of an error: a page or a redirect came in place of AWS's answer."""


_NO_CREDENTIALS = "No credentials to ask AWS with"


SILENT_REGION = "Region does not answer"
"""The summary of what a call to a silent region amounts to."""
SILENT_SERVICE = "A service does not answer"
"""The same where the region has answered for other services."""
NOT_ENABLED = "not enabled"
"""Begins the cause of problems with a region that the account may not have enabled."""


def _shared_cause(error: AwsError) -> str:
    """An unknown caller is unknown everywhere; in one region alone, that region may be the cause."""
    if error.not_enabled:
        return f"{NOT_ENABLED} {error.region}"
    return _as_one(error.code) if error.unknown_caller else f"{error.service}:{error.operation}"


def _when_it_answers(error: AwsError) -> str:
    if "proxy" in error.message:
        return "Correct the proxy (HTTPS_PROXY, NO_PROXY), then run the same command again; what is done is recorded."
    return "Run the same command again when the region answers; what is done is recorded."


def from_aws(error: AwsError, at: str = "", fix: str = "") -> Problem:
    """The problem that a failed call amounts to."""
    where = f"{error.service}{':' if error.operation else ''}{error.operation} in {error.region}"
    at = at or where
    detail = f"{where} answered {error.code}: {error.message}".rstrip(": ")
    if error.request_id:
        detail += f" (request {error.request_id})"
    if error.unreachable:
        return Problem(
            code="region-unreachable",
            summary="An answer makes no sense" if error.code == UNREADABLE else SILENT_REGION,
            detail=f"{where}: {error.message}",
            at=at,
            fix=fix or _when_it_answers(error),
            exit=Exit.PARTIAL,
            cause=error.region,
        )
    if error.code == "ParamValidation":
        return Problem(
            code="aws-error",
            summary="A value is none that AWS takes",
            detail=f"{where}: {' '.join(error.message.split())}; nothing was sent",
            at=at,
            fix=fix
            or "Correct the value in the config, then run the same command again. `sbctl explain` shows where it is from.",
        )
    if error.code == "NoRoom":
        return Problem(
            code="aws-error",
            summary="This machine cannot make another connection",
            detail=f"{where}: {error.message}; nothing was sent",
            at=at,
            fix=fix or "End other programs, or raise the limits (ulimit -n), then run the same command again.",
            cause=error.code,
        )
    if error.code in NEVER_SENT:
        return Problem(
            code="aws-settings",
            summary="Nothing could be asked of AWS",
            detail=f"{where}: {error.message}",
            at=at,
            fix=fix
            or "Correct this machine's AWS settings (~/.aws/config, variables AWS_*, --profile, --endpoint-url).",
            exit=Exit.USAGE,
            cause=error.message,
        )
    if error.denied:
        unsigned = error.code in NOT_SIGNED
        return Problem(
            code="access-denied",
            summary=_NO_CREDENTIALS if unsigned else "AWS refused the credentials or the permission",
            detail=f"{where}: {error.message}; nothing was sent" if unsigned else detail,
            at=at,
            fix=fix or _admission(error),
            exit=Exit.CREDENTIALS,
            cause=_shared_cause(error),
        )
    if OTHERS in error.message:
        summary, fix = "Something else than AWS answered", fix or _LOOK_AT_THE_WAY
    else:
        summary, fix = "AWS refused the call", fix or _AS_AWS_SAYS
    return Problem(code="aws-error", summary=summary, detail=detail, at=at, fix=fix)
