"""Canaries: items and objects that sbctl writes to see them arrive elsewhere, and how they are told from users' data.

Everything that decides whether something is a canary is here, so that the guard that lets canaries through and the checks
that make them cannot disagree.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from sbctl.core.kinds.spec import Frozen

ITEM_PREFIX = "sbctl-canary#"
"""Begins every key of text or bytes that a canary item has."""
OBJECT_PREFIX = "sbctl/canary/"
"""Begins the key of every canary object."""
NUMBER_PREFIX = "-73626374120631401"
"""Begins every numeric key of a canary: negative, and always of 38 digits, the most that DynamoDB keeps."""
NUMBER_DIGITS = 38
MARK = "sbctlCanary"
"""The attribute by which people recognise a canary item."""
EXPIRY = "expiresAt"
"""The attribute that holds the expiry (epoch seconds) where the table has no TTL attribute of its own."""
EXPIRY_SECONDS = 24 * 3600
"""After this a canary that was forgotten expires, where the table's TTL is on."""

Attribute = Mapping[str, Any]
"""A value as DynamoDB writes it: {"S": "text"}."""


class CanaryPlace(Frozen):
    """Where a canary is or may be: a region, and the table or bucket there. `key`: the KMS key of objects written there."""

    region: str
    resource: str
    key: str = ""


class Canary(Frozen):
    """One canary. `name` is the table's or the bucket item's name; `key` an item's key or {"Key": object key}.

    `places` is everywhere it may turn up, the first being where it was written.
    """

    id: str
    kind: Literal["item", "object"]
    name: str
    key: dict[str, Any]
    places: tuple[CanaryPlace, ...] = Field(min_length=1)

    @property
    def is_one(self) -> bool:
        """Whether its key can only be a canary's: a note may have been damaged."""
        if self.kind == "item":
            return is_canary_key(self.key)
        return is_canary_object(self.key)


def key_value(kind: str, token: str) -> dict[str, Any]:
    """The value of a key attribute of type S, N or B. `token` is a UUID's hexadecimal text."""
    if kind == "N":
        room = NUMBER_DIGITS + 1 - len(NUMBER_PREFIX)
        return {"N": NUMBER_PREFIX + str(int(token, 16) % 10**room).zfill(room)}
    text = f"{ITEM_PREFIX}{token}"
    return {"B": text.encode()} if kind == "B" else {"S": text}


def is_canary_value(value: Attribute) -> bool:
    """Whether a key attribute's value can only be a canary's."""
    match dict(value):
        case {"S": str(text), **rest} if not rest:
            return text.startswith(ITEM_PREFIX)
        case {"B": bytes(data), **rest} if not rest:
            return data.startswith(ITEM_PREFIX.encode())
        case {"N": str(number), **rest} if not rest:
            return number.startswith(NUMBER_PREFIX) and len(number) == NUMBER_DIGITS + 1
    return False


def is_canary_object(place: Mapping[str, Any]) -> bool:
    """Whether the `Key` of an object can only be a canary's."""
    return str(place.get("Key", "")).startswith(OBJECT_PREFIX)


def is_canary_key(key: Mapping[str, Attribute]) -> bool:
    """Whether every part of an item's key can only be a canary's."""
    return bool(key) and all(is_canary_value(value) for value in key.values())


def as_note(key: Mapping[str, Any]) -> dict[str, Any]:
    """A key as JSON can hold it: bytes become {"B64": text}."""
    return {name: _noted(value) for name, value in key.items()}


def from_note(key: Mapping[str, Any]) -> dict[str, Any]:
    """The key that `as_note` wrote."""
    return {name: _read(value) for name, value in key.items()}


def _noted(value: Any) -> Any:
    if isinstance(value, Mapping) and isinstance(value.get("B"), bytes):
        return {"B64": base64.b64encode(value["B"]).decode()}
    return value


def _read(value: Any) -> Any:
    if isinstance(value, Mapping) and "B64" in value:
        return {"B": base64.b64decode(value["B64"])}
    return value
