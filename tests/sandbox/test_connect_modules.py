"""Flow modules of the simulated Connect: settings, who invokes them, how they end, and creation that is safe to repeat."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.connect_instance import SETTINGS, content, instance

NOBODY = "00000000-0000-0000-0000-000000000000"
SPEECH = content("MessageParticipant", {"Text": "Hello."}, "EndFlowModuleExecution")


def module(sandbox: Sandbox, where: str, **changed: Any) -> dict[str, Any]:
    """A new module, or what makes it wrong."""
    values = {"InstanceId": where, "Name": "Greeting", "Content": SPEECH, "Settings": SETTINGS, **changed}
    made: dict[str, Any] = sandbox.client("connect").create_contact_flow_module(
        **{name: value for name, value in values.items() if value is not None}
    )
    return made


def invoking(named: str) -> str:
    """A flow that invokes a module."""
    return content("InvokeFlowModule", {"FlowModuleId": named})


def test_a_module_lives_and_is_searched_late(sandbox: Sandbox) -> None:
    """Made, described, changed, listed by its state, deleted; search is behind all of it by a moment."""
    connect, where = sandbox.client("connect"), instance(sandbox)
    made = module(sandbox, where, Tags={"team": "a"})
    at = {"InstanceId": where, "ContactFlowModuleId": made["Id"]}
    sandbox.world.clock.advance(2)
    changed = SPEECH.replace("Hello", "Good day")
    connect.update_contact_flow_module_content(**at, Content=changed)
    connect.update_contact_flow_module_metadata(**at, State="ARCHIVED", Description="old")
    found = connect.describe_contact_flow_module(**at)["ContactFlowModule"]
    assert (found["Content"], found["State"], found["Settings"]) == (changed, "ARCHIVED", SETTINGS)
    sandbox.world.clock.advance(2)
    (row,) = connect.search_contact_flow_modules(InstanceId=where)["ContactFlowModules"]
    assert (row["Content"], row["Tags"]) == (changed, {"team": "a"})
    listed = connect.list_contact_flow_modules(InstanceId=where, ContactFlowModuleState="ACTIVE")
    assert listed["ContactFlowModulesSummaryList"] == []
    connect.delete_contact_flow_module(**at)
    assert len(connect.search_contact_flow_modules(InstanceId=where)["ContactFlowModules"]) == 1
    sandbox.world.clock.advance(2)
    assert connect.search_contact_flow_modules(InstanceId=where)["ContactFlowModules"] == []


def test_a_module_needs_settings(sandbox: Sandbox) -> None:
    """Inside its content, whatever the member Settings of the request says."""
    bare = json.dumps({name: part for name, part in json.loads(SPEECH).items() if name != "Settings"})
    with pytest.raises(ClientError, match="JSON field is missing or null for field name: settings") as caught:
        module(sandbox, instance(sandbox), Content=bare)
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
    module(sandbox, instance(sandbox), Settings=None)


def test_a_repeated_creation_makes_one_module(sandbox: Sandbox) -> None:
    """With the same token and the same body AWS answers with the same id; another body is refused."""
    where = instance(sandbox)
    first = module(sandbox, where, ClientToken="t")
    assert module(sandbox, where, ClientToken="t")["Id"] == first["Id"]
    with pytest.raises(ClientError, match="IdempotencyException"):
        module(sandbox, where, ClientToken="t", Name="Other")
    with pytest.raises(ClientError, match="DuplicateResourceException"):
        module(sandbox, where)


def test_flows_of_any_type_and_modules_invoke_modules(sandbox: Sandbox) -> None:
    """A flow that names a module which is not there is refused."""
    connect, where = sandbox.client("connect"), instance(sandbox)
    made = module(sandbox, where)
    for kind in ("CONTACT_FLOW", "CUSTOMER_QUEUE"):
        connect.create_contact_flow(InstanceId=where, Name=kind, Type=kind, Content=invoking(made["Arn"]))
    outer = content("InvokeFlowModule", {"FlowModuleId": made["Id"]}, "EndFlowModuleExecution")
    module(sandbox, where, Name="Outer", Content=outer)
    with pytest.raises(ClientError, match="InvalidContactFlowException"):
        connect.create_contact_flow(InstanceId=where, Name="x", Type="CONTACT_FLOW", Content=invoking(NOBODY))


def test_only_modules_end_as_modules(sandbox: Sandbox) -> None:
    """EndFlowModuleExecution in a flow is refused."""
    with pytest.raises(ClientError, match="InvalidContactFlowException"):
        sandbox.client("connect").create_contact_flow(
            InstanceId=instance(sandbox), Name="x", Type="CONTACT_FLOW", Content=SPEECH
        )
