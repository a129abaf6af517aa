"""The problem that a failed call to AWS amounts to: its exit code, its cause, and the one remedy."""

from __future__ import annotations

from sbctl.core.aws_error import (
    EXPIRED,
    NEVER_SENT,
    NOT_SIGNED,
    SKEWED,
    UNKNOWN_CALLER_CODES,
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
        return "Sign in: aws sso login --profile NAME (without --profile for the default one), then run the same command again."
    if error.code in EXPIRED:
        return "Sign in again (`aws sso login`, or new session keys), then run the same command again."
    if error.code in SKEWED or "Signature expired" in error.message or "not yet current" in error.message:
        return "Set this machine's clock: AWS takes signatures of the last fifteen minutes only."
    if error.not_enabled:
        return (
            f"Enable {error.region} for the account if it is an opt-in region (aws account enable-region --region-name "
            f"{error.region}), or check the keys of this profile; or choose another --profile."
        )
    if error.code in UNKNOWN_CALLER_CODES:
        return "Check the keys of this profile, and this machine's clock; or choose another --profile."
    return (
        f"Allow {error.service}:{error.operation} to this caller, or choose another --profile. "
        "`sbctl iam-policy` writes the policies that sbctl needs."
    )


def unknown_caller(error: AwsError) -> tuple[str, str] | None:
    """What to say, and to do, where AWS does not know who is asking: the same for every call. None for any other error."""
    if error.code in NOT_SIGNED:
        return f"{_NO_CREDENTIALS}: {error.message}", _admission(error)
    if error.code not in UNKNOWN_CALLER_CODES:
        return None
    where = f" in {error.region}" if error.not_enabled else ""
    return f"AWS refused the credentials{where}: {error.code}", _admission(error)


_AS_AWS_SAYS = "Put right what AWS names, then run the same command again; it goes on where it stopped."


_NO_CREDENTIALS = "No credentials to ask AWS with"


NOT_ENABLED = "not enabled"
"""Begins the cause of problems with a region that the account may not have enabled."""


def _shared_cause(error: AwsError) -> str:
    """An unknown caller is unknown everywhere; in one region alone, that region may be the cause."""
    if error.not_enabled:
        return f"{NOT_ENABLED} {error.region}"
    return error.code if error.code in UNKNOWN_CALLER_CODES else f"{error.service}:{error.operation}"


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
            summary="An answer makes no sense" if error.code == UNREADABLE else "Region does not answer",
            detail=f"{where}: {error.message}",
            at=at,
            fix=fix or "Run the same command again when the region answers; what is done is recorded.",
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
    return Problem(code="aws-error", summary="AWS refused the call", detail=detail, at=at, fix=fix or _AS_AWS_SAYS)
