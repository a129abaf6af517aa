"""Two flows compared by what only people see who open them in the console: where blocks stand, their names, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SEEN = ("entryPointPosition", "ActionMetadata", "Annotations", "snapToGrid")
"""Parts of the metadata that the console draws. The others tell of the export: name, status, hash."""


def other_layout(wanted: Any, live: Any) -> bool:
    """Whether a wanted content has a layout or notes, and a live one has others."""
    ours, theirs = _seen(wanted), _seen(live)
    return bool(ours) and ours != theirs


def _seen(content: Any) -> dict[str, Any]:
    metadata = content.get("Metadata") if isinstance(content, Mapping) else None
    if not isinstance(metadata, Mapping):
        return {}
    return {name: metadata[name] for name in SEEN if metadata.get(name)}
