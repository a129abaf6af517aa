"""A part of the world that is kept, and the rows in which it is: small parts wholly, large ones piece by piece.

A part tells what has changed since it was last asked, so that a save costs what has changed and not what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

from sbctl.sandbox.keeping.pickling import dumped, loaded


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


@dataclass
class Pieces:
    """A part of many pieces that are replaced and never changed: each is a row, and only new ones are written.

    `take` gives them by owner and name, `give` gets them in the order in which they were first put.
    """

    name: str
    take: Callable[[], Mapping[str, Mapping[str, Any]]]
    give: Callable[[Mapping[str, Mapping[str, Any]]], object]
    _told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    def held(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def changes(self) -> Iterable[Change]:
        found = {owner: dict(pieces) for owner, pieces in self.take().items()}
        changes = [Change(gone, None, None) for gone in self._told.keys() - found.keys()]
        for owner, pieces in found.items():
            told = self._told.get(owner, {})
            changes += [Change(owner, name, None) for name in told.keys() - pieces.keys()]
            changes += [Change(owner, name, dumped(piece)) for name, piece in pieces.items() if told.get(name) != piece]
        self._told = found
        return changes

    def forget(self) -> None:
        self._told = {}

    def restore(self, rows: Rows) -> None:
        self._told = {owner: {name: loaded(data) for name, data in pieces.items()} for owner, pieces in rows.items()}
        self.give(self._told)
