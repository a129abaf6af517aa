"""Who does a run's work: threads, or the caller itself, one task after another, in an order that is always the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
MakeExecutor = Callable[[int, str], Executor]
"""Makes an executor of so many workers under a name."""


def threads(workers: int, name: str) -> Executor:
    """Work side by side."""
    return ThreadPoolExecutor(workers, thread_name_prefix=name)


class SequentialExecutor(Executor):
    """Does each task while it is handed over. For rehearsals that must be the same each time, or that fork."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The task's outcome; what is no Exception (Ctrl-C, the end of the process) is the caller's own."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever asks the future
            future.set_exception(error)
        return future


def sequential(_workers: int, _name: str) -> Executor:
    """Work in the caller's own thread."""
    return SequentialExecutor()
