"""A part of the world that is kept, and the rows in which it is: small parts wholly, large ones piece by piece.

A part tells what has changed since it was last asked, so that a save costs what has changed and not what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

from sbctl.sandbox.snapshot.pickling import dumped, loaded


class Change(NamedTuple):
    """One row that is new, other than before, or (`data` None) gone. A `name` of None stands for all rows of the owner."""

    owner: str
    name: str | None
    data: bytes | None


Rows = Mapping[str, Mapping[str, bytes]]
"""A part's rows by owner and name, in the order in which they were first put."""
WHOLE = ("", "")
"""Owner and name of the one row of a part that is kept wholly."""


class Part(Protocol):
    """One part. `changes` is called with `held` entered, at a moment at which nothing else in the world changes."""

    name: str

    def held(self) -> AbstractContextManager[Any]:
        """The lock that operations on this part hold from their beginning to their end.

        All parts' locks are held at once, in the parts' order: never one that is taken while a later one is held.
        """

    def changes(self) -> Iterable[Change]:
        """What has changed since the last call; at first everything."""

    def forget(self) -> None:
        """What was told was not kept: tell everything at the next call."""

    def restore(self, rows: Rows) -> None:
        """Become what was kept, and plan anew what was planned then. The world's clock stands where it stood."""


@runtime_checkable
class Kept(Protocol):
    """A Service with state of its own beside moto's."""

    @property
    def parts(self) -> Iterable[Part]: ...


def _unlocked() -> AbstractContextManager[Any]:
    return nullcontext()


@dataclass
class Whole:
    """A part that is small: `take` gives its state, `give` puts it back.

    `take` may give the very objects that the service goes on changing: they are copied out before the moment is over.
    """

    name: str
    take: Callable[[], Any]
    give: Callable[[Any], object]
    lock: Callable[[], AbstractContextManager[Any]] = _unlocked
    _told: bytes | None = field(default=None, repr=False)

    def held(self) -> AbstractContextManager[Any]:
        return self.lock()

    def changes(self) -> Iterable[Change]:
        data = dumped(self.take())
        if data == self._told:
            return []
        self._told = data
        return [Change(*WHOLE, data)]

    def forget(self) -> None:
        self._told = None

    def restore(self, rows: Rows) -> None:
        owner, name = WHOLE
        if name in rows.get(owner, {}):
            self._told = rows[owner][name]
            self.give(loaded(self._told))


Owned = Mapping[str, Mapping[Any, Any]]
"""Pieces by owner and key."""


@dataclass
class Pieces:
    """A part of many pieces that are replaced and never changed: each is a row, and only new ones are written.

    `take` gives them by owner and key, `give` gets them in the order in which they were first put. `moved` gives what is
    another when any may have changed.
    """

    name: str
    take: Callable[[], Owned]
    give: Callable[[Owned], object]
    moved: Callable[[], object] | None = None
    _told: Owned = field(default_factory=dict, repr=False)
    _last_moved: object = field(default=None, repr=False)

    def held(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def changes(self) -> Iterable[Change]:
        moved = self.moved() if self.moved else None
        if moved is not None and moved == self._last_moved:
            return []
        told, self._told = self._told, {owner: dict(pieces) for owner, pieces in self.take().items()}
        self._last_moved = moved
        changes = [Change(gone, None, None) for gone in told.keys() - self._told.keys()]
        for owner, pieces in self._told.items():
            changes += _differences(owner, told.get(owner, {}), pieces)
        return changes

    def forget(self) -> None:
        self._told, self._last_moved = {}, None

    def restore(self, rows: Rows) -> None:
        self._told = {owner: dict(loaded(data) for data in pieces.values()) for owner, pieces in rows.items()}
        self.give(self._told)


def _differences(owner: str, told: Mapping[Any, Any], pieces: Mapping[Any, Any]) -> list[Change]:
    gone = [Change(owner, repr(key), None) for key in told.keys() - pieces.keys()]
    new = [item for item in pieces.items() if told.get(item[0]) != item[1]]
    return gone + [Change(owner, repr(key), dumped((key, piece))) for key, piece in new]
