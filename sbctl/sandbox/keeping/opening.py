"""A world that is kept, opened: its settings from the save and from what was asked for, its state, its keeper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sbctl.sandbox.keeping.folder import DataFolder
from sbctl.sandbox.keeping.keeper import Keeper
from sbctl.sandbox.keeping.part import WHOLE, Rows, Whole
from sbctl.sandbox.keeping.pickling import UnreadableError, loaded
from sbctl.sandbox.keeping.save import SaveError
from sbctl.sandbox.world import World, WorldSettings

SETTINGS = "settings"
SPEED = 10.0
"""Of a new world for which none was asked: an instance that AWS makes in a minute is there in seconds."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for; None for what was not, and is as it was kept or as it usually is."""

    account: str | None = None
    speed: float | None = None
    limits: bool | None = None
    zone: str | None = None

    def over(self, known: Mapping[str, Any], start: float | None = None) -> WorldSettings:
        """The settings of a world of which so much is known."""
        asked = {name: value for name, value in vars(self).items() if value is not None}
        fields = {"speed": SPEED, **{name: known[name] for name in vars(self) if name in known}}
        return WorldSettings(**{**fields, **asked, "start": start})


@dataclass(frozen=True)
class Opened:
    """A world at rest, to be served on its former ports (0 of a new one) and kept from then on."""

    world: World
    keeper: Keeper
    port: int
    dns_port: int


def open_world(path: Path, wanted: Wanted) -> Opened:
    """Take a folder, and the world that is kept in it or a new one. Raises SaveError; what was kept is then as it was."""
    folder = DataFolder(path)
    try:
        return _opened(folder, wanted)
    except BaseException:
        folder.close(stopped=False)
        raise


def _opened(folder: DataFolder, wanted: Wanted) -> Opened:
    rows = folder.save.rows()
    known = _known(folder, rows)
    if wanted.account and wanted.account != known.get("account", wanted.account):
        raise SaveError(
            f"{folder.path} holds a world of the account {known['account']}, not {wanted.account}: "
            "name another folder with --data"
        )
    world = World(wanted.over(known, folder.time()))
    keeper = Keeper(world, folder, [Whole(SETTINGS, lambda: _settings(world), _ignored), *world.parts])
    keeper.restore(rows)
    if known and world.settings.zone not in ("", known["zone"]):
        world.seed_zone()
    return Opened(world, keeper, known.get("port", 0), known.get("dns_port", 0))


def _known(folder: DataFolder, rows: Mapping[str, Rows]) -> dict[str, Any]:
    owner, name = WHOLE
    data = rows.get(SETTINGS, {}).get(owner, {}).get(name)
    try:
        found: dict[str, Any] = {} if data is None else loaded(data)
    except UnreadableError as error:
        raise folder.save.damaged(error) from error
    return found


def _settings(world: World) -> dict[str, Any]:
    port, dns_port = world.ports
    return {
        "account": world.account,
        "speed": world.clock.speed,
        "limits": world.limits.enabled,
        "zone": world.settings.zone,
        "port": port,
        "dns_port": dns_port,
    }


def _ignored(_: Any) -> None:
    """Settings are read before there is a world."""
