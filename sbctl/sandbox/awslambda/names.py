"""How callers name a function: by name or ARN, with or without the version or alias that they mean.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import re

LATEST = "$LATEST"
_NAMED = re.compile(r"(?:(?:arn:[\w-]+:lambda:[\w-]+:)?\d{12}:function:)?([\w-]+)(?::(\$LATEST|[\w-]+))?")


def parted(named: str, qualifier: str = "") -> tuple[str, str]:
    """The function, and the version or alias: "" for what was last given. What is no name stays as it is."""
    found = _NAMED.fullmatch(named)
    if found is None:
        return named, qualifier
    asked = qualifier or found[2] or ""
    return found[1], "" if asked == LATEST else asked
