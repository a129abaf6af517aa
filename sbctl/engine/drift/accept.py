"""Drift taken into the config: which values of which files say what AWS has now, and what cannot be said there. Pure.

One region that moved becomes an override of that region; all regions that moved alike become the item's own value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.core.address import Ref
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import ConfigItem
from sbctl.core.project import Project
from sbctl.core.project_files import REGIONS_FILE
from sbctl.core.text.slug import meant
from sbctl.engine.drift.accept_flow import accepted_flow, named_in
from sbctl.engine.drift.config_edit import RULES, ConfigEdit, NotExpressible, Refusal
from sbctl.engine.drift.detect import Drifted
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.parity.peers import PeerKey, seat
from sbctl.engine.session import Seen
from sbctl.files.positions import JsonPath

Found = list[ConfigEdit | Refusal]
BY_HAND = "the config knows it by this name: rename the item there and in what names it, and its records with sbctl state rename"


def accept(kinds: Kinds, project: Project, seen: Seen, drifted: Iterable[Drifted], config: Mapping[str, Any]) -> Found:
    """What to write for each drifted field, or why it cannot be said. `config` is regions.json as read."""
    return _Writer(kinds, project, seen, config).all_of(drifted)


@dataclass(frozen=True)
class _Group:
    """One field that drifted, in one region or in several, by region."""

    kind: Kind[Any, Any]
    seat: PeerKey
    field: str
    by_region: Mapping[str, Drifted]

    @property
    def first(self) -> Drifted:
        return next(iter(self.by_region.values()))

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(str(one.address) for one in self.by_region.values())


class _Writer:
    def __init__(self, kinds: Kinds, project: Project, seen: Seen, config: Mapping[str, Any]) -> None:
        self._kinds = kinds
        self._project = project
        self._seen = seen
        self._config = config
        self._desired = {item.address: item for item in seen.desired}
        self._names = named_in(kinds, project, seen.world)

    def all_of(self, drifted: Iterable[Drifted]) -> Found:
        found: Found = []
        for group in self._groups(drifted):
            try:
                found += [one for one in self._of_group(group) if one not in found]  # fields may share a document
            except NotExpressible as error:
                found.append(Refusal(group.addresses, group.field, str(error), error.instead))
        return found

    def _groups(self, drifted: Iterable[Drifted]) -> list[_Group]:
        codes = [region.region for region in self._project.by_priority]
        rows: dict[tuple[PeerKey, str], dict[str, Drifted]] = {}
        for one in drifted:
            region, place = seat(one.address, codes) or (
                one.address.region,
                PeerKey(one.address.kind, one.address.name),
            )
            rows.setdefault((place, one.field), {})[region] = one
        return [_Group(self._kinds[place.kind], place, field, found) for (place, field), found in rows.items()]

    def _of_group(self, group: _Group) -> Found:
        if group.first.moved == "deleted":
            raise NotExpressible("it was deleted: take it, or its region, out of the config by hand, or --revert")
        if group.first.moved == "made anew" and not group.field:
            raise NotExpressible("it was created again: sbctl deploy adopts it")
        place = group.kind.config_paths.get(group.field)
        if place is None and self._is_key(group):
            return [self._renamed(group)]
        if place is None:
            raise NotExpressible("the config has no place for this field")
        if place == "document":
            return [*accepted_flow(self._project, self._seen.world, group.by_region, self._names)]
        where, _, path = place.rpartition(":")
        if where == "rules":
            return [self._in_rules(group, path.split("."))]
        return self._in_item(group, where or group.kind.section, path)

    def _renamed(self, group: _Group) -> ConfigEdit:
        """The item's new name, where it stands and where others name it. The records go along with the next deploy."""
        section = group.kind.section
        if not isinstance(self._config.get(section), list):
            raise NotExpressible(BY_HAND)
        index, item = self._item(section, group)
        if item.name != group.first.wanted:
            raise NotExpressible(BY_HAND)
        new = {one.live for one in group.by_region.values()}
        having = [region.region for region in self._project.by_priority if item.in_region(region.region) is not None]
        if group.kind.connect_only:
            having = [region.region for region in self._project.connect_regions if region.region in having]
        silent = [region for region in having if region not in group.by_region]
        if silent or len(new) > 1:
            moved = f"{', '.join(silent)} did not move" if silent else "they moved to different ones"
            raise NotExpressible(f"the item has one name for all regions, and {moved}")
        (name,) = new
        if any(other.name == name for other in self._project.items.get(section, ())):
            raise NotExpressible(
                f"{name!r} is the name of another item: where two were exchanged, give one of them a third name in AWS first"
            )
        others = tuple(path for place in group.kind.named_by for path in _naming(self._config, place, item.name))
        return ConfigEdit(REGIONS_FILE, (section, index, "name"), item.name, name, group.addresses, others)

    def _is_key(self, group: _Group) -> bool:
        """Whether it is the field by which the kind knows the resource."""
        live = self._seen.world.live.get(group.first.address)
        if live is None or group.field not in type(live.spec).model_fields:
            return False
        wanted = live.spec.model_copy(update={group.field: group.first.wanted})
        return group.kind.key(wanted) != group.kind.key(live.spec)

    def _in_rules(self, group: _Group, path: list[str]) -> ConfigEdit:
        """failover-rules.json has one value for all regions."""
        codes = [region.region for region in self._project.by_priority]
        peers = {found[0] for address in self._desired if (found := seat(address, codes)) and found[1] == group.seat}
        values = [one.live for one in group.by_region.values()]
        silent = ", ".join(sorted(peers - group.by_region.keys()))
        if silent:
            raise NotExpressible(f"{RULES} has one value for all regions, and {silent} did not move")
        if any(value != values[0] for value in values):
            raise NotExpressible(f"{RULES} has one value for all regions, and they moved to different ones")
        return ConfigEdit(RULES, tuple(path), group.first.wanted, values[0], group.addresses)

    def _in_item(self, group: _Group, section: str, field: str) -> Found:
        index, item = self._item(section, group)
        values = {region: self._value(item, field, region, one) for region, one in group.by_region.items()}
        having = {region.region for region in self._project.by_priority if item.in_region(region.region) is not None}
        if group.kind.connect_only:
            having &= {region.region for region in self._project.connect_regions}
        overridden = any(field in override for override in item.overrides.values())
        same = all(value == next(iter(values.values())) for value in values.values())
        base = (section, index)
        if same and having == set(values) and not overridden:
            before = _said(item, field)
            return [ConfigEdit(REGIONS_FILE, (*base, field), before, next(iter(values.values())), group.addresses)]
        return [
            ConfigEdit(
                REGIONS_FILE, path, _said(item.in_region(region) or item, field), values[region], (str(one.address),)
            )
            for region, one in group.by_region.items()
            for path in [(*base, "overrides", region, field)]
        ]

    def _item(self, section: str, group: _Group) -> tuple[int, ConfigItem]:
        listed = self._config.get(section)
        if isinstance(listed, dict):
            raise NotExpressible(f"{section} stand in {listed.get('file')}: change it there")
        if not isinstance(listed, list):
            raise NotExpressible(f"{REGIONS_FILE} has no section {section!r} yet: sbctl uses its defaults")
        items = self._project.items[section]  # as they are listed, with the names that the file need not spell
        names = [item.name for item in items]
        alone = self._asked_for_by(group) if section == group.kind.section else None
        name = alone or meant(names, group.first.address.name)
        if name is not None:
            index = names.index(name)
            return index, items[index]
        raise NotExpressible(f"no item of {section!r} speaks of it alone")

    def _asked_for_by(self, group: _Group) -> str | None:
        """The item that asks for this resource and for no other: its name need not be the resource's."""
        address = group.first.address
        for item in self._project.items.get(group.kind.section, ()):
            here = item.in_region(address.region)
            wanted = group.kind.expand(here, self._project, address.region) if here is not None else ()
            if [one.address for one in wanted] == [address]:
                return item.name
        return None

    def _value(self, item: ConfigItem, field: str, region: str, one: Drifted) -> Any:
        """The live value as the config would say it: names in place of ids, placeholders where nothing moved."""
        said = _said(item.in_region(region) or item, field)
        wanted = self._desired[one.address].values.get(one.field.partition(".")[0])
        if isinstance(wanted, Ref):
            return self._named(one.live, wanted.address.kind, region)
        if isinstance(said, bool) and one.live in ("true", "false"):
            return one.live == "true"
        if isinstance(said, dict) and isinstance(one.live, dict):
            return _merged(said, one.live, one.wanted or {})
        if one.live is None:
            raise NotExpressible("AWS has no value, and the config cannot say so")
        return one.live

    def _named(self, live: Any, kind: str, region: str) -> str:
        names = {identity: name for identity, name in self._names(kind, region)}
        if live not in names:
            raise NotExpressible(f"{live} is none of the config's")
        return names[live]


def _said(item: ConfigItem, field: str) -> Any:
    """What an item says of a field, as regions.json spells it."""
    return item.model_dump(by_alias=True).get(field)


def _merged(said: Mapping[str, Any], live: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The config's map with what moved: placeholders stay where AWS has what they stand for."""
    return {key: said[key] if key in said and live[key] == wanted.get(key) else value for key, value in live.items()}


def _naming(config: Any, place: str, name: str) -> Iterator[JsonPath]:
    """Where a name stands under `section.field.field`, through lists."""
    rows: list[tuple[JsonPath, Any]] = [((), config)]
    for part in place.split("."):
        rows = [((*path, part), value[part]) for path, value in rows if isinstance(value, Mapping) and part in value]
        rows = [
            each
            for path, value in rows
            for each in (
                [((*path, n), one) for n, one in enumerate(value)] if isinstance(value, list) else [(path, value)]
            )
        ]
    yield from (path for path, value in rows if value == name)
