"""The names by which the config will know what was found: each once, since two that differ in spelling share an address."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from sbctl.core.address import Address, slug
from sbctl.core.resource import NotSayable
from sbctl.desired.flows.placeholders import KINDS

Found = Mapping[str, str]


class Names:
    """Names by kind, and by id and ARN."""

    def __init__(self) -> None:
        self._by_identity: dict[tuple[str, str], str] = {}
        self._taken: dict[Address, str] = {}

    def take(self, kind: str, region: str, name: str, identities: Found) -> None:
        """Give a name to what has these ids. Raises NotSayable when its address is taken."""
        if not slug(name):
            raise NotSayable("its name has no letter or digit that an address of sbctl can hold")
        address = Address.of(kind, region, name)
        other = self._taken.setdefault(address, name)
        if other != name:
            raise NotSayable(f"sbctl would know it by the same address as {other!r}: {address}")
        for identity in identities.values():
            self._by_identity[kind, identity] = name

    def free(self, kind: str, region: str, wanted: str, longest: int) -> str:
        """A name like the wanted one, short enough, whose address nobody has: cut, and with a number where it must be."""
        for number in itertools.count(1):
            ending = "" if number == 1 else f"-{number}"
            name = wanted[: longest - len(ending)].strip("-") + ending
            if Address.of(kind, region, name) not in self._taken:
                return name
        raise AssertionError("numbers end")

    def release(self, kind: str, identities: Found) -> None:
        """What has these ids is not taken over after all; its address stays taken."""
        for identity in identities.values():
            self._by_identity.pop((kind, identity), None)

    def __call__(self, kind: str, identity: str) -> str:
        """The name of what has this id or ARN. Raises NotSayable when it has none."""
        try:
            return self._by_identity[kind, identity]
        except KeyError:
            raise NotSayable(f"it refers to {identity}, which is not taken over") from None

    @property
    def placeholders(self) -> dict[str, str]:
        """ARN → what stands for it in a flow, such as `${queue:Sales}`."""
        words = {kind: word for word, (kind, _) in KINDS.items()}
        return {
            identity: f"${{{words[kind]}:{name}}}"
            for (kind, identity), name in self._by_identity.items()
            if kind in words and identity.startswith("arn:") and "}" not in name
        }
