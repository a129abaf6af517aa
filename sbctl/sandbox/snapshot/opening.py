"""A world that is kept, opened: its settings from the save and from what was asked for, its state, its keeper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sbctl.sandbox.http.server import Running, free, serve
from sbctl.sandbox.snapshot.folder import DataFolder
from sbctl.sandbox.snapshot.keeper import Keeper
from sbctl.sandbox.snapshot.part import WHOLE, Rows, Whole
from sbctl.sandbox.snapshot.pickling import UnreadableError, loaded
from sbctl.sandbox.snapshot.save import SaveError
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


@contextmanager
def serve_kept(path: Path, wanted: Wanted, port: int = 0, dns_port: int = 0) -> Iterator[Running]:
    """Serve the world of a folder, or a new one, and keep it there; ports of 0 are its former ones where they are free.

    Raises SaveError when the folder cannot be used; what is kept in it is then as it was. Raises OSError as `serve` does.
    """
    folder = DataFolder(path)
    try:
        opened = _opened(folder, wanted)
    except BaseException:
        folder.close(stopped=False)
        raise
    try:
        ports = (port or free(opened.port), dns_port or free(opened.dns_port, udp=True))
        with serve(opened.world, *ports) as running:
            opened.keeper.start()
            yield running
    finally:
        opened.keeper.stop()


class _Opened(NamedTuple):
    """A world at rest, its keeper, and the ports that it had, 0 of a new one."""

    world: World
    keeper: Keeper
    port: int
    dns_port: int


def _opened(folder: DataFolder, wanted: Wanted) -> _Opened:
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
    return _Opened(world, keeper, known.get("port", 0), known.get("dns_port", 0))


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
