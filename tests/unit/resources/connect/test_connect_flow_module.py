"""Flow modules: created whole, or empty in a circle; settings in both places, and AWS's problems told by action name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.resources.connect_flow_module import RESOURCE, SETTINGS, STUB, ModuleSpec
from tests.unit.resources.connect.script import Script, refused

IDS = {"instance": "i", "id": "m", "arn": "arn:m"}
SAID, CHANGED = (example.content for example in RESOURCE.examples)


def module(**changed: Any) -> ModuleSpec:
    """A module as wanted or live."""
    return ModuleSpec(**{"instance": "i", "name": "Greeting", "content": SAID, **changed})


@pytest.mark.parametrize(("content", "sent_content"), [(SAID, SAID), (None, STUB)], ids=["whole", "in a circle"])
def test_a_new_module_can_be_asked_for_twice(content: Any, sent_content: Any) -> None:
    """It has settings inside and beside its content, and the token with which AWS makes it once."""
    aws = Script({"CreateContactFlowModule": [{"Id": "m", "Arn": "arn:m"}]})
    assert RESOURCE.create(aws, "us-east-1", module(content=content), "t") == IDS
    (sent,) = aws.params("CreateContactFlowModule")
    assert json.loads(sent["Content"]) == {**sent_content, "Settings": SETTINGS}
    assert (json.loads(sent["Settings"]), sent["ClientToken"]) == (SETTINGS, "t")


def test_other_settings_are_written_with_the_content_that_is_there() -> None:
    """Settings that only leave out what is empty are the same; others go with the content in one call."""
    aws = Script()
    RESOURCE.update(aws, "us-east-1", IDS, module(settings=dict(SETTINGS)), module(), {})
    assert aws.made == []
    RESOURCE.update(aws, "us-east-1", IDS, module(), module(settings={"InputParameters": ["x"]}), {})
    (sent,) = aws.params("UpdateContactFlowModuleContent")
    assert json.loads(sent["Settings"])["InputParameters"] == ["x"]
    assert json.loads(sent["Content"])["Actions"] == SAID["Actions"]


def test_what_a_module_declares_goes_beside_its_content_alone() -> None:
    """The block inside is the same whatever it declares; what AWS tells of it then is what was sent."""
    declared = {"input": {"schema": {"type": "object"}}, "transitions": {"results": [{"name": "Found"}]}}
    aws = Script()
    RESOURCE.update(aws, "us-east-1", IDS, module(), module(settings=declared), {})
    (sent,) = aws.params("UpdateContactFlowModuleContent")
    assert (json.loads(sent["Settings"]), json.loads(sent["Content"])["Settings"]) == (declared, SETTINGS)
    assert RESOURCE.same("settings", declared, json.loads(sent["Settings"]))


def test_a_refused_module_names_its_action() -> None:
    """AWS counts actions and leaves the message empty; the error says the action's name."""
    found = [{"message": "Invalid Action property name. Path: Actions[0].Parameters.X"}]
    aws = Script({"UpdateContactFlowModuleContent": [refused("InvalidContactFlowModuleException", Problems=found)]})
    with pytest.raises(AwsError, match="action 'play'"):
        RESOURCE.update(aws, "us-east-1", IDS, module(), module(content=CHANGED), {})


@pytest.mark.parametrize("where", ["content", "member"])
def test_settings_are_read_from_either_place(where: str) -> None:
    """Whichever of the two AWS answers with, the content is compared without them."""
    settings = {"InputParameters": ["x"]}
    row: dict[str, Any] = {"Id": "m", "Arn": "arn:m", "Name": "Greeting", "Content": json.dumps(SAID)}
    if where == "content":
        row["Content"] = json.dumps({**SAID, "Settings": settings})
    else:
        row["Settings"] = json.dumps(settings)
    aws = Script({"DescribeContactFlowModule": [{"ContactFlowModule": row}]})
    live = RESOURCE.read(aws, "us-east-1", IDS)
    assert live is not None
    assert (live.spec.settings, live.spec.content) == (settings, SAID)
