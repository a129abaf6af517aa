"""What an exception means that is no answer of AWS: nobody answered, the answer is unreadable, or nothing could be asked.

Each is one of the door's own codes (core/problem.py). What cannot have reached AWS is never told as AWS's refusal.
"""

from __future__ import annotations

from botocore import exceptions as boto

from sbctl.core.problem import UNREADABLE

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
    (boto.SSLError, "Unreachable", "no trusted connection to the endpoint: its certificate was not accepted"),
    (UNREACHED, "Unreachable", "the endpoint does not answer"),
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
    for kinds, code, text in MEANINGS:
        if isinstance(error, kinds):
            return code, text or said
    return (
        UNREADABLE,
        f"the answer cannot be read ({type(error).__name__}: {said[:200]}); the request may have taken effect",
    )
