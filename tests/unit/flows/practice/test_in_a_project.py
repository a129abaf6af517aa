"""What is of one region is refused in a project that has Connect in several."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.desired.files.flows import lint_project, read_all
from sbctl.files.positions import Source
from tests.unit.flows.practice.flows import Content, flow, invoke, queue

ARN = "arn:aws:lambda:us-east-1:123456789012:function:find"
UUID = "22222222-2222-2222-2222-222222222222"
EAST, WEST = {"region": "us-east-1"}, {"region": "us-west-2"}


def level(folder: Path, content: Content, **config: Any) -> str:
    """The level of the one finding on a flow Main of a project."""
    (folder / "Main.json").write_text(json.dumps(content), encoding="utf-8")
    files, _ = read_all(folder, run=False)
    [(_, [found])] = lint_project(files, Source("config/regions.json", "", config))
    return found.level


@pytest.mark.parametrize(
    ("regions", "told"),
    [
        ([EAST, WEST], "error"),
        ([EAST], "warning"),
        ([EAST, {**WEST, "connect": False}], "warning"),
        ([EAST, None, 5], "warning"),
        ("text", "warning"),
        (None, "warning"),
    ],
)
def test_regions_with_connect_decide(regions: Any, told: str, tmp_path: Path) -> None:
    assert level(tmp_path, flow(invoke("a", "end", LambdaFunctionARN=ARN)), regions=regions) == told


def test_a_flow_of_one_region_may_name_it(tmp_path: Path) -> None:
    items = [{"name": "Main", "regions": ["us-east-1"]}]
    content = flow(invoke("a", "end", LambdaFunctionARN=ARN))
    assert level(tmp_path, content, regions=[EAST, WEST], flows=items) == "warning"


@pytest.mark.parametrize(("resiliency", "told"), [("independent", "error"), ("global", "warning")])
def test_ids_of_a_replicated_instance_are_taken(resiliency: str, told: str, tmp_path: Path) -> None:
    assert level(tmp_path, flow(queue("a", "end", UUID)), regions=[EAST, WEST], resiliency=resiliency) == told
