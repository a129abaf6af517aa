"""Hand-written samples of every action type, and flows made of them at random, against the linter and the simulated Connect.

The samples are of neither's table, so a wrong belief of one is seen; both must take them.
"""

from __future__ import annotations

import json
import random

import pytest

from sbctl.core.flow_document import FlowDocument
from sbctl.flows.comparing.meaning import same_flow
from sbctl.flows.language import facts
from sbctl.flows.lint.lint import lint_document
from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.pictures.outline import outline
from sbctl.flows.writing.canonical import canonical_text
from tests.real_flows.generator import FLOW, LAST, MODULE, QUEUE_FLOW, Made, Names, flow
from tests.real_flows.samples import SAMPLES
from tests.sandbox.flow_samples import Bench

FLOWS = 60
TYPES = (FLOW, FLOW, FLOW, MODULE, QUEUE_FLOW, "AGENT_WHISPER", "QUEUE_TRANSFER")


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def names(bench: Bench) -> Names:
    """What the bench's instance has, by ARN; functions, bots and views by ARNs of nothing."""
    elsewhere = {
        "lambda": ["arn:aws:lambda:us-east-1:123456789012:function:look"],
        "lex": ["arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST"],
        "view": ["form", "arn:aws:connect:us-east-1:aws:view/detail:1"],
    }
    here = {word: [arn] for word, arn in bench.named.items()}
    return Names({**here, "queue_flow": here["flow"], **elsewhere})


def documented(made: Made) -> FlowDocument:
    return FlowDocument(made.name, made.type, "", made.content, f"{made.name}.json", settings={})


def refused_by_lint(made: Made) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in lint_document(documented(made)) if one.level == "error"]


def test_every_type_has_a_sample() -> None:
    assert SAMPLES.keys() == facts.actions().keys()


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_samples_are_taken_by_both(bench: Bench, kind: str) -> None:
    """Each form on its own, in a flow whose type may hold it."""
    place = {"EndFlowModuleExecution": MODULE, "CompleteOutboundCall": "OUTBOUND_WHISPER"}.get(kind, FLOW)
    for seed in range(len(SAMPLES[kind]) * 3):
        made = flow(random.Random(seed), f"{kind} {seed}", place, names(bench), [kind], size=0)
        assert kind in made.types
        assert refused_by_lint(made) == []
        assert bench.said(json.dumps(made.content), place) == []


@pytest.mark.parametrize("seed", range(FLOWS))
def test_random_flows_are_taken_drawn_and_written_back(bench: Bench, seed: int) -> None:
    """A flow of a dozen blocks with circles: no error on either side, each block drawn once, the canonical text does the same."""
    rng = random.Random(seed)
    made = flow(rng, f"Flow {seed}", rng.choice(TYPES), names(bench), size=rng.randrange(1, 20))
    assert made.types[-1] == LAST.get(made.type, "DisconnectParticipant")
    assert refused_by_lint(made) == []
    assert bench.said(json.dumps(made.content), made.type) == []
    drawn = picture_of(made.content)
    assert len(drawn.blocks) == len(made.content["Actions"])
    assert sum(bool(row.text) for row in outline(drawn, 80)) >= len(drawn.blocks)
    assert same_flow(json.loads(canonical_text(json.dumps(made.content))), made.content)
