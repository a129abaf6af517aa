"""Fields that AWS's lists do not have (`Spec.unlisted`): read one resource at a time where that is needed, else as recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.executors import MakeExecutor
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.values import plain
from sbctl.core.state import Record
from sbctl.engine.matching.identity import owners
from sbctl.engine.matching.targets import ReadUnit, Target

Depth = Literal["recorded", "wanted", "all"]
"""`recorded`: nothing is read of what a record has. `wanted`: what the config asks for, but for fields that are trusted
(`Spec.trusted`). `all`: everything that the config asks for."""
Lives = list[Live[Any]]
Members = Iterable[tuple[Target, ReadUnit]]
SIDE_BY_SIDE = 8
"""Calls of one kind in a region that are under way at a time."""


def completed(
    kind: Kind[Any, Any],
    aws: AwsCalls,
    region: str,
    found: Iterable[Live[Any]],
    members: Members,
    depth: Depth,
    crew: MakeExecutor,
) -> Lives:
    """What a list found, with the unlisted fields of what is looked for. What turns out to be gone is left out."""
    lives = [*found]
    if not kind.spec.unlisted:
        return lives
    whose = _Whose(kind, members)
    asked = [(live, _to_read(kind, whose.target(live), depth)) for live in lives]
    done: dict[int, Live[Any] | None] = {}
    if any(fields for _, fields in asked):
        with crew(SIDE_BY_SIDE, "read") as pool:
            running = [
                (at, pool.submit(kind.complete, aws, region, live, fields))
                for at, (live, fields) in enumerate(asked)
                if fields
            ]
            done = {at: future.result() for at, future in running}
    read = [(done.get(at, live), fields, live) for at, (live, fields) in enumerate(asked)]
    return [_as_recorded(kind, one, whose.target(before), fields) for one, fields, before in read if one is not None]


def completed_whole(
    kind: Kind[Any, Any], aws: AwsCalls, region: str, found: Iterable[Live[Any]]
) -> Iterator[Live[Any]]:
    """What a list found, with all unlisted fields, for who takes it over or shows it."""
    for live in found:
        whole = kind.complete(aws, region, live, kind.spec.unlisted) if kind.spec.unlisted else live
        if whole is not None:
            yield whole


class _Whose:
    """Who looks for a resource: by its recorded id, its ownership tag or its natural key."""

    def __init__(self, kind: Kind[Any, Any], members: Members) -> None:
        self._kind = kind
        self._by_id: dict[str, Target] = {}
        self._by_owner: dict[str, Target] = {}
        self._by_key: dict[str, Target] = {}
        for target, where in members:
            if target.record is not None and target.record.ids.get("id"):
                self._by_id[target.record.ids["id"]] = target
            self._by_key[where.key] = target
            self._by_owner.update(dict.fromkeys(owners(target), target))

    def target(self, live: Live[Any]) -> Target | None:
        """The target that it may be; None for what nobody looks for."""
        by_id = self._by_id.get(live.ids.get("id", ""))
        return by_id or self._by_owner.get(live.owner) or self._by_key.get(self._kind.key(live.spec))


def _to_read(kind: Kind[Any, Any], target: Target | None, depth: Depth) -> frozenset[str]:
    """The fields that are to be read of a resource."""
    if target is None:
        return frozenset()
    wanted = target.desired.values if target.desired is not None else {}
    applied = _applied(target.record)
    return frozenset(
        name
        for name in kind.spec.unlisted
        if (wanted.get(name) is not None or applied.get(name) is not None)
        and not _is_known(kind, name, wanted, applied, depth)
    )


def _is_known(
    kind: Kind[Any, Any], name: str, wanted: Mapping[str, Any], applied: Mapping[str, Any], depth: Depth
) -> bool:
    """Whether the record is as good as the resource."""
    if applied.get(name) is None or depth == "all":
        return False
    return depth == "recorded" or (name in kind.spec.trusted and bool(plain(wanted.get(name)) == applied[name]))


def _as_recorded(kind: Kind[Any, Any], live: Live[Any], target: Target | None, read: frozenset[str]) -> Live[Any]:
    """With what was not read as the record has it."""
    applied = _applied(target.record if target is not None else None)
    left = {name: applied[name] for name in kind.spec.unlisted - read if applied.get(name) is not None}
    if not left:
        return live
    values = {name: value for name, value in plain(live.spec).items() if name not in left}
    return replace(live, spec=kind.spec.model_validate({**values, **left}))


def _applied(record: Record | None) -> Mapping[str, Any]:
    return record.applied if record is not None and record.status == "ready" else {}
