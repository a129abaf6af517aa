"""What a caller would notice of the difference between two flows: what is heard, and where calls go."""

from __future__ import annotations

from typing import Any

from sbctl.flows.comparing.changes import flow_changes


def noticed(there: Any, here: Any) -> list[str]:
    """Sentences on what `here` does otherwise than `there`; empty when they do the same, or `there` is not known."""
    if there is None or here is None:
        return ["it was never published here"] if here is None and there is not None else []
    return flow_changes(there, here)
