"""Names of things in AWS as they stand in addresses: letters and digits of any script, lower case, one dash for all else.

A name that an address cannot hold whole gets the beginning of its hash, so that two names never look alike by accident:
`☎` is `name-1f2e3d4c`, and of `A B` beside `a-b` one is `a-b-5b6a7c8d`. What a name becomes depends on the name alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

LONGEST = 220
"""Characters. With kind and region an address must fit into a tag's value, which has at most 256."""
LONGEST_STEM = 180
"""Bytes of a file's name without its ending: file systems take 255."""
_MARK = 8
_ASCII = re.compile(r"[^a-z0-9_.*]+")
_NAMELESS = "name"
_KEPT = "_.*"
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_VARIATIONS = ("\ufe00", "\ufe0f")
"""They say how the sign before them looks, and are no part of a word."""


def slug(name: str) -> str:
    """The form of a name in an address: the same for `Sales Team` and `sales-team`, and its own for `営業` and `☎`."""
    if name.isascii() and len(name) <= LONGEST:
        return ascii_slug(name) or (_nameless(name) if name else "")
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    letters = [_letter(one) for one in folded]
    text = re.sub("-+", "-", "".join(letters)).strip("-")
    if not text:
        return _nameless(name)
    if len(text) > LONGEST:
        text = text[: LONGEST - _MARK - 1].strip("-")
    elif "" not in letters:
        return text
    return f"{text}-{mark(name)}"


def ascii_slug(name: str) -> str:
    """A name in ASCII letters and digits alone, for names that AWS wants so; "" when nothing is left."""
    return _ASCII.sub("-", name.lower()).strip("-")


def apart(name: str) -> str:
    """The form of a name beside others that have the same slug: its own form is for the one that is spelled so."""
    return name if name == slug(name) else marked(name)


def marked(name: str) -> str:
    """The form with the beginning of the name's hash, which no other name has."""
    return f"{slug(name)[: LONGEST - _MARK - 1]}-{mark(name)}"


def forms(name: str) -> frozenset[str]:
    """All forms that a name has or had in addresses; versions before this one knew ASCII only."""
    return frozenset({slug(name), marked(name), ascii_slug(name)} - {""})


def meant(names: Iterable[str], shown: str) -> str | None:
    """Which of some names an address shows; None when it is none of them."""
    known = list(names)
    exact = [name for name in known if shown == name or (shown == apart(name) and shown != slug(name))]
    return next(iter([*exact, *(name for name in known if slug(name) == shown)]), None)


def stem(name: str) -> str:
    """A name as that of a file, without an ending: neither hidden, nor a pattern, nor a device of Windows."""
    whole = slug(name)
    text = whole.replace("*", "").strip("-.")
    if text == whole and len(text.encode()) <= LONGEST_STEM and not _DEVICES.match(text):
        return text
    return f"{text.encode()[: LONGEST_STEM - _MARK - 1].decode(errors='ignore') or _NAMELESS}-{mark(name)}"


def mark(name: str) -> str:
    """The beginning of a name's hash."""
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:_MARK]


def _letter(one: str) -> str:
    """One character of a slug; "" for what belongs to the letter before it, and cannot stand in a tag."""
    category = unicodedata.category(one)
    if category[0] in "LN" or one in _KEPT:
        return one
    return "" if category in ("Mn", "Mc") and not _VARIATIONS[0] <= one <= _VARIATIONS[1] else "-"


def _nameless(name: str) -> str:
    return f"{_NAMELESS}-{mark(name)}"
