"""What there is in a world, comparable with another world: everything of every kind, with ids replaced by names.

Whole kinds are listed, not only what the config wants: what exists twice, or should not exist, shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.address import Address, Ref
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.values import plain
from tests.sweeps.place import Place, PlacedApp

Group = tuple[str, str]
SETTLED_SECONDS = 300.0
"""Connect's search shows nothing newer than a minute or so."""
SHORTEST = 8
"""Of ids: what is shorter is a word."""
PLAIN = ("home", "name", "set", "alias", "type")
"""Outputs that are words of the config."""
Likeness = dict[str, list[str]]


def likeness(place: Place) -> Likeness:
    """All resources by kind and region, as sorted texts, when everything has settled."""
    place.world.scheduler.advance(SETTLED_SECONDS)
    app = PlacedApp(place)
    found: dict[Group, list[Live[Any]]] = {}
    for kind in _containers_first(app):
        for region in _regions(app, kind):
            found[kind.name, region] = [
                live
                for within in _places(app, kind, region, found)
                for live in kind.list(app.clients.standard.calls, kind.home or region, within)
            ]
    names = _names(found)
    return {f"{kind}.{region}": sorted(_text(live, names) for live in lives) for (kind, region), lives in found.items()}


def unlike(wanted: Mapping[str, list[str]], found: Mapping[str, list[str]]) -> list[str]:
    """Where two likenesses differ."""
    wrong = []
    for group in sorted({*wanted, *found}):
        left, right = list(wanted.get(group, [])), list(found.get(group, []))
        for text in list(left):
            if text in right:
                left.remove(text)
                right.remove(text)
        wrong += [f"{group}: missing {text}" for text in left] + [f"{group}: too much {text}" for text in right]
    return wrong


def _containers_first(app: PlacedApp) -> Iterator[Kind[Any, Any]]:
    needs = {
        kind.name: frozenset(container for container, _, _ in _within(app, kind, "")) for kind in app.kinds.values()
    }
    left = sorted(needs)
    while left:
        ready = [name for name in left if not needs[name] & ({*left} - {name})]
        yield from (app.kinds[name] for name in ready)
        left = [name for name in left if name not in ready]


def _regions(app: PlacedApp, kind: Kind[Any, Any]) -> list[str]:
    project = app.loaded.project
    if kind.scope == "global":
        return [project.primary.region]
    return [region.region for region in project.by_priority]


def _places(app: PlacedApp, kind: Kind[Any, Any], region: str, found: Mapping[Group, list[Live[Any]]]) -> Iterator[str]:
    """The containers in which there may be some: of the wanted kinds of container, all that exist."""
    if not kind.within:
        yield ""
        return
    places = set()
    for container, output, plain_value in _within(app, kind, region):
        if plain_value:
            places.add(plain_value)
        if container:
            scope = app.kinds[container].scope
            group = (container, app.loaded.project.primary.region if scope == "global" else region)
            places |= {str(live.output(output)) for live in found[group]}
    yield from sorted(places)


def _within(app: PlacedApp, kind: Kind[Any, Any], region: str) -> set[tuple[str, str, str]]:
    """(kind of container, its output, "") or ("", "", the container itself), as the config has it; region "" for all."""
    found = set()
    for item in app.loaded.desired if kind.within else ():
        if item.address.kind != kind.name or item.address.region not in (region or item.address.region, "global"):
            continue
        value = getattr(item.spec, kind.within)
        found.add((value.address.kind, value.output, "") if isinstance(value, Ref) else ("", "", str(value)))
    return found


def _names(found: Mapping[Group, list[Live[Any]]]) -> dict[str, str]:
    """Names for all ids and outputs: the owner's address where the resource tells it, else its kind and region."""
    names: dict[str, str] = {}
    for (kind, region), lives in found.items():
        for live in lives:
            for output, value in {**live.ids, **live.outputs}.items():
                if isinstance(value, str) and len(value) >= SHORTEST and output not in PLAIN:
                    names.setdefault(value, f"<{live.owner or Address.of(kind, region, '-')} {output}>")
    return names


def _text(live: Live[Any], names: Mapping[str, str]) -> str:
    text = json.dumps(plain(live.spec), default=str)
    for value in sorted(names, key=lambda value: (-len(value), value)):
        text = text.replace(value, names[value])
    return json.dumps(_in_order(json.loads(text)), sort_keys=True)


def _in_order(value: Any) -> Any:
    """Lists are sets to AWS, or in the order of ids; what has an order of its own, has names for it."""
    if isinstance(value, dict):
        return {key: _in_order(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((_in_order(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value
