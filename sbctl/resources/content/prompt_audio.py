"""The way of a prompt's audio into Connect: up to the project's bucket in the region, from where Connect copies it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.desired.files.recordings import NotAudio, audio
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.data.own_objects import PREFIX

AUDIO_TAG = "sbctl:audio"
ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


def in_bucket(aws: AwsCalls, region: str, bucket: str, source: str, sha256: str) -> str:
    """The URI of the audio, uploaded unless it is there. It stays: it goes with the bucket, as all that sbctl puts there.

    Connect reads with the caller's permission, which the look at the object needs too. Raises SbctlError when the file is
    not what it was when the plan was made.
    """
    content = _content(source, sha256)
    # the region is a part of the key: buckets replicate to each other, and none should overwrite another's
    key = f"{PREFIX}prompts/{region}/{sha256}.wav"
    if call_or_none(aws, ABSENT, "s3", "HeadObject", region, Bucket=bucket, Key=key) is None:
        aws.call("s3", "PutObject", region, Bucket=bucket, Key=key, Body=content, ContentType="audio/wav")
    return f"s3://{bucket}/{key}"


def without_bucket(prompt: str, region: str) -> Problem:
    """Why the audio of a prompt cannot be brought to a region."""
    return Problem(
        code="prompt-bucket-missing",
        summary="The audio of a prompt has no bucket to go through",
        detail=f"{prompt} in {region}: the bucket of its item is not in that region",
        at=f"{prompt} in {region}",
        fix='Add the region to the "regions" of the bucket in regions.json.',
    )


def _content(source: str, sha256: str) -> bytes:
    try:
        content = audio(Path(source))
    except (FileNotFoundError, NotAudio) as error:
        raise SbctlError(_changed(source, f"it is gone, or no audio any more: {error}")) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SbctlError(_changed(source, "it is another file now"))
    return content


def _changed(source: str, detail: str) -> Problem:
    return Problem(
        code="recording-changed",
        summary="The audio of a prompt changed after the plan was made",
        detail=detail,
        at=source,
        fix="Run sbctl in the folder in which the plan was made, or make a new plan.",
        exit=Exit.STALE,
    )
