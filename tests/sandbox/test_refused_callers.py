"""Every command when nobody takes the credentials, or a permission is missing everywhere: exit 9, one cause told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sbctl.core.problem import Exit
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.failure import failure
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response
from tests.sandbox.deployed import EAST, Scene, deployed

COMMANDS = (
    "plan",
    "drift",
    "parity",
    "doctor",
    "verify-replication",
    "failover --to us-west-2 --dry-run",
    "failover --to us-west-2 --mode forced --reason lost --dry-run",
    "state rebuild",
    "queue list",
    "destroy",
    "adopt --instance x --region us-east-1",
)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("refused")) as found:
        yield found


@pytest.fixture(params=["ExpiredToken", "AccessDenied"])
def refused(request: pytest.FixtureRequest, scene: Scene) -> str:
    """The code with which all that sbctl asks is refused, but by STS: the first guard asks there, and would end the command."""
    code = str(request.param)

    def refuse(who: Identity, asked: Request, answer: Callable[[Request], Response]) -> Response:
        ours = "sbctl/" in asked.headers.get("user-agent", "")  # and not what a function asks
        return failure(who, ApiError(code, "no", 403)) if ours and who.service != "sts" else answer(asked)

    scene.world.layer = refuse
    return code


@pytest.mark.parametrize("command", COMMANDS)
def test_a_caller_who_is_refused_ends_with_9(scene: Scene, refused: str, command: str) -> None:
    """An expired token is one problem; of permissions each missing one is."""
    code, said = scene.run(*command.split())
    about = [one for one in said["problems"] if refused in one["detail"]]
    assert code == Exit.CREDENTIALS, said["problems"]
    assert about
    assert refused == "AccessDenied" or len(about) == 1, said["problems"]
    assert "internal-error" not in {one["code"] for one in said["problems"]}


def test_status_says_that_the_caller_is_refused(scene: Scene, refused: str) -> None:
    """Regions, DNS and endpoints answer all the same, so that it is a note."""
    code, said = scene.run("status")
    (note,) = [one for one in said["problems"] if refused in one["detail"]]
    assert (code, said["data"]["active"], note["code"]) == (Exit.DONE, EAST, "access-denied")
