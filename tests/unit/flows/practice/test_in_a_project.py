"""What is of one region is refused in a project that has Connect in several."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.desired.files.flows import flows_of_project
from sbctl.files.positions import Source
from tests.unit.flows.practice.flows import flow, invoke

ARN = "arn:aws:lambda:us-east-1:123456789012:function:find"
EAST, WEST = {"region": "us-east-1"}, {"region": "us-west-2"}


@pytest.mark.parametrize(
    ("regions", "refused"),
    [
        ([EAST, WEST], True),
        ([EAST], False),
        ([EAST, {**WEST, "connect": False}], False),
        ([EAST, None, 5], False),
        ("text", False),
        (None, False),
    ],
)
def test_regions_with_connect_decide(regions: Any, refused: bool, tmp_path: Path) -> None:
    (tmp_path / "Main.json").write_text(json.dumps(flow(invoke("a", "end", LambdaFunctionARN=ARN))), encoding="utf-8")
    found = flows_of_project(tmp_path, Source("config/regions.json", "", {"regions": regions}), run=False)
    assert (len(found.problems), len(found.notes)) == ((1, 0) if refused else (0, 1))
    [told] = found.problems or found.notes
    assert ("us-east-1" if refused else "region-arn") in told.detail


def test_a_flow_of_one_region_may_name_it(tmp_path: Path) -> None:
    (tmp_path / "Main.json").write_text(json.dumps(flow(invoke("a", "end", LambdaFunctionARN=ARN))), encoding="utf-8")
    data = {"regions": [EAST, WEST], "flows": [{"name": "Main", "regions": ["us-east-1"]}]}
    found = flows_of_project(tmp_path, Source("config/regions.json", "", data), run=False)
    assert (len(found.problems), len(found.notes)) == (0, 1)
