"""Functions on a clock that stands: a busy machine does not make them give up, and what hangs does not hold them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.faults.control import add_fault, heal
from tests.sandbox.deployed import EAST, Scene, deployed
from tests.sandbox.test_functions import package

NAME = "enterprise-health"
FORGOTTEN_SECONDS = 60.0
"""Of the world's time: a function's answer is old then, however long its process took to start."""
SOURCE = """
import socket, time
from concurrent.futures import ThreadPoolExecutor, wait

def handler(event, context):
    with ThreadPoolExecutor() as pool, socket.socket() as made:
        made.settimeout(0.5)
        done, _ = wait([pool.submit(time.sleep, 0.6)], timeout=0.5)
        return {"waited": bool(done), "timeout": made.gettimeout()}
"""


def invoked(scene: Scene, event: dict[str, Any]) -> Any:
    """What the health function answers."""
    answer = scene.client("lambda").invoke(FunctionName=NAME, Payload=json.dumps(event))
    return json.loads(answer["Payload"].read())


@pytest.mark.parametrize(("speed", "waits"), [(0.0, True), (1.0, False)])
def test_time_outs_are_longer_while_the_clock_stands(tmp_path: Path, speed: float, waits: bool) -> None:
    """Of a socket, and of a wait for what another thread does."""
    with deployed(tmp_path) as scene:
        functions = scene.client("lambda")
        functions.update_function_code(FunctionName=NAME, ZipFile=package(SOURCE))
        scene.pass_time(5)
        functions.update_function_configuration(FunctionName=NAME, Handler="app.handler", Timeout=60)
        scene.pass_time(5)
        scene.world.clock.run_at(speed)
        found = invoked(scene, {})
    assert (found["waited"], found["timeout"] > 1) == (waits, waits)


@pytest.mark.parametrize("how", [{"kind": "hang"}, {"kind": "slow", "delay_seconds": 3}], ids=["hang", "slow"])
def test_a_function_whose_call_hangs_or_is_late_answers_all_the_same(tmp_path: Path, how: dict[str, Any]) -> None:
    """The clock stands while it is being asked, so that its call is ended at once: it says what failed, and it is not killed."""
    with deployed(tmp_path) as scene:
        assert invoked(scene, {"rawPath": "/health"})["statusCode"] == 200
        fault = add_fault(scene.world.faults, {**how, "region": EAST, "service": "dynamodb"})
        scene.pass_time(FORGOTTEN_SECONDS)
        found = invoked(scene, {"rawPath": "/health"})
        heal(scene.world.faults, {"id": fault["id"]})
    assert (found["statusCode"], json.loads(found["body"])["failed"]) == (503, ["config", "customers"])
