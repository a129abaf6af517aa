"""Are the regions alike? Compares what AWS has in one region with what it has in another. Pure: it calls nothing.

Alike is not the same as wanted: what drifted in both regions in the same way is alike, and what the config wants to be
different is no difference. Ids, ARNs and region codes never count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sbctl.checks.severity import UNKNOWN, Severity, severity
from sbctl.core.address import Address, Ref
from sbctl.core.aws.problem import SILENT_SERVICE
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import Unknown, plain, resolve
from sbctl.engine.matching.identity import settled
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.parity.fields import Moved, RegionCopy, differs, fields
from sbctl.engine.parity.normalise import Normaliser
from sbctl.engine.parity.peers import PeerKey, seat
from sbctl.engine.session import Seen

What = Literal["missing", "differs"]
SILENT = "region-unreachable"


@dataclass(frozen=True)
class Difference:
    """One thing that a region has otherwise than the reference region.

    `moved` says which side is not as the config wants; empty where the config does not speak of the field. Where it is the
    reference, the difference is the reference's. `here` is what it has, `there` what it should have or what the reference has,
    both without ids. `said` are sentences on what it means, where the kind has any.
    """

    what: What
    address: Address
    region: str
    reference: str
    field: str = ""
    here: Any = None
    there: Any = None
    moved: Moved = ""
    said: tuple[str, ...] = ()
    peer: Address | None = None
    """The address of the reference region's copy."""
    severity: Severity = UNKNOWN


@dataclass(frozen=True)
class Extra:
    """Something that stands in one region's Connect instance only and that the config does not name."""

    kind: str
    key: str
    region: str
    absent_in: str


@dataclass(frozen=True)
class Cell:
    """One kind in one region. `unknown` says why nothing can be said; empty when everything was read."""

    kind: str
    region: str
    compared: int
    differing: int
    missing: int
    extra: int
    unknown: str


@dataclass(frozen=True)
class Comparison:
    """All regions against the reference."""

    reference: str
    regions: tuple[str, ...]
    cells: tuple[Cell, ...]
    differences: tuple[Difference, ...]
    extras: tuple[Extra, ...]


def compare(kinds: Kinds, seen: Seen, codes: tuple[str, ...], reference: str, regions: tuple[str, ...]) -> Comparison:
    """Compare each of `regions` with `reference`. `codes` are the codes of all regions of the project."""
    return _Comparer(kinds, seen, codes, reference).compare(regions)


class _Comparer:
    def __init__(self, kinds: Kinds, seen: Seen, codes: tuple[str, ...], reference: str) -> None:
        self._kinds = kinds
        self._world = seen.world
        self._state = seen.state
        self._reference = reference
        self._seats: dict[str, dict[PeerKey, Desired]] = {code: {} for code in codes}
        for item in seen.desired:
            seated = seat(item.address, codes)
            if seated:
                self._seats[seated[0]][seated[1]] = item
        self._normalisers = {code: Normaliser(code, codes, seen.world, seen.state) for code in codes}

    def compare(self, regions: tuple[str, ...]) -> Comparison:
        found = (one for region in (self._reference, *regions) for one in self._of_region(region))
        # Where the reference itself moved, every other region says so.
        differences = [*{(one.address, one.field, one.region): one for one in found}.values()]
        extras = [found for region in regions for found in self._extras(region)]
        cells = [
            self._cell(kind, region, differences, extras)
            for kind in sorted({item.kind for region in regions for item in self._seats[region]})
            for region in (self._reference, *regions)
        ]
        return Comparison(self._reference, regions, tuple(cells), tuple(differences), tuple(extras))

    def _of_region(self, region: str) -> Iterator[Difference]:
        for place, item in sorted(self._seats[region].items()):
            if item.address in self._world.unread:
                continue
            if item.address not in self._world.live:
                hurts = severity(self._kinds[item.address.kind], item.address)
                yield Difference("missing", item.address, region, self._reference, moved="here", severity=hurts)
                continue
            peer = self._seats[self._reference].get(place)
            if region != self._reference and peer is not None and peer.address in self._world.live:
                yield from self._of_pair(region, item, peer)

    def _of_pair(self, region: str, item: Desired, peer: Desired) -> Iterator[Difference]:
        kind = self._kinds[item.address.kind]
        here, there = self._side(region, item), self._side(self._reference, peer)
        for field in fields(kind, here, there):
            found = differs(kind, field, here, there)
            if found is None:
                continue
            mine, other, moved = found
            if field in kind.spec.confidential and not moved:  # the config does not speak of it on either side
                mine = other = None
            place = (peer.address, self._reference) if moved == "reference" else (item.address, region)
            base = field.partition(".")[0]
            # sentences are kept with readings and stand in reports: they never hold data of people
            of_people = (f"{field} differs",) if base in kind.spec.personal else ()
            said = of_people or tuple(kind.describe_impact(base, other, mine))
            hurts = severity(kind, place[0], field)
            yield Difference("differs", *place, self._reference, field, mine, other, moved, said, peer.address, hurts)

    def _side(self, region: str, item: Desired) -> RegionCopy:
        live = self._world.live[item.address]
        values = plain(live.spec)
        wanted = resolve(settled(item, item.values, live), self._lookup)
        return RegionCopy(wanted, values, self._normalisers[region])

    def _lookup(self, ref: Ref) -> Any:
        """A reference as AWS has it; of what does not answer, as the state knows it."""
        record = self._state.get(ref.address)
        if record is None or ref.address not in self._world.unread:
            return self._world.lookup(ref)
        try:
            return record.output(ref.output)
        except KeyError:
            return Unknown(ref)

    def _extras(self, region: str) -> Iterator[Extra]:
        for kind in self._kinds.values():
            here, there = self._others(kind.name, region), self._others(kind.name, self._reference)
            if here is None or there is None:
                continue
            yield from (Extra(kind.name, key, region, self._reference) for key in sorted(here - there))
            yield from (Extra(kind.name, key, self._reference, region) for key in sorted(there - here))

    def _others(self, kind: str, region: str) -> set[str] | None:
        """The names of what nobody asked for; None when the region's containers were not read."""
        groups = [found for (name, place, _), found in self._world.others.items() if (name, place) == (kind, region)]
        return {self._normalisers[region](key) for found in groups for key in found} if groups else None

    def _cell(self, kind: str, region: str, differences: Iterable[Difference], extras: Iterable[Extra]) -> Cell:
        items = [item for place, item in self._seats[region].items() if place.kind == kind]
        found = [one for one in differences if one.region == region and one.address.kind == kind]
        missing = sum(one.what == "missing" for one in found)
        differing = len({one.address for one in found if one.what == "differs"})
        extra = sum(one.kind == kind and one.region == region for one in extras)
        return Cell(kind, region, len(items), differing, missing, extra, self._unknown(kind, region))

    def _unknown(self, kind: str, region: str) -> str:
        """Why nothing is known of a kind in a region, or in the reference: whose silence it is, or what refused."""
        asked = [self._seats[code].items() for code in (region, self._reference)]
        of_kind = [item.address for items in asked for place, item in items if place.kind == kind]
        unread = [address for address in of_kind if address in self._world.unread]
        if not unread:
            return ""
        silent = {one.at: one.summary for one in self._world.problems if one.code == SILENT}
        for code in (region, self._reference, *sorted(silent)):
            if code in silent:
                return f"{code} does not answer" + (f" for {kind}" if silent[code] == SILENT_SERVICE else "")
        return f"{unread[0]} could not be read"
