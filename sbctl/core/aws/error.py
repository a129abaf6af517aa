"""A failed call to AWS, and what its code says: silence, a caller who is not let in, something that does not exist."""

from __future__ import annotations

from typing import Any, Literal

from sbctl.core.aws.iam_actions import OTHER_NAMES

UNREADABLE = "Unreadable"
"""The code of an answer that came and makes no sense: a proxy's page, a cut or damaged body, a member that is missing."""
FORBIDDEN = 403
Waited = Literal["", "connection", "answer"]
TOO_MANY = 429


class AwsError(Exception):
    """A call to AWS that failed, translated once at the client.

    `code` is AWS's error code, or one of the client's own: `Unreachable` (no answer from the region),
    `Timeout` (the request may have taken effect), `Unreadable` (an answer that makes no sense), `NoCredentials`, `SignInNeeded`,
    `BadSettings` (of this machine) and `NotSent`. `members` holds further modelled fields. `waited` says for what
    a whole time-out has passed, `asked` that the region had a chance to answer: it has none before there are credentials.
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
        waited: Waited = "",
        asked: bool = True,
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
        self.waited = waited
        self.asked = asked

    @property
    def unreachable(self) -> bool:
        """Whether the region gave no answer that can be used, as opposed to an answer that says no."""
        return self.code in ("Unreachable", "Timeout", UNREADABLE)

    @property
    def throttled(self) -> bool:
        """Whether the service is there and was asked too often."""
        return self.status == TOO_MANY or self.code in THROTTLES

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
    def permissions(self) -> tuple[str, ...]:
        """The IAM actions that allow this call. Without ListBucket S3 says 403 of what is not there."""
        call = f"{self.service}:{self.operation}"
        return OTHER_NAMES.get(call, (call,))

    @property
    def missing(self) -> bool:
        """Whether AWS says that something does not exist: each service has its own words. A HEAD is answered by a bare 404."""
        return self.code == "404" or self.code.startswith("NoSuch") or self.code.endswith(_NOT_FOUND)

    @property
    def denied(self) -> bool:
        """Whether AWS does not know the caller, or does not allow this. S3 answers a HEAD with a bare 403."""
        bare = self.code in ("403", "Forbidden") or (self.status == FORBIDDEN and self.code == "Unknown")
        return bare or self.unknown_caller or self.code in ACCESS_CODES

    @property
    def unknown_caller(self) -> bool:
        """Whether AWS does not know who is asking, so that no policy would help. S3 answers a HEAD with a bare 400 then."""
        bare = self.operation.startswith("Head") and self.code in ("400", "Bad Request")
        return bare or self.code in UNKNOWN_CALLER_CODES


_NOT_FOUND = ("NotFound", "NotFoundException", "NotFoundFault", "NotFoundError")
THROTTLES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
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


NEVER_SENT = frozenset({"BadSettings", "NotSent", "ParamValidation", "NoRoom"})
"""Codes of calls that were not made."""
NOT_SIGNED = frozenset({"NoCredentials", "SignInNeeded"})
"""Codes of calls that were not made, since there are no credentials to sign them with."""
