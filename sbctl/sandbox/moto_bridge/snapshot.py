"""moto's state as rows: each backend by its attributes, except what is large, which is kept piece by piece.

Points touched, checked by tests/sandbox/test_data_moto_contact.py: get_backend, BackendDict with its accounts and regions,
and the attributes of backends as their whole state. What is large is in moto_keeping_dynamodb.py and moto_keeping_s3.py.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from hashlib import blake2b
from typing import Any, Protocol

from sbctl.sandbox.moto_bridge.allowed_operations import SERVICES
from sbctl.sandbox.moto_bridge.backends import MOTO_STATE, MotoBackends
from sbctl.sandbox.moto_bridge.snapshot_dynamodb import tables_of, tables_restored
from sbctl.sandbox.moto_bridge.snapshot_reducers import reduced
from sbctl.sandbox.moto_bridge.snapshot_s3 import buckets_of, buckets_restored
from sbctl.sandbox.snapshot.part import Change, Part, Rows
from sbctl.sandbox.snapshot.pickling import dumped, loaded

LOG = logging.getLogger("sbctl.sandbox")
BACKENDS = "backend"
"""Owner of the rows that hold a backend; a row's name is account and region."""

PASSING = frozenset({"dynamodbstreams"})
"""Services that hold nothing but positions in what others hold: shard iterators, which AWS lets expire after 15 minutes."""


class Container(Protocol):
    """A collection inside a backend that is kept row by row."""

    held: Any
    """The collection itself."""
    witness: Any
    """What knows of its changes."""

    def changes(self) -> Iterable[tuple[str, bytes | None]]:
        """The rows that changed since the last call: name, and data or None where it is gone."""


Found = tuple[str, Any, Any, Callable[[bool], Container]]
"""A container's name, unique in its backend; the collection; what knows of its changes; and what makes the container.

The last is told whether all is kept already. When one of the two before it is another than it was, all is kept anew.
"""
ContainersOf = Callable[[Any], Iterator[Found]]
Restored = Callable[[str, Mapping[str, bytes]], Any]
"""A collection from the name of its container and its rows."""
LARGE: Mapping[str, tuple[ContainersOf, Restored]] = {
    "dynamodb": (tables_of, tables_restored),
    "s3": (buckets_of, buckets_restored),
}


def moto_parts(moto: MotoBackends) -> list[Part]:
    """All that moto keeps, in the order in which its locks are taken."""
    return [MotoPart(moto, service) for service in sorted(SERVICES - PASSING)]


class MotoPart:
    """One service of moto's."""

    def __init__(self, moto: MotoBackends, service: str) -> None:
        self.name = f"moto.{service}"
        self._moto = moto
        self._service = service
        self._containers_of, self._restored = LARGE.get(service, (_none, _nothing))
        self.forget()

    def held(self) -> AbstractContextManager[Any]:
        return self._moto.looking(self._service)

    def forget(self) -> None:
        self._last_seen = (-1, -1)
        self._told: dict[str, bytes] = {}
        self._containers: dict[str, Container] = {}

    def changes(self) -> Iterable[Change]:
        seen = self._seen()
        if seen == self._last_seen:
            return []
        found = list(self._changes())
        self._last_seen = seen
        return found

    def _seen(self) -> tuple[int, int]:
        """What has moved when anything may have changed: moto makes a backend when a region is first asked."""
        return self._moto.uses(self._service), len(_backends(self._service))

    def _changes(self) -> Iterator[Change]:
        seen: dict[str, Container] = {}
        for name, backend in _backends(self._service):
            yield from self._container_changes(name, backend, seen)
            try:
                data = dumped(backend.__dict__, _Names(seen).name, reduced)
            except Exception:  # of one kind of resource; the others are kept
                LOG.exception("%s in %s cannot be kept as it is now", self._service, name)
                continue
            if _digest(data) != self._told.get(name):
                self._told[name] = _digest(data)
                yield Change(BACKENDS, name, data)
        for gone in self._told.keys() - {name for name, _ in _backends(self._service)}:
            del self._told[gone]
            yield Change(BACKENDS, gone, None)
        for gone in self._containers.keys() - seen.keys():
            yield Change(gone, None, None)
        self._containers = seen

    def _container_changes(self, name: str, backend: Any, seen: dict[str, Container]) -> Iterator[Change]:
        for inner, collection, witness, make in self._containers_of(backend):
            owner = f"{name} {inner}"
            known = self._containers.get(owner)
            if known is None or known.held is not collection or known.witness is not witness:
                yield Change(owner, None, None)
                known = make(False)
            seen[owner] = known
            for row, data in known.changes():
                yield Change(owner, row, data)

    def restore(self, rows: Rows) -> None:
        if not rows:
            return
        from moto.backends import get_backend

        collections = {
            owner: self._restored(owner.split(" ", 2)[2], found) for owner, found in rows.items() if owner != BACKENDS
        }
        # all backends exist before one is filled: they know each other
        service: Any = get_backend(self._service)  # type: ignore[call-overload]
        for name in rows.get(BACKENDS, {}):
            account, _, region = name.partition(" ")
            service[account][region]
        for name, data in rows.get(BACKENDS, {}).items():
            account, _, region = name.partition(" ")
            backend = service[account][region]
            state = loaded(data, lambda named: self._found(named, collections))
            backend.__dict__.clear()
            backend.__dict__.update(state)
            self._told[name] = _digest(data)
        self._take_over()

    def _found(self, named: Any, collections: dict[str, Any]) -> Any:
        """What the bytes of a backend left out."""
        from moto.backends import get_backend

        kind, *where = named
        if kind == "rows":
            owner = where[0]
            if owner not in collections:  # an empty one has no rows
                collections[owner] = self._restored(owner.split(" ", 2)[2], {})
            return collections[owner]
        service, account, region = where
        return get_backend(service)[account][region]

    def _take_over(self) -> None:
        """What was restored counts as told."""
        for name, backend in _backends(self._service):
            for inner, _, _, make in self._containers_of(backend):
                self._containers[f"{name} {inner}"] = make(True)
        self._last_seen = self._seen()


class _Names:
    """The names of what a backend's bytes leave out: its containers, and all backends."""

    def __init__(self, containers: Mapping[str, Container]) -> None:
        self._collections = {id(container.held): owner for owner, container in containers.items()}

    def name(self, found: Any) -> Any:
        from moto.core.base_backend import BaseBackend

        if id(found) in self._collections:
            return "rows", self._collections[id(found)]
        if isinstance(found, BaseBackend):
            return "backend", _service_of(found), found.account_id, found.region_name
        return None


def _backends(service: str) -> list[tuple[str, Any]]:
    """The backends of a service that were ever used, by account and region."""
    if MOTO_STATE not in sys.modules:
        return []
    from moto.core.base_backend import BackendDict

    instances: list[Any] = BackendDict._instances  # type: ignore[misc]
    used = [found for found in instances if found.service_name == service]
    return [
        (f"{account} {region}", backend)
        for found in used
        for account, regions in found.items()
        for region, backend in regions.items()
    ]


def _service_of(backend: Any) -> str:
    from moto.core.base_backend import BackendDict

    instances: list[Any] = BackendDict._instances  # type: ignore[misc]
    for found in instances:
        if found.get(backend.account_id, {}).get(backend.region_name) is backend:
            return str(found.service_name)
    raise LookupError(f"{type(backend).__name__} of no service")


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def _none(backend: Any) -> Iterator[Found]:  # noqa: ARG001
    return iter(())


def _nothing(name: str, rows: Mapping[str, bytes]) -> Any:
    raise KeyError(f"{name} with {len(rows)} rows")
