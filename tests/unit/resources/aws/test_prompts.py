"""Prompts: where their audio comes from, what a plan says of it, and what is left alone."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.problem import SbctlError
from sbctl.resources.connect_prompt import RESOURCE, PromptSpec

IDS = {"instance": "i", "id": "p", "arn": "arn:p"}
AUDIO = b"RIFF\0\0\0\0WAVEfmt "
MARK = hashlib.sha256(AUDIO).hexdigest()


class Noting:
    """A door that notes all calls. No object is in the bucket until it is put there."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.objects: dict[str, bytes] = {}
        self.last: dict[str, Any] = {}

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        self.made.append(operation)
        self.last[operation] = params
        if operation == "HeadObject" and params["Key"] not in self.objects:
            raise AwsError("404", "", service=service, operation=operation, region=region, status=404)
        if operation == "PutObject":
            self.objects[params["Key"]] = params["Body"]
        return {"PromptId": "p", "PromptARN": "arn:p"}

    def wait(self, seconds: float, reason: str) -> None:  # noqa: ARG002
        raise AssertionError(reason)


def prompt(tmp_path: Path, **changed: Any) -> PromptSpec:
    """A prompt of a file."""
    (tmp_path / "hello.wav").write_bytes(AUDIO)
    source = {"source": str(tmp_path / "hello.wav"), "bucket": "b", "audio": MARK}
    return PromptSpec(**{"instance": "i", "name": "Hello", **source, **changed})


def test_a_file_is_uploaded_once_and_marked(tmp_path: Path) -> None:
    """Its object is named by region and hash; the prompt is made from there, with the hash as its mark."""
    aws = Noting()
    assert RESOURCE.create(aws, "us-west-2", prompt(tmp_path), "t") == IDS
    key = f"sbctl/prompts/us-west-2/{MARK}.wav"
    assert aws.objects == {key: AUDIO}
    made = aws.last["CreatePrompt"]
    assert (made["S3Uri"], made["Tags"]["sbctl:audio"]) == (f"s3://b/{key}", MARK)
    RESOURCE.create(aws, "us-west-2", prompt(tmp_path), "t")
    assert aws.made.count("PutObject") == 1


def test_a_file_that_changed_since_the_plan_is_refused(tmp_path: Path) -> None:
    """Nothing is called: the plan that was looked at spoke of other audio."""
    wanted, aws = prompt(tmp_path), Noting()
    (tmp_path / "hello.wav").write_bytes(AUDIO + b"x")
    with pytest.raises(SbctlError, match="another file"):
        RESOURCE.create(aws, "us-west-2", wanted, "t")
    assert aws.made == []


def test_audio_without_a_mark_is_left_alone(tmp_path: Path) -> None:
    """Whoever made the prompt, its audio cannot be read; a new name is written without touching it."""
    aws, live = Noting(), PromptSpec(instance="i", name="Hello")
    RESOURCE.update(aws, "us-west-2", IDS, live, prompt(tmp_path), {})
    assert aws.made == []
    RESOURCE.update(aws, "us-west-2", IDS, live, prompt(tmp_path, description="d"), {})
    assert "S3Uri" not in aws.last["UpdatePrompt"]


def test_the_mark_is_written_after_the_audio(tmp_path: Path) -> None:
    """A run that is killed in between brings the audio again, instead of believing that it is there."""
    aws, live = Noting(), PromptSpec(instance="i", name="Hello", audio="s3://b/old.wav")
    RESOURCE.update(aws, "us-west-2", IDS, live, prompt(tmp_path), {})
    assert aws.made[-2:] == ["UpdatePrompt", "TagResource"]
    assert aws.last["TagResource"]["tags"] == {"sbctl:audio": MARK}
