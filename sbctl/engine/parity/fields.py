"""One region's copy of a resource beside another's: which fields are compared, when they are alike, and who moved. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sbctl.core.kinds.compare import same_value
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.values import has_unknown
from sbctl.core.project import OWNERSHIP_TAGS
from sbctl.engine.parity.normalise import Normaliser

Moved = Literal["here", "reference", "both", ""]
TAGS = "tags"


@dataclass(frozen=True)
class RegionCopy:
    """One region's copy of a resource: what the config wants of it, what AWS has, and how to read both without ids."""

    wanted: Mapping[str, Any]
    live: Mapping[str, Any]
    normalised: Normaliser

    def value(self, of: Mapping[str, Any], field: str) -> Any:
        """A field, or `map.key` of an owned map."""
        name, _, key = field.partition(".")
        value = of.get(name)
        return value.get(key) if key and isinstance(value, Mapping) else None if key else value

    def holds(self, kind: Kind[Any, Any], field: str) -> bool | None:
        """Whether AWS has what the config wants; None where it wants nothing.

        What is wanted of a resource that is gone is compared by name: its loss is told once, where it belongs.
        """
        wanted, live = self.value(self.wanted, field), self.value(self.live, field)
        if wanted is None:
            return None
        if has_unknown(wanted):
            wanted, live = self.normalised(wanted), self.normalised(live)
        return same_value(kind, field, wanted, live)


def fields(kind: Kind[Any, Any], here: RegionCopy, there: RegionCopy) -> Iterator[str]:
    """The fields to compare; of owned maps key by key, and of tags only what the config wants.

    Other people's tags mean nothing to a caller, nor does whether sbctl made a thing or found it.
    """
    for field in kind.spec.model_fields:
        if field in kind.spec.create_only:
            continue
        if field not in kind.spec.owned_maps:
            yield field
            continue
        of = (here.wanted, there.wanted) if field == TAGS else (here.wanted, there.wanted, here.live, there.live)
        keys = {key for values in of for key in values.get(field) or {}} - OWNERSHIP_TAGS
        yield from (f"{field}.{key}" for key in sorted(keys))


def differs(kind: Kind[Any, Any], field: str, here: RegionCopy, there: RegionCopy) -> tuple[Any, Any, Moved] | None:
    """The two values and who moved; None when the sides are alike."""
    here_holds, there_holds = here.holds(kind, field), there.holds(kind, field)
    if False not in (here_holds, there_holds) and (here_holds or there_holds):
        # Also where the config speaks of the field in one region only: what it wants to be different is no difference.
        return None
    seen = here.normalised(here.value(here.live, field))
    other = there.normalised(there.value(there.live, field))
    if same_value(kind, field, seen, other) and not _wanted_to_differ(kind, field, here, there):
        return None
    if there_holds and here_holds is False:
        # Against what the config wants here, so that a wanted difference within the value is not shown as one.
        return seen, here.normalised(here.value(here.wanted, field)), "here"
    if here_holds and there_holds is False:
        return other, there.normalised(there.value(there.wanted, field)), "reference"
    return seen, other, "both" if here_holds is False and there_holds is False else ""


def _wanted_to_differ(kind: Kind[Any, Any], field: str, here: RegionCopy, there: RegionCopy) -> bool:
    """Whether the config wants another value here than there: then to be equal is a difference."""
    mine, other = (side.normalised(side.value(side.wanted, field)) for side in (here, there))
    return mine is not None and other is not None and not same_value(kind, field, mine, other)
