"""The queue of copies: order, what is held back, the status of a version, and threads that take at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sbctl.sandbox.s3.rules import WantedRule
from sbctl.sandbox.s3.tasks import CopyQueue, Kind, Task


def task(key: str = "k", into: str = "b", due: float = 10.0, kind: Kind = "object", written: float = 0.0) -> Task:
    """A copy of 5 bytes to one bucket."""
    return Task(kind, "a", key, "v1", 5, written, due, "us-east-1", "us-west-2", WantedRule(into, "role", f"to-{into}"))


def drain(queue: CopyQueue, now: float, held: tuple[str, ...] = ()) -> Iterator[tuple[int, Task]]:
    """Everything that is due and not for a bucket that is held back."""
    while (found := queue.take(now, lambda task: task.wanted.destination in held)) is not None:
        yield found


def test_what_is_due_first_is_taken_first() -> None:
    """The order is that of the due times, and nothing comes before its time."""
    queue = CopyQueue()
    for key, due in (("late", 30.0), ("first", 10.0), ("second", 20.0)):
        queue.add(task(key, due=due))
    assert [found.key for _, found in drain(queue, 25.0)] == ["first", "second"]
    assert [found.key for _, found in drain(queue, 30.0)] == ["late"]


def test_a_pair_that_is_held_back_does_not_hold_back_others() -> None:
    """A paused pair keeps its entries, the others go on; released, everything of it is there."""
    queue = CopyQueue()
    for key in ("one", "two"):
        for into in ("b", "c"):
            queue.add(task(key, into))
    assert [found.wanted.destination for _, found in drain(queue, 10.0, held=("b",))] == ["c", "c"]
    assert [found.key for _, found in drain(queue, 10.0)] == ["one", "two"]


@pytest.mark.parametrize(
    ("failures", "statuses"),
    [
        ((False, False, False), ["", "", "COMPLETED"]),
        ((False, True, False), ["", "FAILED", "FAILED"]),
        ((True, False, False), ["FAILED", "FAILED", "FAILED"]),
    ],
)
def test_all_copies_make_the_status(failures: tuple[bool, ...], statuses: list[str]) -> None:
    """Nothing changes until the last copy is made; one failure is final."""
    queue = CopyQueue()
    for into in ("b", "c", "d"):
        queue.add(task(into=into))
    numbers = [number for number, _ in drain(queue, 10.0)]
    assert [queue.settle(number, failed=failed) for number, failed in zip(numbers, failures, strict=True)] == statuses


def test_changes_and_markers_leave_a_good_status_alone() -> None:
    """Copying tags or a marker says nothing about the object, unless it fails."""
    queue = CopyQueue()
    for kind in ("changes", "marker", "changes"):
        queue.add(task(kind=kind))
    (first, _), (second, _), (third, _) = drain(queue, 10.0)
    assert [queue.settle(first, failed=False), queue.settle(second, failed=False)] == ["", ""]
    assert queue.settle(third, failed=True) == "FAILED"


def test_an_entry_is_pending_until_it_is_settled() -> None:
    """The backlog counts what is taken but not done, by pair and rule, with the age of the oldest."""
    queue = CopyQueue()
    queue.add(task("old", written=1.0))
    queue.add(task("new", written=6.0))
    queue.add(task("other", into="c", written=7.0))
    taken = queue.take(10.0, lambda _: False)
    assert taken is not None
    first, second = queue.backlog(11.0)
    assert (first.destination, first.rule, first.pending, first.bytes, first.oldest_seconds) == (
        "b",
        "to-b",
        2,
        10,
        10.0,
    )
    assert (second.destination, second.pending, second.oldest_seconds) == ("c", 1, 4.0)
    queue.settle(taken[0], failed=False)
    assert [entry.pending for entry in queue.backlog(11.0)] == [1, 1]


def test_a_cleared_queue_knows_nothing_of_what_was_taken() -> None:
    """What is settled after a reset changes nothing in the new account."""
    queue = CopyQueue()
    queue.add(task())
    taken = queue.take(10.0, lambda _: False)
    assert taken is not None
    queue.clear()
    assert queue.settle(taken[0], failed=False) == ""
    assert queue.backlog(10.0) == []


def test_threads_take_everything_once() -> None:
    """Eight threads that take from one queue get each entry once and lose none."""
    queue = CopyQueue()
    for number in range(2000):
        queue.add(task(f"k{number}", into="bcd"[number % 3]))
    with ThreadPoolExecutor(8) as pool:
        taken = [
            key for part in pool.map(lambda _: [found.key for _, found in drain(queue, 10.0)], range(8)) for key in part
        ]
    assert sorted(taken) == sorted(f"k{number}" for number in range(2000))
