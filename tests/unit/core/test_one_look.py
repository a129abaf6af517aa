"""One look at AWS: equal reads are made once, whoever asks for them and however they end."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import OneLook


class Client:
    """Counts calls; those of "Fail" fail. A call of "Slow" waits until it is let go."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str, dict[str, Any]]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:  # noqa: ARG002
        self.made.append((operation, region, params))
        if operation == "Fail":
            raise AwsError("AccessDenied", "no")
        if operation == "Slow":
            self.begun.set()
            assert self.go_on.wait(20)
        return {"number": len(self.made)}

    def wait(self, seconds: float, reason: str) -> None: ...


def test_equal_reads_are_one() -> None:
    """Another parameter or region is another read."""
    door = Client()
    look = OneLook(door)
    assert look.call("s", "List", "east", size=1) == look.call("s", "List", "east", size=1)
    look.call("s", "List", "east", size=2)
    look.call("s", "List", "west", size=1)
    assert len(door.made) == 3


def test_a_failure_is_shared_too() -> None:
    """Nobody asks again what was refused."""
    door = Client()
    look = OneLook(door)
    for _ in range(2):
        with pytest.raises(AwsError, match="AccessDenied"):
            look.call("s", "Fail", "east")
    assert len(door.made) == 1


def test_who_asks_meanwhile_waits_for_the_first() -> None:
    door = Client()
    look = OneLook(door)
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(look.call("s", "Slow", "east"))) for _ in range(2)]
    threads[0].start()
    assert door.begun.wait(20)
    threads[1].start()
    door.go_on.set()
    for thread in threads:
        thread.join(20)
    assert (answers, len(door.made)) == ([{"number": 1}] * 2, 1)
