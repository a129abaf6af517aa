"""The members of a control request, read one by one; what is wrong with them is told together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST_SECONDS = 31 * 86400.0
MOST_TEXTS = 1000
E164 = re.compile(r"\+[1-9]\d{1,14}")


class WrongValuesError(Exception):
    """The request is not what the action needs; the text says why, all reasons at once."""


class Values:
    """Reads members; `done` raises WrongValuesError with everything that was wrong so far."""

    def __init__(self, params: Mapping[str, Any], where: str = "") -> None:
        """`where` goes before each problem: "mix 2: "."""
        self._params = params
        self._where = where
        self.problems: list[str] = []

    def check(self, right: bool, problem: str) -> None:
        """Note a problem, unless all is right."""
        if not right:
            self.problems.append(f"{self._where}{problem}")

    def done(self) -> None:
        if self.problems:
            raise WrongValuesError("; ".join(self.problems))

    def text(self, name: str, *, needed: bool = False) -> str:
        """A text that is not empty; "" where it is absent."""
        found = self._params.get(name)
        if found is None:
            self.check(not needed, f"{name} is needed")
            return ""
        self.check(isinstance(found, str) and bool(found), f"{name} must be text that is not empty")
        return found if isinstance(found, str) else ""

    def number_called(self, name: str) -> str:
        """A telephone number, E.164."""
        found = self.text(name)
        self.check(not found or E164.fullmatch(found) is not None, f"{name} must be a number as +18005550100")
        return found

    def one_of(self, name: str, known: Iterable[str]) -> str:
        found = self.text(name)
        self.check(not found or found in known, f"{name} must be one of {', '.join(known)}")
        return found

    def flag(self, name: str) -> bool:
        found = self._params.get(name, False)
        self.check(isinstance(found, bool), f"{name} must be true or false")
        return found is True

    def seconds(self, name: str, *, least: float = 0.0, needed: bool = False) -> float | None:
        """A duration; None where it is absent or null."""
        return self.amount(name, least, LONGEST_SECONDS, needed=needed)

    def amount(self, name: str, least: float, most: float, *, needed: bool = False) -> float | None:
        found = self._params.get(name)
        if found is None:
            self.check(not needed, f"{name} is needed")
            return None
        right = not isinstance(found, bool) and isinstance(found, int | float) and least <= found <= most
        self.check(right, f"{name} must be a number from {least:g} to {most:g}")
        return float(found) if right else None

    def whole(self, name: str, least: int, most: int) -> int | None:
        found = self._params.get(name)
        if found is None:
            return None
        right = isinstance(found, int) and not isinstance(found, bool) and least <= found <= most
        self.check(right, f"{name} must be a whole number from {least} to {most}")
        return found if right else None

    def texts(self, name: str) -> list[str]:
        found = self._params.get(name)
        if found is None:
            return []
        right = (
            isinstance(found, list) and len(found) <= MOST_TEXTS and all(isinstance(one, str) and one for one in found)
        )
        self.check(right, f"{name} must be a list of texts that are not empty")
        return list(found) if right else []

    def keys(self, name: str) -> list[str]:
        found = self.texts(name)
        self.check(not set("".join(found)) - set("0123456789*#"), f"{name} must be keys: 0 to 9, * and #")
        return found

    def map(self, name: str) -> dict[str, str]:
        found = self._params.get(name)
        if found is None:
            return {}
        right = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
        self.check(right, f"{name} must be an object of texts")
        return dict(found) if right else {}
