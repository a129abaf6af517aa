"""A call as its caller has it: what is heard is shown as it comes, and what is typed is pressed or said, until the call ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Ask = Callable[[dict[str, Any]], dict[str, Any]]
"""One `call/turn`: takes it without the contact's id, answers the call's state. `PASS`: lets so many seconds pass before."""
Show = Callable[[Mapping[str, Any], float | None], object]
"""Shows a line of the call: something heard or a block, so many seconds after its beginning, or a change of its state."""
PASS = "pass_seconds"
KEYS = re.compile(r"[0-9*#]+")
LOOK_SECONDS = 0.4
"""Real time between two looks at a call."""
STEP_SECONDS = 5.0
"""Of the sandbox's time, let pass at once where its clock stands."""


class Keyboard(Protocol):
    """Lines that somebody types."""

    def line(self, seconds: float | None) -> str | None:
        """The next line without its end; None when none is typed in so many seconds of real time. None waits for ever.

        Raises EOFError when nobody types any more.
        """


@dataclass
class Followed:
    """What was seen of a call so far."""

    state: dict[str, Any] = field(default_factory=dict)
    heard: list[Mapping[str, Any]] = field(default_factory=list)
    path: list[Mapping[str, Any]] = field(default_factory=list)
    began: float | None = None
    """When the first thing was seen of it, in the sandbox's time."""

    @property
    def is_over(self) -> bool:
        return bool(self.state) and self.state["state"] == "ended"


def follow(ask: Ask, show: Show, speed: float, keyboard: Keyboard | None, call: Followed) -> None:
    """Follow a call to its end. `speed` is that of the sandbox's clock; `keyboard` None where a script presses the keys.

    Where the clock stands and the call waits for the caller, time passes only with an empty line.
    """
    wait = speed * LOOK_SECONDS if speed else STEP_SECONDS
    while not call.is_over:
        patient = keyboard is not None and not speed and _awaits_caller(call.state)
        _see(call, ask({} if patient else {"wait_seconds": wait}), show)
        if keyboard is None or call.is_over:
            continue
        for turn in _typed(keyboard, call.state, speed):
            _see(call, ask(turn), show)


def _awaits_caller(state: Mapping[str, Any]) -> bool:
    return "keys" in state.get("waiting_for", "") or "words" in state.get("waiting_for", "")


def _typed(keyboard: Keyboard, state: Mapping[str, Any], speed: float) -> list[dict[str, Any]]:
    """What the next line means. Somebody who types no more is waited for no longer: the call goes on by itself."""
    awaits = _awaits_caller(state)
    patience = (LOOK_SECONDS if speed else None) if awaits else 0.0
    try:
        line = keyboard.line(patience)
    except EOFError:
        return [{"hang_up": True}]
    if line is None:
        return []
    text = line.strip()
    if not text:
        return [{PASS: STEP_SECONDS}] if not speed else []
    return [{"keys": text}] if KEYS.fullmatch(text) else [{"say": text}]


def _see(call: Followed, state: dict[str, Any], show: Show) -> None:
    before, call.state = call.state, state
    rows = [*({"heard": one} for one in state["heard"]), *({"block": one} for one in state["path"])]
    for row in sorted(rows, key=_when):
        call.began = _when(row) if call.began is None else call.began
        show(row, _when(row) - call.began)
    call.heard += state["heard"]
    call.path += state["path"]
    if before.get("state") != state["state"] or before.get("queue") != state["queue"]:
        show({"state": state}, None)


def _when(row: Mapping[str, Any]) -> float:
    [found] = row.values()
    return float(found["when"])
