"""Problems: what went wrong, where, and what to do about it. Every message a user sees about a failure is one of these.

The summary is fixed text, so that people learn to recognise it; what varies goes into `detail`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class Exit(IntEnum):
    """Process exit codes; a promise to scripts (docs/reference/exit-codes.md)."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    DIFFERENCES = 3
    PARTIAL = 4
    LOCKED = 5
    STALE = 6
    REFUSED = 7
    NOT_HELD = 8
    CREDENTIALS = 9
    INTERRUPTED = 130


EXITS: dict[Exit, tuple[str, str]] = {
    Exit.DONE: ("done", ""),
    Exit.FAILED: ("failed", "Each problem on stderr says why and what to do."),
    Exit.USAGE: ("wrong usage or config", "Nothing was called. Every problem has a file and line; correct them all."),
    Exit.DIFFERENCES: ("differences found", "Only with --exit-code: what is deployed is not what the config says."),
    Exit.PARTIAL: ("partly done", "Run the same command again; it goes on where it stopped."),
    Exit.LOCKED: ("the state is locked", "The holder is named; wait for it, or free a dead one: sbctl state unlock."),
    Exit.STALE: ("the plan is stale", "Something moved since the plan was made; make a new one and look at it again."),
    Exit.REFUSED: ("refused by a guard", "The problem names the guard and the option that allows it."),
    Exit.NOT_HELD: ("a check or drill did not hold", "The report says which value missed which objective."),
    Exit.CREDENTIALS: (
        "credentials or permission",
        "Look at the profile and account; the missing permission is named.",
    ),
    Exit.INTERRUPTED: ("interrupted", "What was begun is recorded; run the same command again."),
}
"""What each exit code means, and what to do about it."""


class Problem(BaseModel):
    """One thing that is wrong.

    `code` is a stable slug; `at` is an address or `file:line`; `fix` says what to do, a command where there is one. With the
    exit DONE it is a note: worth knowing, and no failure.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    summary: str
    detail: str = ""
    at: str = ""
    fix: str = ""
    exit: Exit = Exit.FAILED
    cause: str = ""
    """The same for problems that have one cause: they are told once, with their number. "" for a problem of its own."""

    def as_json(self) -> dict[str, str]:
        """The form promised in JSON output."""
        return {"code": self.code, "summary": self.summary, "detail": self.detail, "at": self.at, "fix": self.fix}


# When several problems meet in one run, the first code of this order that occurs becomes the exit code.
_WORST_FIRST = (
    Exit.INTERRUPTED,
    Exit.LOCKED,
    Exit.CREDENTIALS,
    Exit.STALE,
    Exit.REFUSED,
    Exit.USAGE,
    Exit.PARTIAL,
    Exit.FAILED,
    Exit.NOT_HELD,
    Exit.DIFFERENCES,
)


def worst(problems: Iterable[Problem]) -> Exit:
    """The exit code for a set of problems; DONE when there are none."""
    found = {problem.exit for problem in problems}
    return next((code for code in _WORST_FIRST if code in found), Exit.DONE)


PLACES_SHOWN = 3


def merged(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems with those of one cause told once: the first of them, with how many there are and where."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for number, problem in enumerate(problems):
        found.setdefault((problem.code, problem.cause or f"its own {number}"), []).append(problem)
    return tuple(_told_once(same) for same in found.values())


def _told_once(same: list[Problem]) -> Problem:
    first, *others = same
    places = list(dict.fromkeys(problem.at for problem in others if problem.at != first.at))
    if not others:
        return first
    where = ", ".join(places[:PLACES_SHOWN]) + (", …" if len(places) > PLACES_SHOWN else "")
    more = f"the same {len(others)} more time{'s' if len(others) > 1 else ''}" + (f", at {where}" if where else "")
    return first.model_copy(update={"detail": f"{first.detail}; {more}" if first.detail else more})


class SbctlError(Exception):
    """Carries one or more problems up to the command that reports them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.summary}: {p.detail}" if p.detail else p.summary for p in problems))
        self.problems = problems


UNREADABLE = "Unreadable"
"""The code of an answer that came and makes no sense: a proxy's page, a cut or damaged body, a member that is missing."""
FORBIDDEN = 403


class AwsError(Exception):
    """A call to AWS that failed, translated once at the door.

    `code` is AWS's error code, or one of the door's own: `Unreachable` (no answer from the region),
    `Timeout` (the request may have taken effect), `Unreadable` (an answer that makes no sense), `NoCredentials`, `SignInNeeded`,
    `BadSettings` (of this machine) and `NotSent`. `members` holds further modelled fields.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        service: str = "",
        operation: str = "",
        region: str = "",
        status: int = 0,
        request_id: str = "",
        members: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{service}:{operation} in {region}: {code}: {message}")
        self.code = code
        self.message = message
        self.service = service
        self.operation = operation
        self.region = region
        self.status = status
        self.request_id = request_id
        self.members = members or {}

    @property
    def unreachable(self) -> bool:
        """Whether the region gave no answer that can be used, as opposed to an answer that says no."""
        return self.code in ("Unreachable", "Timeout", UNREADABLE)

    @property
    def in_doubt(self) -> bool:
        """Whether the request may have taken effect all the same."""
        return self.code in ("Timeout", UNREADABLE)

    @property
    def not_enabled(self) -> bool:
        """Whether it is what a region answers that the account has not enabled; a key that is no good answers the same."""
        return self.code in OPT_IN

    @property
    def regional(self) -> bool:
        """Whether another region may answer all the same: this one is silent, or may not be enabled."""
        return self.unreachable or self.not_enabled

    @property
    def missing(self) -> bool:
        """Whether AWS says that something does not exist: each service has its own words. A HEAD is answered by a bare 404."""
        return self.code == "404" or self.code.startswith("NoSuch") or self.code.endswith(_NOT_FOUND)

    @property
    def denied(self) -> bool:
        """Whether AWS does not know the caller, or does not allow this. S3 answers a HEAD with a bare 403."""
        bare = self.code in ("403", "Forbidden") or (self.status == FORBIDDEN and self.code == "Unknown")
        return bare or self.code in ACCESS_CODES


_NOT_FOUND = ("NotFound", "NotFoundException", "NotFoundFault", "NotFoundError")
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"})
SKEWED = frozenset({"RequestTimeTooSkewed", "RequestExpired", "InvalidSignatureTime"})
"""AWS takes a signature for a quarter of an hour. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html"""
OPT_IN = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "OptInRequired", "AuthFailure"})
"""Also what a region answers that the account has not enabled.
https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"""
ACCESS_CODES = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "NoCredentials",
        "SignInNeeded",
        "InvalidAccessKeyId",
        "InvalidToken",
        "TokenRefreshRequired",
        "AuthFailure",
        "NotAuthorized",
        "AuthorizationError",
        "AuthorizationErrorException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "OptInRequired",
        "AllAccessDisabled",
        "InvalidPayer",
        *EXPIRED,
        *SKEWED,
    }
)


UNKNOWN_CALLER_CODES = ACCESS_CODES - {
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AuthorizationErrorException",
    "NotAuthorized",
    "AllAccessDisabled",
}
"""AWS does not know who is asking, so that no policy would help."""


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


NEVER_SENT = frozenset({"BadSettings", "NotSent", "ParamValidation", "NoRoom"})
"""Codes of calls that were not made."""
NOT_SIGNED = frozenset({"NoCredentials", "SignInNeeded"})
"""Codes of calls that were not made, since there are no credentials to sign them with."""
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
