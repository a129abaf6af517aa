"""What an exception means that is no answer of AWS: nobody answered, the answer is unreadable, or nothing could be asked.

Each is one of the client's own codes (core/problem.py). What cannot have reached AWS is never told as AWS's refusal.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from urllib.parse import urlsplit

from botocore import exceptions as boto

from sbctl.core.aws.error import UNREADABLE

UNREACHED = (boto.ConnectTimeoutError, boto.EndpointConnectionError, boto.ProxyConnectionError, boto.SSLError)
CUT = (
    boto.ReadTimeoutError,
    boto.ConnectionClosedError,
    boto.IncompleteReadError,
    boto.ResponseStreamingError,
    boto.HTTPClientError,
)
DAMAGED = (boto.ChecksumError, boto.FlexibleChecksumError)
SIGN_IN = (
    boto.SSOError,
    boto.UnauthorizedSSOTokenError,
    boto.SSOTokenLoadError,
    boto.TokenRetrievalError,
    boto.LoginError,
)
UNKNOWN_CALLER = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.RefreshWithMFAUnsupportedError,
    boto.MetadataRetrievalError,
    boto.NoAuthTokenError,
    boto.InfiniteLoopConfigError,
    boto.UnknownCredentialError,
    EOFError,
)
SETTINGS = (
    boto.ProfileNotFound,
    boto.ConfigNotFound,
    boto.ConfigParseError,
    boto.InvalidConfigError,
    boto.NoRegionError,
    boto.InvalidRegionError,
    boto.InvalidDefaultsMode,
    boto.InvalidEndpointConfigurationError,
    boto.InvalidRetryConfigurationError,
    boto.InvalidRetryModeError,
    boto.InvalidMaxRetryAttemptsError,
    boto.InvalidSTSRegionalEndpointsConfigError,
    boto.InvalidS3UsEast1RegionalEndpointConfigError,
    boto.InvalidS3AddressingStyleError,
    boto.InvalidProxiesConfigError,
    boto.InvalidIMDSEndpointError,
    boto.InvalidIMDSEndpointModeError,
    boto.EndpointVariantError,
)


NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM})
"""What this machine has no more of: file handles, ports, memory."""
OF_THE_REQUEST = (ValueError, TypeError, OverflowError, FileNotFoundError, PermissionError, IsADirectoryError)
"""What the HTTP client fails with before it sends: a URL, a header, or a file of certificates that is none."""
LINKS = 8
"""How far an error is followed to what it began with."""
THE_ENDPOINT = "the endpoint"
"""In a meaning: its host takes this place, so that one that is not AWS's is seen."""
NO_ENDPOINT = ("Invalid endpoint", "Invalid IPv6 URL")
"""How botocore, and the standard library below it, refuse an endpoint's URL before anything is sent."""
SAID = ""
"""Of a meaning: the exception's own words."""
MEANINGS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str], ...] = (
    (
        boto.ProxyConnectionError,
        "Unreachable",
        "the proxy does not answer; the variables HTTPS_PROXY and NO_PROXY name it",
    ),
    (
        boto.SSLError,
        "Unreachable",
        "no trusted connection to the endpoint: its certificate was not accepted; AWS_CA_BUNDLE names those to trust",
    ),
    (UNREACHED, "Unreachable", f"{THE_ENDPOINT} does not answer"),
    (CUT, "Timeout", "no answer in time; the request may have taken effect"),
    (SIGN_IN, "SignInNeeded", SAID),
    (EOFError, "NoCredentials", "the profile asks for an MFA code, and this is not a terminal"),
    (UNKNOWN_CALLER, "NoCredentials", SAID),
    (SETTINGS, "BadSettings", SAID),
    (DAMAGED, UNREADABLE, "the answer was damaged on its way: it does not have the checksum that came with it"),
    (boto.ParamValidationError, "ParamValidation", SAID),
    (boto.BotoCoreError, "NotSent", SAID),
    (OSError, "BadSettings", SAID),
)
"""By exception, the first that fits; each with a code and what to say of it."""


def meaning(error: Exception) -> tuple[str, str]:
    """The code, and what to say of it."""
    said = str(error) or type(error).__name__
    if isinstance(error, ValueError) and said.startswith(NO_ENDPOINT):
        return "BadSettings", said
    first = _never_sent(error)
    if first is not None:
        return first
    for kinds, code, text in MEANINGS:
        if isinstance(error, kinds):
            return code, text.replace(THE_ENDPOINT, host_of(error) or THE_ENDPOINT) or said
    return (
        UNREADABLE,
        f"the answer cannot be read ({type(error).__name__}: {said[:200]}); the request may have taken effect",
    )


def host_of(error: Exception) -> str:
    """The host and port that did not answer, without whatever else the URL holds; "" where it is not said."""
    url = str(getattr(error, "kwargs", {}).get("endpoint_url") or "")
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _never_sent(error: Exception) -> tuple[str, str] | None:
    """What kept a request from being sent, where the HTTP client says it in the words of what it is made of; else None."""
    for one in _behind(error):
        if isinstance(one, OSError) and one.errno in NO_ROOM:
            return "NoRoom", f"this machine could not open a connection: {one}"
    inner = error.kwargs.get("error") if isinstance(error, boto.HTTPClientError) else None
    if type(error) is not boto.HTTPClientError or not isinstance(inner, OF_THE_REQUEST):
        return None
    if "header" in str(inner).lower():  # whose value must not be told
        return "BadSettings", "the keys or the session token hold what no header takes, such as a line break"
    return "BadSettings", f"no request can be made: {inner}"


def _behind(error: BaseException) -> Iterator[BaseException]:
    """An error, and those that it came of."""
    found: BaseException | None = error
    for _ in range(LINKS):
        if found is None:
            return
        yield found
        inner = found.kwargs.get("error") if isinstance(found, boto.BotoCoreError) else None
        found = inner if isinstance(inner, BaseException) else found.__cause__ or found.__context__
