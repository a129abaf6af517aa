"""The error answers of faults, in each service's own words: what it says when it fails, and when it is asked too often."""

from __future__ import annotations

from sbctl.sandbox.faults.fault import Fault
from sbctl.sandbox.rates import DEFAULT_THROTTLE, THROTTLES
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import Identity

FAILURES: dict[str, tuple[str, int]] = {
    "cloudwatch": ("InternalServiceError", 500),
    "connect": ("InternalServiceException", 500),
    "dynamodb": ("InternalServerError", 500),
    "dynamodbstreams": ("InternalServerError", 500),
    "events": ("InternalException", 500),
    "iam": ("ServiceFailure", 500),
    "kms": ("KMSInternalException", 500),
    "lambda": ("ServiceException", 500),
    "logs": ("ServiceUnavailableException", 503),
    "route53": ("ServiceUnavailable", 503),
    "s3": ("InternalError", 500),
    "secretsmanager": ("InternalServiceError", 500),
    "sns": ("InternalError", 500),
    "ssm": ("InternalServerError", 500),
}
"""How a service says that it failed. Route 53's and S3's are of all their operations and in no model
(https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)."""
DEFAULT_FAILURE = ("InternalFailure", 500)
UNAVAILABLE = ("ServiceUnavailable", 503)
"""https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"""


COMMON = {
    403: (
        "AccessDenied", "AccessDeniedException", "AuthFailure", "ExpiredToken", "ExpiredTokenException", "Forbidden",
        "IncompleteSignature", "InvalidAccessKeyId", "InvalidClientTokenId", "NotAuthorized", "OptInRequired",
        "RequestTimeTooSkewed", "SignatureDoesNotMatch", "UnrecognizedClientException",
    ),
    400: ("InvalidToken", "RequestExpired", "ValidationError", "ValidationException"),
}  # fmt: skip
"""Statuses of codes that every service gives and few models declare.
https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"""


def answer_of(who: Identity, fault: Fault) -> ApiError:
    """The error with which a fault answers a request."""
    message = f"Broken on purpose: {who.service}:{who.operation} in {who.region}, by {fault.kind} (fault {fault.id})."
    if fault.kind == "throttle":
        throttle = THROTTLES.get(who.service, DEFAULT_THROTTLE)
        return ApiError(throttle.code, throttle.message, throttle.status)
    if fault.kind == "control-plane":
        return ApiError(UNAVAILABLE[0], message, UNAVAILABLE[1])
    if fault.code:
        return ApiError(fault.code, message, _status(who, fault.code))
    code, status = FAILURES.get(who.service, DEFAULT_FAILURE)
    return ApiError(code, message, status)


def _status(who: Identity, code: str) -> int:
    """The HTTP status that the operation declares for this code, or that all services have; 500 for an unknown code."""
    known = models.error_shapes(who.service, who.operation) if who.service in models.known_services() else {}
    error = known[code].metadata.get("error", {}) if code in known else {}
    common = next((status for status, codes in COMMON.items() if code in codes), 500)
    return int(error.get("httpStatusCode", common))
