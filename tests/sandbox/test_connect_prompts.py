"""Prompts of the simulated Connect: what AWS's model and pages say of their audio, names, references and search."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.connect_instance import SETTINGS, content, instance, stored, wav
from tests.sandbox.kept_world import kept


def test_a_prompt_lives_and_is_searched_late(sandbox: Sandbox) -> None:
    """Made, described at once, found by search after a moment, listed, renamed, deleted; its source is never told."""
    connect, where = sandbox.client("connect"), instance(sandbox)
    made = connect.create_prompt(InstanceId=where, Name="Hello", S3Uri=stored(sandbox, wav()), Tags={"team": "a"})
    at = {"InstanceId": where, "PromptId": made["PromptId"]}
    found = connect.describe_prompt(**at)["Prompt"]
    assert (found["Name"], found["Tags"], "S3Uri" in found) == ("Hello", {"team": "a"}, False)
    sandbox.world.clock.advance(2)
    connect.update_prompt(**at, Name="Good day", Description="d")
    assert [row["Name"] for row in connect.search_prompts(InstanceId=where)["Prompts"]] == ["Hello"]
    sandbox.world.clock.advance(2)
    assert [row["Name"] for row in connect.search_prompts(InstanceId=where)["Prompts"]] == ["Good day"]
    assert [row["Id"] for row in connect.list_prompts(InstanceId=where)["PromptSummaryList"]] == [made["PromptId"]]
    connect.delete_prompt(**at)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        connect.describe_prompt(**at)


def test_the_audio_is_copied(sandbox: Sandbox) -> None:
    """It is handed out by a signed address, also when the object is gone."""
    connect, where, audio = sandbox.client("connect"), instance(sandbox), wav(0.2)
    uri = stored(sandbox, audio)
    made = connect.create_prompt(InstanceId=where, Name="Hello", S3Uri=uri)
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    sandbox.client("s3").delete_object(Bucket=bucket, Key=key)
    address = connect.get_prompt_file(InstanceId=where, PromptId=made["PromptId"])["PromptPresignedUrl"]
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == audio


@pytest.mark.parametrize("wrong", ["missing", "elsewhere", "not audio"])
def test_audio_that_cannot_be_played_is_refused(sandbox: Sandbox, wrong: str) -> None:
    """The object must exist, in the instance's region, and be a .wav file."""
    where = instance(sandbox)
    uri = {
        "missing": lambda: stored(sandbox, wav()) + "x",
        "elsewhere": lambda: stored(sandbox, wav(), "us-west-2"),
        "not audio": lambda: stored(sandbox, b"text"),
    }[wrong]()
    with pytest.raises(ClientError, match="InvalidParameterException"):
        sandbox.client("connect").create_prompt(InstanceId=where, Name="Hello", S3Uri=uri)


def test_names_are_unique(sandbox: Sandbox) -> None:
    """A second prompt of the same name is a duplicate."""
    connect, where, uri = sandbox.client("connect"), instance(sandbox), stored(sandbox, wav())
    connect.create_prompt(InstanceId=where, Name="Hello", S3Uri=uri)
    with pytest.raises(ClientError, match="DuplicateResourceException"):
        connect.create_prompt(InstanceId=where, Name="Hello", S3Uri=uri)


def test_flows_play_prompts_of_their_own_instance_only(sandbox: Sandbox) -> None:
    """By id or by ARN; the ARN of another instance's prompt is refused, and so is an id that nothing has."""
    connect, where, other = sandbox.client("connect"), instance(sandbox), instance(sandbox)
    uri = stored(sandbox, wav())
    made = connect.create_prompt(InstanceId=where, Name="Hello", S3Uri=uri)
    foreign = connect.create_prompt(InstanceId=other, Name="Hello", S3Uri=uri)
    for number, named in enumerate((made["PromptId"], made["PromptARN"])):
        flow = content("MessageParticipant", {"PromptId": named})
        connect.create_contact_flow(InstanceId=where, Name=f"f{number}", Type="CONTACT_FLOW", Content=flow)
    borrowed = made["PromptARN"].replace(where, other)
    for named in (foreign["PromptARN"], borrowed, "00000000-0000-0000-0000-000000000000"):
        flow = content("MessageParticipant", {"PromptId": named})
        with pytest.raises(ClientError, match="InvalidContactFlowException"):
            connect.create_contact_flow(InstanceId=where, Name="g", Type="CONTACT_FLOW", Content=flow)


def test_prompts_and_modules_survive_a_restart(tmp_path: Path) -> None:
    """After it both are there, with the audio, and what refers to them is still accepted."""
    audio = wav(0.2)
    with kept(tmp_path) as sandbox:
        connect, where = sandbox.client("connect"), instance(sandbox)
        made = connect.create_prompt(InstanceId=where, Name="Hello", S3Uri=stored(sandbox, audio))
        says = content("MessageParticipant", {"PromptId": made["PromptARN"]}, "EndFlowModuleExecution")
        connect.create_contact_flow_module(InstanceId=where, Name="Say", Content=says, Settings=SETTINGS)
    with kept(tmp_path) as sandbox:
        connect = sandbox.client("connect")
        (module,) = connect.list_contact_flow_modules(InstanceId=where)["ContactFlowModulesSummaryList"]
        connect.update_contact_flow_module_content(InstanceId=where, ContactFlowModuleId=module["Id"], Content=says)
        address = connect.get_prompt_file(InstanceId=where, PromptId=made["PromptId"])["PromptPresignedUrl"]
        with urllib.request.urlopen(address) as answer:
            assert answer.read() == audio
