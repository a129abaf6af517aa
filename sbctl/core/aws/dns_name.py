"""One spelling of a DNS name."""

from __future__ import annotations

import re

_OCTAL = re.compile(r"\\([0-7]{3})")


def plain_name(name: str) -> str:
    """A DNS name as people write it: lower case, no trailing dot, Route 53's octal escapes undone."""
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), name).rstrip(".").lower()
