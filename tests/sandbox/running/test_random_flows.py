"""Random flows of every type of action under random events: a run never crashes, never hangs, and says how it ended."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from sbctl.sandbox.connect.contacts.contact import Channel
from sbctl.sandbox.connect.running.contract import (
    Elapsed,
    Ended,
    Event,
    FunctionAnswered,
    Keys,
    LexAnswered,
    ThirdPartyEnded,
    ViewAnswered,
    Waiting,
    Words,
)
from sbctl.sandbox.connect.running.log_lines import lines
from sbctl.sandbox.snapshot.pickling import dumped, loaded
from tests.real_flows.generator import FLOW, MODULE, QUEUE_FLOW, Names, flow
from tests.real_flows.samples import SAMPLES
from tests.sandbox.running.centre import ARN, FUNCTION, FakeCentre, caller

CHANNELS: tuple[Channel, ...] = ("VOICE", "CHAT", "TASK")
TYPES = (FLOW, QUEUE_FLOW, "AGENT_TRANSFER", "QUEUE_TRANSFER", "AGENT_WHISPER", "OUTBOUND_WHISPER", "CUSTOMER_HOLD")
HERE = {
    "queue": ["sales", f"{ARN}/queue/sales"],
    "hours": ["day"],
    "prompt": ["beep"],
    "flow": ["main", "nix"],
    "queue_flow": ["waiting"],
    "module": ["m", "m:$LATEST"],
    "lambda": [FUNCTION],
}
EVENTS: tuple[Event, ...] = (
    Elapsed(),
    Keys("1"),
    Keys("123#"),
    Keys("*"),
    Words("hello"),
    FunctionAnswered({"id": "7", "tier": "VIP"}),
    FunctionAnswered({"rows": [1, {"a": None}]}),
    FunctionAnswered([1]),
    FunctionAnswered(error="NoMatchingError"),
    LexAnswered({"IntentName": "BookTrip", "Slots": None}),
    LexAnswered(error="NoMatchingError"),
    ViewAnswered("Next", {"a": [{"b": 1}]}),
    ThirdPartyEnded(),
    ThirdPartyEnded("CallFailed"),
)


def _words() -> Iterator[str]:
    """The words of all samples that stand for something."""
    for rows in SAMPLES.values():
        for sample in rows:
            yield from (word for word in json.dumps(dict(sample.parameters)).split('"') if word.startswith("@"))


WORDS = frozenset(_words())
NAMES = Names({word[1:]: HERE.get(word[1:], ["something"]) for word in WORDS})


def furnished(rng: random.Random) -> FakeCentre:
    centre = FakeCentre()
    centre.add("queue", "sales", HoursOfOperationId="day")
    centre.add("operating-hours", "day", TimeZone="UTC", Config=[])
    centre.add("prompt", "beep")
    centre.figures = {"NumberOfContactsInQueue": 3.0} if rng.random() < 0.5 else {}
    centre.refusal = "QueueAtCapacity" if rng.random() < 0.3 else ""
    centre.chance = rng.randint(1, 100)
    for name, type_ in (("main", FLOW), ("waiting", QUEUE_FLOW)):
        made = flow(rng, name, type_, NAMES, size=5)
        centre.add("contact-flow", name, Type=type_, Content=json.dumps(made.content))
    centre.add("flow-module", "m", Content=json.dumps(flow(rng, "m", MODULE, NAMES, size=5).content))
    return centre


def walked(centre: FakeCentre, rng: random.Random, named: str, channel: Channel) -> Ended | None:
    """The end of a run under random events; None where it still goes on after many. On the way it is put away and taken up."""
    contact = caller(channel, {"brand": "Acme", "end": "end 0"})
    run: Any = centre.run(named, contact)
    turn = run.begin()
    for _ in range(200):
        if isinstance(turn, Ended) and turn.how != "dial":
            return turn
        if isinstance(turn, Waiting):
            assert turn.until is None or turn.until >= centre.at
            centre.at += rng.random()
            is_late = turn.until is not None and turn.until <= centre.at
            centre.at = turn.until if is_late and turn.until is not None else centre.at
            turn = run.take(Elapsed() if is_late else rng.choice(EVENTS))
        else:
            turn = run.take(Elapsed())
        if rng.random() < 0.05:
            run = loaded(dumped(run))
            run.attach(centre)
    return None


@pytest.mark.parametrize("seed", range(40))
def test_random_events_never_crash_a_run(seed: int) -> None:
    """Whatever comes in, it is a turn or an end that says how, and every line of the log can be written."""
    rng = random.Random(seed)
    centre = furnished(rng)
    made = flow(rng, "f", rng.choice(TYPES), NAMES, size=12)
    centre.add("contact-flow", "f", Type=made.type, Content=json.dumps(made.content))
    end = walked(centre, rng, "f", rng.choice(CHANNELS))
    assert end is None or end.block or end.why
    for block in centre.blocks:
        json.dumps(list(lines(caller(), ARN, block)))


@pytest.mark.parametrize("type_", sorted(SAMPLES))
def test_each_type_is_run_to_an_end(type_: str) -> None:
    """On every channel, in each of its forms: a flow that holds the action gets past it or ends in it."""
    for number, sample in enumerate(SAMPLES[type_]):
        for channel in CHANNELS:
            rng = random.Random(f"{type_}{number}{channel}")
            centre = furnished(rng)
            parameters = json.loads(_filled(json.dumps(dict(sample.parameters))))
            targets = {} if sample.terminal else {
                "NextAction": "end",
                "Errors": [{"ErrorType": error, "NextAction": "end"} for error in sample.errors],
                "Conditions": [{"NextAction": "end", "Condition": {"Operator": operator, "Operands": [operand]}}
                               for operator, operand in sample.conditions],
            }  # fmt: skip
            one = {"Identifier": "it", "Type": type_, "Parameters": parameters, "Transitions": targets}
            centre.flow(
                "f", one, {"Identifier": "end", "Type": "EndFlowExecution", "Parameters": {}, "Transitions": {}}
            )
            assert walked(centre, rng, "f", channel) is not None or type_ == "MessageParticipantIteratively"
            assert centre.way[0] == "it"


def _filled(text: str) -> str:
    for word in WORDS:
        text = text.replace(f'"{word}"', json.dumps(HERE.get(word[1:], ["something"])[0]))
    return text
