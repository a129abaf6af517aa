"""A run's journal as bytes: one self-checking line an event, in a file or in an object."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import ValidationError

from sbctl.core.moving.run import Kind, Run, RunEvent
from sbctl.store.files.lines import line, sound

SUFFIX = ".run"
NAME = re.compile(rf"({'|'.join(get_args(Kind))})-[\w.-]+\.run", re.ASCII)


def lines_of(events: Iterable[RunEvent]) -> list[str]:
    """The lines of some events."""
    return [line(event.as_json()) for event in events]


def run_in(name: str, content: bytes) -> Run | None:
    """The run of a journal that is kept under a name. Lines that are not sound are passed over; None without a beginning."""
    events = [event for event in map(_event, sound(content)) if event is not None]
    kind: Any = name.partition("-")[0]
    if not events or events[0].what != "begun" or kind not in get_args(Kind):
        return None
    return Run(id=name.removesuffix(SUFFIX), kind=kind, events=tuple(events))


def _event(value: object) -> RunEvent | None:
    try:
        return RunEvent.model_validate(value)
    except ValidationError:
        return None
