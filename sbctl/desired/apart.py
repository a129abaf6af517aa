"""Names that differ only in what an address leaves out, such as `A B` and `a-b`: each gets an address of its own.

The one that is spelled like its address keeps it, all others get the beginning of their name's hash. That depends on the
names alone and not on their order. It is done once, on everything that is wanted, so that references follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from sbctl.core.address import Address, Joined, Ref
from sbctl.core.project import ADDRESS_TAG
from sbctl.core.slug import apart
from sbctl.core.spec import Desired, Spec

Rename = Callable[[Address], Address]


def kept_apart(wanted: Sequence[Desired]) -> list[Desired]:
    """The same resources, each with an address of its own unless two have the very same name."""
    called: dict[Address, set[str]] = {}
    for desired in wanted:
        called.setdefault(desired.address, set()).add(desired.address.called)
    shared = {address: names for address, names in called.items() if len(names) > 1}
    if not shared:
        return list(wanted)
    rename = _renaming(shared)
    return sorted((_renamed(desired, rename) for desired in wanted), key=lambda desired: desired.address)


def _renaming(shared: Mapping[Address, Iterable[str]]) -> Rename:
    def rename(address: Address) -> Address:
        if address.called not in shared.get(address, ()):
            return address
        return address.named(apart(address.called))

    return rename


def _renamed(desired: Desired, rename: Rename) -> Desired:
    old, new = desired.address, rename(desired.address)
    spec = _in(desired.spec, rename)
    tags = getattr(spec, "tags", None)
    if isinstance(tags, dict) and tags.get(ADDRESS_TAG) == str(old):
        spec = spec.model_copy(update={"tags": {**tags, ADDRESS_TAG: str(new)}})
    assert isinstance(spec, Spec)
    return Desired(address=new, spec=spec, needs=frozenset(map(rename, desired.needs)), at=desired.at)


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
