"""Contacts: how many begin a second through ten blocks, and what ten thousand of them cost a call that describes a flow or a queue.

python bench/calls.py [--rounds 5] [--contacts 600] [--held 10000]

All in this process, on a clock that stands, without a socket: the interpreter and the life of contacts are measured. Describe
calls go in turns to an instance of an empty world and to one with contacts of which a tenth wait in a queue; the ratio is of each
pair of rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sbctl.sandbox.connect.contacts.live.calling import Refusal  # noqa: E402
from sbctl.sandbox.connect.contacts.live.progress import Script  # noqa: E402
from tests.sandbox.contacts.call_centre import END, CallCentre, action, content, to_queue  # noqa: E402

BLOCKS = 10
CALLS = 400
"""Of describe operations in a round."""


def ten_blocks() -> str:
    """A flow of ten blocks without a function: prompts, attributes, a comparison, the end."""
    steps: list[Any] = []
    for number in range(BLOCKS - 1):
        goes = f"b{number + 1}" if number < BLOCKS - 2 else "end"
        if number % 3 == 0:
            steps.append(action(f"b{number}", "MessageParticipant", goes, Text="Hello $.Attributes.name"))
        elif number % 3 == 1:
            values = {"Attributes": {"name": "Jane", "number": str(number)}}
            steps.append(
                action(f"b{number}", "UpdateContactAttributes", goes, errors={"NoMatchingError": "end"}, **values)
            )
        else:
            step = json.loads(json.dumps(action(f"b{number}", "Compare", goes, ComparisonValue="$.Attributes.name")))
            condition = {"Operator": "Equals", "Operands": ["Jane"]}
            step["Transitions"] = {
                "NextAction": goes,
                "Conditions": [{"NextAction": goes, "Condition": condition}],
                "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": goes}],
            }
            steps.append(step)
    return content(*steps, END)


def many(_region: str, _code: str, *_resources: str) -> float:
    """No quota is in the way."""
    return 1e9


def begin(centre: CallCentre, flow: str, count: int) -> float:
    """Contacts a second that begin and run to the end of their flow."""
    instance = centre.live.ground.resources.instances[centre.id]
    started = time.perf_counter()
    for _ in range(count):
        with centre.live.ground.resources.lock:
            found = centre.live.calling.reach(instance, flow, Script(), customer="+12065550100")
        assert not isinstance(found, Refusal), found
        centre.scheduler.run_due()
    return count / (time.perf_counter() - started)


def described(centre: CallCentre, flow: str) -> Callable[[], float]:
    """Describe calls a second."""

    def measure() -> float:
        started = time.perf_counter()
        for _ in range(CALLS // 2):
            centre.ask("DescribeContactFlow", ContactFlowId=flow)
            centre.ask("DescribeQueue", QueueId=centre.queue)
        return CALLS / (time.perf_counter() - started)

    return measure


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--contacts", type=int, default=600)
    parser.add_argument("--held", type=int, default=10000)
    args = parser.parse_args()
    console = Console()
    empty, full = CallCentre(raised=many), CallCentre(raised=many)
    flows = [centre.flow("ten", ten_blocks()) for centre in (empty, full)]
    fresh = CallCentre(raised=many)
    flow = fresh.flow("ten", ten_blocks())
    begin(fresh, flow, 50)
    rates = [begin(fresh, flow, args.contacts) for _ in range(args.rounds)]
    console.print(f"contacts begun a second through {BLOCKS} blocks: {statistics.median(rates):.0f} (target 300)")
    waits = full.flow("queue", to_queue(full.queue))
    begin(full, waits, args.held // 10)
    begin(full, flows[1], args.held - args.held // 10)
    sides = [described(empty, flows[0]), described(full, flows[1])]
    ratios = []
    for number in range(args.rounds * 2):
        order = sides if number % 2 == 0 else sides[::-1]
        found = {side: side() for side in order}
        ratios.append(found[sides[1]] / found[sides[0]])
    held = len(full.live.store.all)
    console.print(f"describe calls with {held:,} contacts : empty world: {statistics.median(ratios):.2f} (target 0.9)")


if __name__ == "__main__":
    main()
