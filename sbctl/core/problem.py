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


class SbctlError(Exception):
    """Carries one or more problems up to the command that reports them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.summary}: {p.detail}" if p.detail else p.summary for p in problems))
        self.problems = problems


class AwsError(Exception):
    """A call to AWS that failed, translated once at the door.

    `code` is AWS's error code, or one of the door's own: `Unreachable` (no answer from the region),
    `Timeout` (the request may have taken effect), `NoCredentials`. `members` holds further modelled fields.
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
        """Whether the region gave no answer, as opposed to an answer that says no."""
        return self.code in ("Unreachable", "Timeout")


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
    }
)


UNKNOWN_CALLER_CODES = ACCESS_CODES - {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
"""AWS does not know who is asking, so that no policy would help."""


def _admission(error: AwsError) -> str:
    """What lets this caller in."""
    if error.code == "NoCredentials":
        return "Name credentials: --profile, AWS_PROFILE, or AWS_ACCESS_KEY_ID with its secret. --sandbox needs none."
    if error.code.startswith("ExpiredToken"):
        return "Sign in again (`aws sso login`, or new session keys), then run the same command again."
    if error.code in UNKNOWN_CALLER_CODES:
        return "Check the keys of this profile, and this machine's clock; or choose another --profile."
    return (
        f"Allow {error.service}:{error.operation} to this caller, or choose another --profile. "
        "`sbctl iam-policy` writes the policies that sbctl needs."
    )


def from_aws(error: AwsError, at: str = "", fix: str = "") -> Problem:
    """The problem that a failed call amounts to."""
    where = f"{error.service}:{error.operation} in {error.region}"
    detail = f"{where} answered {error.code}: {error.message}".rstrip(": ")
    if error.request_id:
        detail += f" (request {error.request_id})"
    if error.unreachable:
        return Problem(
            code="region-unreachable",
            summary="Region does not answer",
            detail=f"{where}: {error.message}",
            at=at,
            fix=fix or "Run the same command again when the region answers; what is done is recorded.",
            exit=Exit.PARTIAL,
        )
    if error.code in ACCESS_CODES:
        return Problem(
            code="access-denied",
            summary="AWS refused the credentials or the permission",
            detail=detail,
            at=at,
            fix=fix or _admission(error),
            exit=Exit.CREDENTIALS,
        )
    return Problem(code="aws-error", summary="AWS refused the call", detail=detail, at=at, fix=fix)
