"""What should replicate, from where to where, as the project says: tables and buckets that live in several regions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sbctl.core.kinds.spec import ConfigItem
from sbctl.core.moving.canary import CanaryPlace
from sbctl.core.project import Project
from sbctl.desired.config.keys import keys_in, table_key
from sbctl.desired.config.sections import BucketItem


@dataclass(frozen=True)
class Replicated:
    """A table or bucket that should be in several regions. `places` by the regions' priority.

    `keys`: region → the customers' KMS keys that the config names there; the first is that of what is copied there.
    """

    kind: Literal["table", "bucket"]
    name: str
    places: tuple[CanaryPlace, ...]
    item: ConfigItem = field(compare=False)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(place.region for place in self.places)

    def place(self, region: str) -> CanaryPlace:
        return next(place for place in self.places if place.region == region)


@dataclass(frozen=True)
class Pair:
    """One way that data takes: of a table or bucket, from one region to another."""

    of: Replicated
    source: str
    target: str


@dataclass(frozen=True)
class Choice:
    """What is to be looked at; nothing named means all. Naming tables alone leaves buckets out, and the other way round."""

    tables: Collection[str] = ()
    buckets: Collection[str] = ()
    sources: Collection[str] = ()
    targets: Collection[str] = ()

    def takes(self, pair: Pair) -> bool:
        named = self.tables if pair.of.kind == "table" else self.buckets
        is_named = pair.of.name in named or not (self.tables or self.buckets)
        return (
            is_named
            and (not self.sources or pair.source in self.sources)
            and (not self.targets or pair.target in self.targets)
        )


def replicated(project: Project) -> tuple[Replicated, ...]:
    """The project's tables and buckets with more than one region; the regions by priority."""
    return tuple(thing for thing in [*_tables(project), *_buckets(project)] if len(thing.places) > 1)


def all_pairs(project: Project) -> tuple[Pair, ...]:
    """Every ordered pair of regions of everything that replicates."""
    return tuple(
        Pair(thing, source, target)
        for thing in replicated(project)
        for source in thing.regions
        for target in thing.regions
        if source != target
    )


def chosen_pairs(project: Project, choice: Choice) -> tuple[Pair, ...]:
    """The pairs that a choice takes."""
    return tuple(pair for pair in all_pairs(project) if choice.takes(pair))


def _tables(project: Project) -> Iterable[Replicated]:
    for item in project.items.get("tables", ()):
        regions = _in(item, project)
        places = tuple(CanaryPlace(region=region, resource=item.name) for region in regions)
        keys = {region: found for region in regions if (found := tuple(table_key(item.name, project, region)))}
        yield Replicated("table", item.name, places, item, keys)


def _buckets(project: Project) -> Iterable[Replicated]:
    for item in project.items.get("buckets", ()):
        if isinstance(item, BucketItem) and item.replicate:
            regions = _in(item, project)
            keys = {region: found for region in regions if (found := keys_in(item, project, region))}
            places = tuple(
                CanaryPlace(
                    region=region, resource=project.bucket_name(item.name, region), key=keys.get(region, ("",))[0]
                )
                for region in regions
            )
            yield Replicated("bucket", item.name, places, item, keys)


def _in(item: ConfigItem, project: Project) -> list[str]:
    return [region.region for region in project.by_priority if item.in_region(region.region) is not None]
