"""Trees of values (dicts, lists, scalars) with references as leaves: walk them, resolve them, write them as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from sbctl.core.address import Joined, Ref


class UnknownValueError(Exception):
    """Raised when a text is made of a value that is not known yet."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(repr(unknown))
        self.unknown = unknown


class Unknown:
    """The value of a reference to something that does not exist yet. Never equal to a live value.

    `pending` says that nobody has looked yet. It refuses to become part of a text, so that it cannot leak into a name.
    """

    def __init__(self, ref: Ref, *, pending: bool = False) -> None:
        self.ref = ref
        self.pending = pending

    def __repr__(self) -> str:
        return f"(known after {self.ref.address})"

    def __str__(self) -> str:
        raise UnknownValueError(self)

    def __format__(self, spec: str) -> str:
        raise UnknownValueError(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and other.ref == self.ref

    def __hash__(self) -> int:
        return hash(self.ref)


Lookup = Callable[[Ref], Any]
SCALARS = frozenset({str, int, bool, float, type(None)})
"""Most of any tree; asked for first, since each of some thousand resources is walked several times a plan."""


def plain(value: Any) -> Any:
    """A tree of plain dicts, lists and scalars from models; references stay references."""
    if type(value) in SCALARS or isinstance(value, Ref | Joined):
        return value
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    return value


def refs(value: Any) -> Iterator[Ref]:
    """Every reference in a tree."""
    if type(value) in SCALARS:
        return
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Joined):
        yield from (part for part in value.parts if isinstance(part, Ref))
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from refs(getattr(value, name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from refs(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from refs(item)


def resolve(value: Any, lookup: Lookup) -> Any:
    """The plain tree with every reference replaced by what `lookup` says (which may be an Unknown)."""
    if type(value) in SCALARS:
        return value
    if isinstance(value, Ref):
        return lookup(value)
    if isinstance(value, Joined):
        return _join(value, lookup)
    if isinstance(value, Mapping):
        return {key: resolve(item, lookup) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(item, lookup) for item in value]
    if isinstance(value, BaseModel):
        return resolve(plain(value), lookup)
    return value


def _join(value: Joined, lookup: Lookup) -> Any:
    found = [part if isinstance(part, str) else lookup(part) for part in value.parts]
    missing = next((part for part in found if isinstance(part, Unknown)), None)
    return missing if missing is not None else "".join(str(part) for part in found)


def has_unknown(value: Any) -> bool:
    """Whether any leaf of the tree is Unknown."""
    if type(value) in SCALARS:
        return False
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(has_unknown(item) for item in value)
    return False


def to_json(value: Any) -> Any:
    """The tree as plan files hold it: references as `{"$ref": "address#output"}`, joins as `{"$join": [...]}`."""
    if type(value) in SCALARS:
        return value
    if isinstance(value, Ref):
        return {"$ref": str(value)}
    if isinstance(value, Joined):
        return {"$join": [to_json(part) for part in value.parts]}
    if isinstance(value, Unknown):
        return {"$unknown": str(value.ref)}
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value


def from_json(value: Any) -> Any:
    """The inverse of `to_json`."""
    if type(value) in SCALARS:
        return value
    if isinstance(value, dict):
        if set(value) == {"$ref"}:
            return Ref.parse(value["$ref"])
        if set(value) == {"$unknown"}:
            return Unknown(Ref.parse(value["$unknown"]))
        if set(value) == {"$join"}:
            return Joined(parts=tuple(from_json(part) for part in value["$join"]))
        return {key: from_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_json(item) for item in value]
    return value
