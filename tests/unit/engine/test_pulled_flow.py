"""What AWS has, in the file of a flow: whatever form the file has, and a draft that somebody published."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sbctl.checks.severity import UNKNOWN
from sbctl.core.address import Address
from sbctl.core.kinds.resource import Live
from sbctl.engine.drift.accept_flow import Names, accepted_flow, pulled_flow
from sbctl.engine.drift.config_edit import NotExpressible
from sbctl.engine.drift.detect import Drifted
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.resources.connect_flow import FlowSpec
from sbctl.resources.connect_flow_module import ModuleSpec
from tests.unit.flows.loading import load_flows, load_modules
from tests.unit.resources.connect.script import project

ID = "11111111-2222-3333-4444-555555555555"
QUEUE = f"arn:aws:connect:us-east-1:123456789012:instance/{ID.replace('1', '2')}/queue/{ID}"


def content(text: str, queue: str = QUEUE) -> dict[str, Any]:
    actions = [
        {"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": text}, "Transitions": {}},
        {"Identifier": "b", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": queue}, "Transitions": {}},
    ]
    return {"Version": "2019-10-30", "StartAction": "a", "Metadata": {}, "Actions": actions}


def names(kind: str, region: str) -> list[tuple[str, str]]:
    return [(QUEUE, "Sales"), (ID, "Sales")] if (kind, region) == ("connect_queue", "us-east-1") else []


NAMED: Names = names


def pulled(folder: Path, spec: Any, kind: str = "connect_flow") -> list[tuple[Any, Any]]:
    """(path, value) of what is to be written for one region's flow."""
    known = replace(project(), flows=load_flows(folder), modules=load_modules(folder))
    address = Address.of(kind, "us-east-1", spec.name)
    world = ObservedWorld(live={address: Live(spec, {})})
    return [(one.path, one.value) for one in pulled_flow(known, world, {"us-east-1": address}, NAMED)]


def spec(**changed: Any) -> FlowSpec:
    return FlowSpec(
        **{"instance": "i", "name": "Main", "type": "CONTACT_FLOW", "content": content("Hi ${x:y}"), **changed}
    )


WRITTEN = content("Hi $${x:y}", "${queue:Sales}")


@pytest.mark.parametrize(
    ("wrapped", "path", "value"),
    [
        (lambda tree: tree, (), WRITTEN),
        (lambda tree: {"name": "Main", "content": tree}, ("content",), WRITTEN),
        (
            lambda tree: {"ContactFlow": {"Name": "Main", "Content": json.dumps(tree)}},
            ("ContactFlow", "Content"),
            json.dumps(WRITTEN),
        ),
    ],
)
def test_the_content_goes_to_its_place(tmp_path: Path, wrapped: Any, path: Any, value: Any) -> None:
    (tmp_path / "Main.json").write_text(json.dumps(wrapped(content("Before", "${queue:Sales}"))))
    assert pulled(tmp_path, spec()) == [(path, value)]


def test_a_draft_that_was_published_is_none_any_more(tmp_path: Path) -> None:
    file = {"name": "Main", "status": "SAVED", "content": content("Before", "${queue:Sales}")}
    (tmp_path / "main.json").write_text(json.dumps(file))
    assert pulled(tmp_path, spec()) == [(("content",), WRITTEN), (("status",), "PUBLISHED")]
    draft = spec(content=None, draft=content("Hi ${x:y}"), status="SAVED")
    assert pulled(tmp_path, draft) == [(("content",), WRITTEN)]


def test_where_one_region_moved_the_way_to_pull_it_is_told(tmp_path: Path) -> None:
    """The file is of all regions, and `drift --accept` changes none that did not move."""
    (tmp_path / "main.json").write_text(json.dumps({"name": "Main Menu", "content": content("Before")}))
    address = Address.of("connect_flow", "us-east-1", "Main Menu")
    moved = {"us-east-1": Drifted(address, "changed", UNKNOWN, "content")}
    with pytest.raises(NotExpressible, match="did not move") as caught:
        accepted_flow(replace(project(), flows=load_flows(tmp_path)), ObservedWorld(), moved, NAMED)
    assert "sbctl flow pull 'Main Menu' --region us-east-1" in caught.value.instead


def test_a_module_keeps_the_settings_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    inside: dict[str, Any] = {"InputParameters": [], "OutputParameters": [], "Transitions": []}
    (tmp_path / "modules" / "Greet.json").write_text(json.dumps({**content("Before", "x"), "Settings": inside}))
    live = ModuleSpec(instance="i", name="Greet", content=content("Hi ${x:y}"))
    assert pulled(tmp_path, live, "connect_flow_module") == [((), {**WRITTEN, "Settings": inside})]


def test_a_program_and_a_flow_that_is_gone_cannot_be_said(tmp_path: Path) -> None:
    built = "from sbctl.flows.builder import FlowBuilder\nFLOW = FlowBuilder('Main').disconnect()\n"
    (tmp_path / "main.py").write_text(built)
    with pytest.raises(NotExpressible, match="program"):
        pulled(tmp_path, spec())
    (tmp_path / "main.py").unlink()
    (tmp_path / "Main.json").write_text(json.dumps(content("Before", "x")))
    with pytest.raises(NotExpressible, match="does not have"):
        pulled(tmp_path, spec(content=None))
