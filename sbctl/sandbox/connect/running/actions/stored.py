"""What becomes of keys that are stored: where they end, whether they are a telephone number, how they are encrypted.

https://docs.aws.amazon.com/connect/latest/adminguide/store-customer-input.html
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.dialling import local_number, whole_number
from sbctl.sandbox.connect.running.values.references import text

BETWEEN = 5.0
"""Seconds between two keys, where the flow says nothing."""
END = "#"
CANCEL = "*"


@dataclass(frozen=True)
class Rules:
    """How keys are stored. `most`: how many, None for telephone numbers. `country`: two letters, of numbers without it."""

    most: int | None
    country: str
    is_phone: bool
    end: str
    cancels: bool
    between: float
    key: str

    def typed(self, before: str, key: str) -> str:
        """What is typed with one key more; a star clears it, unless the keys that end the input may begin with it."""
        typed = before + key
        ends = any(typed.endswith(self.end[:length]) for length in range(1, len(self.end) + 1))
        return "" if key == CANCEL and self.cancels and not ends else typed

    def is_whole(self, typed: str) -> bool:
        """Whether no key is to come."""
        return typed.endswith(self.end) or (self.most is not None and len(typed) >= self.most)

    def value(self, typed: str) -> str:
        """What is typed without the keys that ended it."""
        return typed.removesuffix(self.end)

    def stored(self, typed: str) -> str | None:
        """What the flow gets; None of what is no telephone number and must be one."""
        if self.is_phone:
            return local_number(typed, self.country) if self.country else whole_number(typed)
        return _ciphertext(typed, self.key) if self.key else typed


def rules_of(parameters: Mapping[str, Any]) -> Rules | None:
    """The rules that an action states; None where its length is no number."""
    validation, keys = _part(parameters, "InputValidation"), _part(parameters, "DTMFConfiguration")
    phone, custom = _part(validation, "PhoneNumberValidation"), _part(validation, "CustomValidation")
    length = number(custom.get("MaximumLength")) if custom else None
    if custom and (length is None or length < 1):
        return None
    between = number(keys.get("InterdigitTimeLimitSeconds"))
    is_local = text(phone.get("NumberFormat")) == "Local"
    return Rules(
        most=None if length is None else int(length),
        country=text(phone.get("CountryCode")) if is_local else "",
        is_phone=bool(phone),
        end=text(keys.get("InputTerminationSequence")) or END,
        cancels=keys.get("DisableCancelKey") != "True",
        between=BETWEEN if between is None or between <= 0 else float(between),
        key=text(_part(parameters, "InputEncryption").get("EncryptionKeyId")),
    )


def _part(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = tree.get(name)
    return found if isinstance(found, Mapping) else {}


def _ciphertext(typed: str, key: str) -> str:
    """Something that nobody decrypts, the same for the same input."""
    return base64.b64encode(hashlib.sha512(f"{key}:{typed}".encode()).digest()).decode()
