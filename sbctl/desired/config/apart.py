"""Names that differ only in what an address leaves out, such as `A B` and `a-b`: each gets an address of its own.

What the state has keeps its address, and a newcomer gets the beginning of its name's hash: whoever has noted an address goes
on meaning the same. Where the state knows none of them, the one that is spelled like the address has it, in whatever order
they stand. It is done once, on everything that is wanted, so that references follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from sbctl.core.address import Address, Joined, Ref
from sbctl.core.kinds.spec import Desired, Spec
from sbctl.core.project import ADDRESS_TAG
from sbctl.core.text.slug import apart, marked

Rename = Callable[[Address], Address]
Taken = Mapping[str, str]
"""By address in the state, the name of what stands there."""


def kept_apart(wanted: Sequence[Desired], taken: Taken = MappingProxyType({})) -> list[Desired]:
    """The same resources, each with an address of its own unless two have the very same name."""
    called: dict[Address, set[str]] = {}
    kept: dict[Address, str] = {}
    moved: set[tuple[Address, str]] = set()
    for desired in wanted:
        address, name = desired.address, getattr(desired.spec, "name", None)
        called.setdefault(address, set()).add(address.called)
        if taken.get(str(address)) == name is not None:
            kept[address] = address.called
        elif taken.get(str(address.named(marked(address.called)))) == name is not None:
            moved.add((address, address.called))
    shared = {address: names for address, names in called.items() if len(names) > 1}
    if not shared and not moved:
        return list(wanted)
    rename = _renaming(shared, kept, moved)
    return sorted((_renamed(desired, rename) for desired in wanted), key=lambda desired: desired.address)


def _renaming(
    shared: Mapping[Address, Iterable[str]], kept: Mapping[Address, str], moved: Set[tuple[Address, str]]
) -> Rename:
    """`kept` are the names that have their plain address in the state, `moved` those that have another one there."""

    def rename(address: Address) -> Address:
        called = address.called
        if (address, called) in moved:
            return address.named(marked(called))
        if called not in shared.get(address, ()) or kept.get(address) == called:
            return address
        return address.named(marked(called) if address in kept else apart(called))

    return rename


def _renamed(desired: Desired, rename: Rename) -> Desired:
    old, new = desired.address, rename(desired.address)
    spec = _in(desired.spec, rename)
    tags = getattr(spec, "tags", None)
    if isinstance(tags, dict) and tags.get(ADDRESS_TAG) == str(old):
        spec = spec.model_copy(update={"tags": {**tags, ADDRESS_TAG: str(new)}})
    assert isinstance(spec, Spec)
    needs = frozenset(map(rename, desired.needs))
    return replace(desired, address=new, spec=spec, needs=needs)


def _in(value: Any, rename: Rename) -> Any:
    """The value with other addresses in its references."""
    if isinstance(value, Ref):
        return value.model_copy(update={"address": rename(value.address)})
    if isinstance(value, Joined):
        return value.model_copy(update={"parts": tuple(_in(part, rename) for part in value.parts)})
    if isinstance(value, BaseModel):
        fields = {name: _in(getattr(value, name), rename) for name in type(value).model_fields}
        return value.model_copy(update=fields)
    if isinstance(value, dict):
        return {key: _in(item, rename) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(_in(item, rename) for item in value)
    return value
