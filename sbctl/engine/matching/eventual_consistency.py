"""When what a search index, or a page of tags, shows is not to be believed.

It may be behind a write of our own, or have been asked by a new name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sbctl.core.aws.one_look import PAGED
from sbctl.core.kinds.compare import changes
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.values import plain
from sbctl.engine.matching.targets import Target

FRESH = timedelta(minutes=2)
"""How long after a write a search index may still be behind; within it, surprises are confirmed by a direct read."""


def ids_in_doubt(
    target: Target, kind: Kind[Any, Any], live: Live[Any] | None, now: datetime
) -> Mapping[str, str] | None:
    """The ids to read when what the index shows under a key is in doubt; None when it is not."""
    record = target.record
    if not (kind.lags or (live is not None and kind.calls & PAGED)):
        return None
    if record is None:
        return live.ids if live is not None and target.was_deleted else None
    if not record.ids or live is None or live.ids != record.ids:
        return None  # what is not there was asked for by its id
    if record.updated_at is None or now - record.updated_at > FRESH:
        return None
    return record.ids if _surprising(kind, live, record.applied) else None


def _surprising(kind: Kind[Any, Any], live: Live[Any], applied: Mapping[str, Any]) -> bool:
    return bool(changes(kind, applied, plain(live.spec), applied))
