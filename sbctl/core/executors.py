"""Who does a run's work: threads, or the caller itself, one task after another, in an order that is always the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor

MakeExecutor = Callable[[int, str], "Executor"]
"""Makes an executor of so many workers under a name."""


def threads(workers: int, name: str) -> Executor:
    """Work side by side."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(workers, thread_name_prefix=name)


def sequential(_workers: int, _name: str) -> Executor:
    """Work in the caller's own thread."""
    from sbctl.core.sequential import SequentialExecutor

    return SequentialExecutor()
