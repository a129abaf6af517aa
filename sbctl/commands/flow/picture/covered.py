"""What the last flow tests passed of a flow, for its picture. Calls nothing: results are kept beside the state."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sbctl.app import App
from sbctl.checks.preflight.flow_tests import results
from sbctl.core.problem import Exit, Problem
from sbctl.flows.pictures.picture import Picture
from sbctl.flows.pictures.tested import marked, untested_blocks, untested_edges


def with_coverage(app: App, flow: str, picture: Picture) -> tuple[Picture, Mapping[str, Any], tuple[Problem, ...]]:
    """The marked picture, what is marked, and a note where no test ever ran."""
    kept = results(app.flow_tests.load())
    passed = {step.block for one in kept for step in one.path if step.flow == flow}
    taken = {
        (before.block, after.block)
        for one in kept
        for before, after in pairwise(one.path)
        if before.flow == after.flow == flow
    }
    blocks, edges = untested_blocks(picture, passed), untested_edges(picture, taken)
    told = {"blocks": [block.id for block in blocks], "edges": [[edge.source, edge.target] for edge in edges]}
    return marked(picture, blocks, edges), told, () if kept else (_never_run(),)


def _never_run() -> Problem:
    return Problem(
        code="flow-tests-never-run",
        summary="No result of a flow test is kept",
        detail="so every block is marked as not tested",
        fix="sbctl flow test",
        exit=Exit.DONE,
    )
