"""The way back from a region's flow to the document of flows/: ARNs and the region's names become placeholders again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sbctl.core.project import Region


def unrendered(content: Any, region: Region, placeholders: Mapping[str, str]) -> Any:
    """A live content as a document would say it. `placeholders`: ARN in this region → `${queue:Sales}`."""
    words = {**placeholders, region.name: "${region-name}", region.region: "${region}"}
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
    return _replaced(content, pattern, words)


def _replaced(value: Any, pattern: re.Pattern[str], words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(lambda found: words[found[0]], value)
    if isinstance(value, Mapping):
        return {key: _replaced(item, pattern, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, pattern, words) for item in value]
    return value
