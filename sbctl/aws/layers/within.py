"""An answer within a time, whatever it is that takes longer: names, connections to one address after another, or the answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NoAnswerInTime(Exception):  # noqa: N818 - says what is so
    """It has not come; it may come later."""


def within(act: Callable[[], T], seconds: float, late: Callable[[], object]) -> T:
    """What `act` returns or raises, within so many seconds of real time. Raises NoAnswerInTime.

    It goes on in a thread that keeps no process from ending; `late` is called when it returns after all.
    """
    waited = threading.Lock()
    done: list[T] = []
    failed: list[BaseException] = []
    given_up: list[bool] = []

    def work() -> None:
        try:
            found = act()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits
            failed.append(error)
            return
        with waited:
            done.append(found)
            after_all = bool(given_up)
        if after_all:
            late()

    thread = threading.Thread(target=work, name="first-answer", daemon=True)
    thread.start()
    thread.join(seconds)
    with waited:
        if done:
            return done[0]
        if not failed:
            given_up.append(True)
            raise NoAnswerInTime(f"no answer within {seconds:g} s")
    raise failed[0]
