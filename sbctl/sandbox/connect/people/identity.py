"""What a user may be called and must say of itself, by the instance's way to manage identities.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateUser.html
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.service import ApiError

LONGEST = {"SAML": 64}
OTHERWISE_LONGEST = 20
NAME = re.compile(r"[a-zA-Z0-9_\-.@\\]+")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
"""As an address looks; which addresses exist nobody checks."""


def check_user(identities: str, params: Mapping[str, Any]) -> None:
    """Refuse a new user that an instance with this identity management takes no users like. Raises ApiError."""
    _check_name(identities, str(params["Username"]))
    if identities == "CONNECT_MANAGED" and not params.get("Password"):
        raise _wrong("Password is required when Amazon Connect manages identities")
    if identities != "CONNECT_MANAGED" and params.get("Password"):
        raise _wrong(f"Password must not be given with identity management {identities}")
    check_identity(identities, params.get("IdentityInfo") or {})


def check_identity(identities: str, identity: Mapping[str, Any]) -> None:
    """Refuse names and addresses that are missing or of no use. Raises ApiError."""
    if identities != "EXISTING_DIRECTORY":
        for name in ("FirstName", "LastName"):
            if not identity.get(name):
                raise _wrong(f"IdentityInfo.{name} is required with identity management {identities}")
    if identities == "SAML" and identity.get("Email"):
        raise _wrong("IdentityInfo.Email must not be given with identity management SAML")
    for name in ("FirstName", "LastName"):
        if not unicodedata.is_normalized("NFC", str(identity.get(name) or "")):
            raise _wrong(f"IdentityInfo.{name} is not in Unicode Normalization Form C")
    for name in ("Email", "SecondaryEmail"):
        if identity.get(name) and not MAIL.fullmatch(str(identity[name])):
            raise _wrong(f"IdentityInfo.{name} is not an e-mail address")


def _check_name(identities: str, name: str) -> None:
    longest = LONGEST.get(identities, OTHERWISE_LONGEST)
    if len(name) > longest:
        raise _wrong(f"Username has more than {longest} characters, the most with identity management {identities}")
    if not NAME.fullmatch(name) or ("@" in name and not MAIL.fullmatch(name)):
        raise _wrong(f"Username {name} is not valid: letters, digits and _-.\\@ only, @ only in the form of an address")


def _wrong(why: str) -> ApiError:
    return ApiError("InvalidParameterException", why, 400)
