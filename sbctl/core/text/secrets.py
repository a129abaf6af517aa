"""What is a secret by the look of it: kept out of configs, and hidden in whatever is shown, written down or logged.

sbctl is given no secrets but AWS credentials, which boto3 finds by itself. Others turn up in what people set by hand in AWS,
in an endpoint's URL, and in what AWS repeats in an error.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

HIDDEN = "(hidden by sbctl)"
SHORTEST = 8
_KEY_ID = r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids"""
_LOGIN = r"(?<=://)[^/\s?#@]*:[^/\s@]*(?=@)"
_FORMS = re.compile(
    "|".join(
        (
            _KEY_ID,
            _LOGIN,
            r"-----BEGIN [A-Z ]*PRIVATE KEY",
            r"\bgh[pousr]_\w{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}",
            r"\bxox[a-z](?:\.xox[a-z])?-[\w-]{10,}|\bxapp-[\w-]{10,}|//hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/\w",
            r"\bSG\.[\w-]{16,32}\.[\w-]{16,64}|\b[rs]k_(?:live|test)_\w{16,}|\bwhsec_\w{16,}|\bsk-[\w-]{20,}",
            r"\bAIza[\w-]{35}\b|\bGOCSPX-[\w-]{20,}|\bya29\.[\w-]{20,}|\bSK[0-9a-f]{32}\b|\bkey-[0-9a-f]{32}\b",
            r"\bnpm_\w{36}\b|\bpypi-[\w-]{16,}|\bhf_\w{30,}|\bdop_v1_\w{32,}|\bshp(?:at|ca|pa|ss)_[0-9a-f]{32}\b|\bdckr_pat_[\w-]{20,}",
            r"\bAccountKey=[\w+/=]{20,}|\bSharedAccessKey=[\w+/=]{20,}|//discord(?:app)?\.com/api/webhooks/\d|\bAGE-SECRET-KEY-1",
            r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*",
        )
    )
)
_SAID = re.compile(
    "|".join(
        (
            _KEY_ID,
            _LOGIN,
            r"(?<=-security-token)[:=]\s*\S+",
            r"(?<=x-amz-signature)=[^&\s]+|(?<=x-amz-credential)=[^&\s]+",
            r"(?<=\bsignature)=[0-9a-f]{32,}",
        )
    ),
    re.IGNORECASE,
)
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_WHOLE_FORMS = re.compile(rf"(?:{_FORMS.pattern})[^\s\"'<>]*")
"""The forms with what follows them: a form may be the beginning of a secret alone."""
_NAMED = re.compile(
    r"(?P<name>[\w-]*(?:secret|passw(?:or)?d|passphrase|token|api[_-]?key|authorization|credential)[\w-]*[\"']?\s*[:=]\s*)"
    r"(?![\"']?(?:(?:bearer|basic|token)\s+)?\(hidden by sbctl\))"  # hidden already, as a secret that is known
    r"(?P<quote>[\"']?)(?P<scheme>(?:bearer|basic|token)\s+)?[^\s\"',;&}<>]+",
    re.IGNORECASE,
)
"""A name that says secret, and the value behind it, as programs and servers print them."""
SHORTEST_KNOWN = 4
"""A known secret that is shorter would hide half of the text."""
_NAMES = re.compile(
    r"(?:^|_)(?:SECRET|PASSWORDS?|PASSWD|PASSPHRASE|PASSCODE|PASS|PWD|TOKEN|CREDENTIALS?"
    r"|(?:API|APP|AUTH|ACCESS|ACCOUNT|CLIENT|ENCRYPTION|HMAC|JWT|MASTER|PRIVATE|SECRET|SENDGRID|SHARED|SIGNING|SLACK|STRIPE|TWILIO"
    r"|WEBHOOK|SECRET_?ACCESS)_?KEY)(?:_?\d+)?$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
"""Where a word begins in camelCase."""
_POINTERS = ("arn:", "/", "${", "{{resolve:")
"""Beginnings of values that say where a secret is, and are none."""


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable holds a secret: its value has the form of one, or its name says so and the value is no pointer."""
    if _FORMS.search(value) or value == HIDDEN:
        return True
    return bool(_NAMES.search(_WORDS.sub("_", name))) and len(value) >= SHORTEST and not value.startswith(_POINTERS)


def without_secrets(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables with `HIDDEN` in place of what looks like a secret."""
    return {name: HIDDEN if looks_secret(name, value) else value for name, value in variables.items()}


def scrubbed(text: str, known: Iterable[str] = ()) -> str:
    """A text that a stranger wrote, such as a program's output, without secrets: those that are known, and what looks like one.

    Known ones are also found as JSON, URLs and Base64 write them.
    """
    for secret in sorted({form for one in known for form in _written(one)}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _KEY_BLOCK.sub(HIDDEN, text)
    text = _NAMED.sub(rf"\g<name>\g<quote>{HIDDEN}", text)
    return _WHOLE_FORMS.sub(HIDDEN, redacted(text))


def _written(secret: str) -> Iterator[str]:
    """A secret as it may be written; nothing for one that is too short to be told from text."""
    plain = secret.strip()
    if len(plain) >= SHORTEST_KNOWN:
        yield from (secret, plain, json.dumps(plain)[1:-1], quote(plain, safe=""), quote(plain))
        yield base64.b64encode(secret.encode()).decode().rstrip("=")
        yield from (line.strip() for line in plain.splitlines() if len(line.strip()) >= SHORTEST)


def redacted(text: str) -> str:
    """A text without the credentials that a URL, a command line or an error of AWS may repeat."""
    return _SAID.sub(HIDDEN, text)
