"""Worlds that are made once and then restored, with the folder that belongs to them: half a second instead of ten.

They are kept in build/worlds, under a digest of all that they are made of, for an hour: processes of one run share them, and
so do runs that follow one another.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from sbctl.sandbox.http.server import Running, serve
from sbctl.sandbox.snapshot.save import FILE, Save
from sbctl.sandbox.world import World, WorldSettings
from tests.worlds import empty_world

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "build" / "worlds"
SOURCES = (
    "sbctl/**/*.py",
    "sbctl/**/*.json",
    "config/**/*.json",
    "flows/*",
    "lambdas/**/*.py",
    "tests/saved.py",
    "tests/worlds.py",
)
LIBRARIES = ("moto", "boto3", "botocore", "pydantic")
FRESH_SECONDS = 3600.0
FOLDER = "folder"
Make = Callable[[Running, Path], None]
"""Fills an empty world, and a folder."""


@contextmanager
def restored(name: str, make: Make, settings: WorldSettings, folder: Path) -> Iterator[Running]:
    """The world as `make` left it, served, and its folder copied to `folder`. It begins now."""
    with _made(name, make, settings) as place:
        shutil.copytree(place / FOLDER, folder, dirs_exist_ok=True)
        world = _put_back(place, settings)
    with serve(world, dns_port=0) as running:
        yield running


@contextmanager
def _made(name: str, make: Make, settings: WorldSettings) -> Iterator[Path]:
    """The folder of a saved world, made now where there is none, or an old one; nobody else removes it meanwhile."""
    PLACE.mkdir(parents=True, exist_ok=True)
    place = PLACE / f"{name}-{_digest(make)}"
    with FileLock(PLACE / f"{name}.lock"):
        if not (place / FILE).exists() or _now() - (place / FILE).stat().st_mtime > FRESH_SECONDS:
            for old in PLACE.glob(f"{name}-*"):
                shutil.rmtree(old)
            _make(place, make, settings)
        yield place


def _make(place: Path, make: Make, settings: WorldSettings) -> None:
    with tempfile.TemporaryDirectory() as made, empty_world(settings, dns_port=0) as running:
        make(running, Path(made))
        place.mkdir()
        shutil.copytree(made, place / FOLDER)
        _save(running.world, place)


def _save(world: World, place: Path) -> None:
    with ExitStack() as held:
        held.enter_context(world.whole)
        for part in world.parts:
            held.enter_context(part.held())
        changes = {part.name: list(part.changes()) for part in world.parts}
        at = world.clock.seconds()
    save = Save(place)
    save.write(changes, at, anew=True)
    save.close()


def _put_back(place: Path, settings: WorldSettings) -> World:
    save = Save(place)
    rows, then = save.rows(), save.time() or 0.0
    save.close()
    world = World(replace(settings, start=max(then, _now())))
    world.moto.reset()
    for part in world.parts:
        part.restore(rows.get(part.name, {}))
    return world


def _now() -> float:
    return datetime.now(UTC).timestamp()


@cache
def _digest(make: Make) -> str:
    """Of the code, config and libraries that a world is made with."""
    found = sha256(" ".join(version(library) for library in LIBRARIES).encode())
    sources = {path for pattern in SOURCES for path in ROOT.glob(pattern)} | {Path(make.__code__.co_filename)}
    for path in sorted(sources):
        if path.is_file():
            found.update(str(path.relative_to(ROOT)).encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:16]
