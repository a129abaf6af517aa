"""The default project, deployed by the command line into a sandbox in this process, to be looked at and broken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from pydantic import BaseModel, ValidationError

from sbctl.commands.data.schema import DATA, entry
from sbctl.main import cli
from sbctl.sandbox.http.server import Running
from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.world import World
from tests.saved import restored
from tests.worlds import client_of, empty_world, make_known, still

ROOT = Path(__file__).parents[2]
EAST, WEST, LONDON = REGIONS = ("us-east-1", "us-west-2", "eu-west-2")
BETWEEN_SECONDS = 5.0
"""What passes between two commands that somebody types: indexes and replicas catch up."""
Witness = Callable[[Identity, Response], object]


@dataclass(frozen=True)
class Scene:
    """A deployed project. `folder` holds its config and its state."""

    running: Running
    folder: Path

    @property
    def world(self) -> World:
        return self.running.world

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON envelope of a command, typed some seconds after the last one."""
        self.pass_time(BETWEEN_SECONDS)
        place = ["--config", str(self.folder / "config"), "--state", str(self.state)]
        done = CliRunner().invoke(
            cli, [*place, "--sandbox", "--yes", "--output", "json", *arguments], catch_exceptions=False
        )
        envelope = json.loads(done.stdout)
        check_data(envelope)
        return done.exit_code, envelope

    def client(self, service: str, region: str = EAST) -> Any:
        return client_of(self.running.endpoint, service, region)

    def pass_time(self, seconds: float) -> None:
        """Let the world's time go on."""
        self.world.scheduler.advance(seconds)

    def calls(self) -> list[Mapping[str, Any]]:
        """The lines of the audit log."""
        return [json.loads(line) for line in (self.state / "audit.jsonl").read_text(encoding="utf-8").splitlines()]

    def forget_calls(self) -> None:
        (self.state / "audit.jsonl").unlink(missing_ok=True)


def check_data(envelope: Mapping[str, Any]) -> None:
    """A command tells what its schema has, all that is wanted there and nothing else."""
    forms = DATA.get(entry(envelope["command"]), ())
    if forms and envelope["data"]:
        again = [told_again(form, envelope["data"]) for form in forms]
        assert envelope["data"] in again, (envelope["command"], again)


def told_again(form: type[BaseModel], data: Mapping[str, Any]) -> dict[str, Any] | str:
    """The data once a form has read it; what is wrong where it cannot."""
    try:
        return form.model_validate(data).model_dump(mode="json", by_alias=True, exclude_unset=True)
    except ValidationError as error:
        return str(error)


@contextmanager
def deployed(folder: Path) -> Iterator[Scene]:
    """The default project over its three regions, and the server that holds it: deployed once, then restored."""
    with restored("default", _deploy, still(zone="example.com"), folder) as running:
        make_known(running, folder / "state")
        yield Scene(running, folder)


@contextmanager
def undeployed(folder: Path) -> Iterator[Scene]:
    """The default project, and an empty world for it."""
    with empty_world(still(zone="example.com"), dns_port=0) as running:
        yield _project(running, folder)


def _project(running: Running, folder: Path) -> Scene:
    for name in ("config", "flows", "lambdas"):
        shutil.copytree(ROOT / name, folder / name)
    make_known(running, folder / "state")
    return Scene(running, folder)


def _deploy(running: Running, folder: Path) -> None:
    code, envelope = _project(running, folder).run("deploy", "--region", "all")
    assert code == 0, envelope["problems"]
