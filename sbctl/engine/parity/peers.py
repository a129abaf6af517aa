"""Which region a resource serves, and what it is called there: the same name in every region, so that peers are found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sbctl.core.address import GLOBAL, Address

HERE = "{region}"
"""Stands for the code of the region in which a value was found."""


@dataclass(frozen=True, order=True)
class PeerKey:
    """A kind and a name that mean the same in every region."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"


def seat(address: Address, codes: Collection[str]) -> tuple[str, PeerKey] | None:
    """The region that a resource serves, and its seat there; None for what serves all of them.

    A global resource serves the one region that its name holds (`route53_health_check.global.us-west-2`).
    """
    if address.region != GLOBAL:
        return address.region, PeerKey(address.kind, address.name)
    named = {code for code in codes if _holds(address.name, code)}
    if len(named) != 1:
        return None
    code = named.pop()
    return code, PeerKey(address.kind, without(address.name, code))


def seated_in(addresses: Iterable[Address], codes: Collection[str], regions: Collection[str]) -> frozenset[Address]:
    """The addresses of what serves some regions, what is global among it: health checks and records."""
    found = ((address, seat(address, codes)) for address in addresses)
    return frozenset(address for address, seated in found if seated and seated[0] in regions)


def without(text: str, code: str) -> str:
    """The text with a region's code replaced by what stands for any region. An empty code is in no text."""
    return _word(code).sub(HERE, text) if code else text


def _holds(name: str, code: str) -> bool:
    return _word(code).search(name) is not None


def _word(code: str) -> re.Pattern[str]:
    """The code as a word of its own: us-east-1 is not in us-east-10."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(code)}(?![0-9])")
