"""The names by which the config will know what was found, and the files that hold what they name."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from sbctl.core.address import Address
from sbctl.core.kinds.resource import NotSayable
from sbctl.core.text.slug import mark, stem
from sbctl.flows.names.placeholders import KINDS, placeholder

Found = Mapping[str, str]


class Names:
    """Names by kind, and by id and ARN."""

    def __init__(self) -> None:
        self._by_identity: dict[tuple[str, str], str] = {}
        self._taken: set[Address] = set()
        self._files: dict[str, str] = {}

    def take(self, kind: str, region: str, name: str, identities: Found) -> None:
        """Give a name to what has these ids."""
        self._taken.add(Address.of(kind, region, name))
        for identity in identities.values():
            self._by_identity[kind, identity] = name

    def file(self, folder: str, name: str, ending: str) -> str:
        """The path of the file for a name: that of no other name, whatever file systems make of both."""
        plain = f"{folder}/{stem(name)}{ending}"
        if self._files.setdefault(plain, name) == name:
            return plain
        marked = f"{folder}/{stem(name)}-{mark(name)}{ending}"
        self._files[marked] = name
        return marked

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
            identity: placeholder(words[kind], name)
            for (kind, identity), name in self._by_identity.items()
            if kind in words and identity.startswith("arn:")
        }
