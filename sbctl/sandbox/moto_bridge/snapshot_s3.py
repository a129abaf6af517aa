"""What is large in moto's S3: the versions of each bucket's keys, with their bodies.

Points touched, checked by tests/sandbox/test_data_moto_contact.py: S3Backend.buckets, FakeBucket.keys with the lists of
versions in it, and FakeKey's attributes, of which those that hold something of their own are listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from sbctl.sandbox.snapshot.pickling import loaded, tried


def buckets_of(backend: Any) -> Iterator[tuple[str, Any, Any, Callable[[bool], Any]]]:
    """The containers of all buckets."""
    for name, bucket in list(backend.buckets.items()):
        yield name, bucket.keys, bucket.keys, partial(SnapshotKeys, bucket.keys)


def buckets_restored(name: str, rows: Mapping[str, bytes]) -> Any:  # noqa: ARG001
    """The keys of one bucket."""
    from moto.s3.utils import _VersionedKeyStore

    found = _VersionedKeyStore()
    for key, data in rows.items():
        found.setlist(key, loaded(data))
    return found


class SnapshotKeys:
    """The keys of one bucket, compared with what their versions looked like when they were last kept."""

    def __init__(self, keys: Any, kept: bool) -> None:
        self.held = self.witness = keys
        self._looks = {key: _look(versions) for key, versions in _listed(keys)} if kept else {}

    def changes(self) -> Iterable[tuple[str, bytes | None]]:
        looks = {}
        for key, versions in _listed(self.held):
            look = looks[key] = _look(versions)
            if look != self._looks.get(key):
                data = tried(versions, f"the object {key}")
                if data is not None:
                    yield key, data
        for gone in self._looks.keys() - looks.keys():
            yield gone, None
        self._looks = looks


def _listed(keys: Any) -> list[tuple[str, list[Any]]]:
    # not by items(): that gives the newest version alone
    return [(key, keys.getlist(key)) for key in list(keys)]


def _look(versions: list[Any]) -> list[Any]:
    """All that can change of versions: their attributes, which moto replaces, and their metadata, which it changes."""
    return [(vars(version).copy(), dict(getattr(version, "metadata", None) or {})) for version in versions]
