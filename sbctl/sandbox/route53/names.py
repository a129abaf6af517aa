"""Domain names as Route 53 writes and sorts them.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
"""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[a-z0-9_.-]")


def canonical(name: str) -> str:
    """Lower case, with a trailing dot; whatever is no plain character as an octal escape, `*` as \\052."""
    text = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), name).lower().rstrip(".")
    return "".join(char if _PLAIN.fullmatch(char) else f"\\{ord(char):03o}" for char in text) + "."


def sort_key(name: str) -> tuple[str, ...]:
    """Labels in reverse, which is how lists are ordered."""
    return tuple(reversed(canonical(name).rstrip(".").split(".")))


def lies_in(name: str, zone: str) -> bool:
    """Whether a canonical name is a zone's own or below it."""
    return name == zone or name.endswith(f".{zone}")
