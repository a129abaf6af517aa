"""Silence moves nothing: a takeover function that is throttled, floods, fails or is gone leaves DNS where it was ordered.

Ten minutes of the world each, looked at every ten seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sbctl.sandbox.faults.control import add_fault
from sbctl.sandbox.wire.function_urls import place_of
from sbctl.sandbox.wire.identify import Request
from tests.sandbox.deployed import EAST, LONDON, WEST, Scene, deployed

REASON = ("--reason", "rehearsal")
LATCHED_SECONDS = 200
TEN_MINUTES, STEP = 600, 10
BURST, AT_ONCE = 60, 30
TAKEOVER, HEALTH = "enterprise-takeover", "enterprise-health"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with deployed(tmp_path) as found:
        yield found


def answered(scene: Scene) -> set[str]:
    """The regions that DNS answers for the public name."""
    found = scene.world.route53.resolve("connect.example.com", "CNAME", EAST)
    values = {value for record in found.records for value in record.values} if found else set()
    return {region for region in (EAST, WEST, LONDON) for value in values if region in value}


def seen(scene: Scene, seconds: int = TEN_MINUTES) -> set[str]:
    """All regions that DNS answers while time goes on."""
    found: set[str] = set()
    for _ in range(0, seconds, STEP):
        scene.pass_time(STEP)
        found |= answered(scene)
    return found


def fail_over(scene: Scene) -> None:
    code, said = scene.run("failover", "--to", WEST, "--mode", "forced", *REASON)
    assert code == 0, said["problems"]
    assert answered(scene) == {WEST}


def reserve(scene: Scene, function: str, count: int) -> None:
    scene.client("lambda", WEST).put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=count)


def host_of(scene: Scene, function: str) -> str:
    url = scene.client("lambda", WEST).get_function_url_config(FunctionName=function)["FunctionUrl"]
    return str(url.split("/")[2])


def flood(scene: Scene, function: str) -> set[int]:
    """A bounded burst of requests at a function's address, many at a time; the statuses that came back."""
    request = Request("GET", "/takeover", "", {"host": host_of(scene, function)}, b"")
    place = place_of(request)
    assert place is not None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return {
            found.status for found in pool.map(lambda _: scene.world.function_urls.serve(place, request), range(BURST))
        }


@pytest.mark.parametrize("seconds", [120, pytest.param(TEN_MINUTES, marks=pytest.mark.long)])
def test_a_throttled_takeover_changes_nothing_before_and_after_a_failover(scene: Scene, seconds: int) -> None:
    """Before: traffic stays in the primary. After: in the region that took over, from the first second on; failback works."""
    reserve(scene, TAKEOVER, 0)
    assert seen(scene, seconds // 2) == {EAST}
    reserve(scene, TAKEOVER, 10)
    scene.pass_time(STEP)
    fail_over(scene)
    reserve(scene, TAKEOVER, 0)
    assert flood(scene, TAKEOVER) == {429}
    assert seen(scene, seconds) == {WEST}
    code, said = scene.run("failback", "--override", "cooldown", "--override", "parity", *REASON)
    assert code == 0, said["problems"]
    assert answered(scene) == {EAST}


@pytest.mark.long  # ten minutes of the world; the test above holds the commonest case
def test_a_flood_of_the_public_address_changes_nothing(scene: Scene) -> None:
    """The region that took over keeps traffic by its order, while its health function answers nobody else."""
    fail_over(scene)
    reserve(scene, HEALTH, 1)
    assert 429 in flood(scene, HEALTH)
    reserve(scene, HEALTH, 0)
    assert seen(scene) == {WEST}


@pytest.mark.long  # as above
def test_both_addresses_flooded_never_give_traffic_back(scene: Scene) -> None:
    """Three minutes after the order its latch holds: traffic may go on to the next region, and not to the one that was left."""
    fail_over(scene)
    scene.pass_time(LATCHED_SECONDS)
    for function in (HEALTH, TAKEOVER):
        reserve(scene, function, 0)
    assert EAST not in seen(scene)
    for function in (HEALTH, TAKEOVER):
        reserve(scene, function, 10)
    scene.pass_time(60)
    assert answered(scene) == {WEST}


def table_throttled(scene: Scene) -> None:
    add_fault(scene.world.faults, {"kind": "throttle", "region": WEST, "service": "dynamodb"})


def functions_fail(scene: Scene) -> None:
    add_fault(
        scene.world.faults,
        {"kind": "error", "region": WEST, "service": "lambda", "operation": "InvokeFunctionUrl"},
    )


def functions_hang(scene: Scene) -> None:
    where = {"region": WEST, "service": "lambda", "operation": "InvokeFunctionUrl"}
    add_fault(scene.world.faults, {"kind": "hang", **where})


def function_gone(scene: Scene) -> None:
    scene.client("lambda", WEST).delete_function(FunctionName=TAKEOVER)


def code_broken(scene: Scene) -> None:
    scene.client("lambda", WEST).update_function_configuration(FunctionName=TAKEOVER, Handler="handler.nothing")


@pytest.mark.long  # ten minutes of the world for each way to fail
@pytest.mark.parametrize("breaks", [table_throttled, functions_fail, functions_hang, function_gone, code_broken])
def test_no_other_failure_gives_traffic_back(scene: Scene, breaks: Callable[[Scene], None]) -> None:
    """A throttled table, 503, an endpoint that hangs, a deleted function, broken code: what was ordered stays ordered."""
    fail_over(scene)
    scene.pass_time(LATCHED_SECONDS)
    breaks(scene)
    assert EAST not in seen(scene)


@pytest.mark.long  # as above
def test_an_order_that_is_taken_back_at_once_moves_nothing(scene: Scene) -> None:
    """Neither the quick checks nor the latch follow a signal of a few seconds."""
    code, said = scene.run("failover", "--to", WEST, "--mode", "forced", "--pause-after", "signal", *REASON)
    assert code == 130, said["problems"]
    code, said = scene.run("failover", "--abort")
    assert code == 0, said["problems"]
    assert seen(scene, 300) == {EAST}


@pytest.mark.long  # as above
@pytest.mark.parametrize("breaks", [function_gone, code_broken])
def test_nor_does_any_take_it_away_before_a_failover(scene: Scene, breaks: Callable[[Scene], None]) -> None:
    """A takeover function that fails is no takeover."""
    breaks(scene)
    assert seen(scene) == {EAST}
