"""User names of Connect: what an instance takes as one, and the address of a user.

An address stands in reports, logs and on command lines, and never holds an e-mail address: a user whose name is one has an
address made of the name's hash. https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateUser.html
"""

from __future__ import annotations

import re

from sbctl.core.address import Address
from sbctl.core.text.slug import mark

KIND = "connect_user"
LONGEST = {"CONNECT_MANAGED": 20, "SAML": 64}
"""Characters of a user name, by the identity management of the instance."""
SAML_LETTERS = re.compile(r"[a-zA-Z0-9_.\\@-]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def user_address(region: str, name: str) -> Address:
    """The address of the user of this name: `agent-1` as it is, an e-mail address as `user-` and the beginning of its hash."""
    return Address.of(KIND, region, address_name(name))


def address_name(name: str) -> str:
    """What stands in the address for a user name."""
    return f"user-{mark(name)}" if "@" in name else name


def unfit(name: str, identity: str) -> str:
    """Why an instance of this identity management refuses a user name; "" where nothing is certain."""
    longest = LONGEST[identity]
    if len(name) > longest:
        return f"has {len(name)} characters, and {identity} takes {longest}"
    if "@" in name and not _EMAIL.fullmatch(name):
        return "has an @ and is no e-mail address"
    if identity == "SAML" and not SAML_LETTERS.fullmatch(name):
        return r"has other characters than letters, digits and _ - . \ @, which is all that SAML takes"
    return ""
