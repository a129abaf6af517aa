"""DNS names in Route 53's one spelling: lower case, a dot at the end, odd characters as octal escapes, sorted by labels reversed.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
"""

from __future__ import annotations

import re
from collections.abc import Callable

_ESCAPE = re.compile(r"\\([0-7]{3})")
_PLAIN = re.compile(r"[a-z0-9_-]")
_TYPED = re.compile(r"[!-~]*")
LONGEST_NAME = 255
LONGEST_LABEL = 63


def normal(name: str) -> str:
    """The spelling in which Route 53 answers a name: "*.Example.com" is "\\052.example.com."."""
    labels = name.removesuffix(".").split(".")
    return ".".join(_escaped(_plain(label).lower()) for label in labels) + "."


def sort_key(name: str) -> str:
    """What ListResourceRecordSets sorts by: "com.example.www." for "www.example.com.". Takes a normal name."""
    return ".".join(reversed(name.removesuffix(".").split("."))) + "."


def is_inside(name: str, zone: str) -> bool:
    """Whether a name is the zone's own or below it. Takes normal names."""
    return name == zone or name.endswith("." + zone)


def fault(name: str) -> str:
    """Why this is no DNS name, in the words of a "FATAL problem"; "" when it is one."""
    return next((words for words, is_wrong in FAULTS.items() if is_wrong(name)), "")


def _labels(name: str) -> list[str]:
    return [_plain(label) for label in name.removesuffix(".").split(".")]


FAULTS: dict[str, Callable[[str], bool]] = {
    "DomainNameEmpty (Domain name is empty)": lambda name: not name.removesuffix("."),
    "DomainLabelEmpty (Domain label is empty)": lambda name: "" in _labels(name),
    "DomainLabelTooLong (Domain label is too long)": lambda name: max(map(len, _labels(name))) > LONGEST_LABEL,
    "DomainNameTooLong (Domain name is too long)": lambda name: len(".".join(_labels(name))) >= LONGEST_NAME,
    "UnsupportedCharacter (Value contains unsupported characters)": lambda name: not _TYPED.fullmatch(name),
}


def _plain(label: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 8)), label)


def _escaped(label: str) -> str:
    return "".join(char if _PLAIN.match(char) else f"\\{ord(char):03o}" for char in label)
