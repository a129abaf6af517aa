"""What an observation looks for in one place: recorded ids first, then ownership tags, then natural keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sought:
    """`keys` are those that the config wants now and those under which recorded resources were applied.

    `ids` are all values of recorded ids, `owners` the addresses that an ownership tag may hold.
    """

    keys: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()

    def has(self, key: str, identity: str = "", owner: str = "") -> bool:
        """Whether a resource with this natural key, id or ownership tag is looked for."""
        return key in self.keys or identity in self.ids or owner in self.owners


def same_ids(recorded: Mapping[str, str], known: Iterable[Mapping[str, str]]) -> bool:
    """Whether recorded ids are those of a resource; `known` are all the ids that it goes by."""
    return any(ids and all(recorded.get(name) == value for name, value in ids.items()) for ids in known)
