"""An instance of Connect in the sandbox, and flows and audio as the tests of what lives in it need them."""

from __future__ import annotations

import io
import json
import wave
from typing import Any
from uuid import uuid4

from tests.sandbox.conftest import Sandbox

SETTINGS = json.dumps({"InputParameters": [], "OutputParameters": [], "Transitions": []})


def instance(sandbox: Sandbox, region: str = "us-east-1") -> str:
    """The id of a new instance that is ready."""
    made = sandbox.client("connect", region).create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias=f"acme-{uuid4().hex[:12]}",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=False,
    )
    sandbox.world.clock.advance(31)
    return str(made["Id"])


def wav(seconds: float = 0.1) -> bytes:
    """Silence at 8 kHz, as Connect recommends."""
    out = io.BytesIO()
    with wave.open(out, "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(8000)
        audio.writeframes(b"\0\0" * int(8000 * seconds))
    return out.getvalue()


def stored(sandbox: Sandbox, body: bytes, region: str = "us-east-1") -> str:
    """The URI of an object in a new bucket of the region."""
    s3, bucket = sandbox.client("s3", region), f"audio-{uuid4().hex[:12]}"
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **place)
    s3.put_object(Bucket=bucket, Key="hello.wav", Body=body)
    return f"s3://{bucket}/hello.wav"


def content(kind: str, parameters: dict[str, Any], end: str = "DisconnectParticipant") -> str:
    """A flow of one action, whose every branch ends it; with `end` EndFlowModuleExecution a module, which needs settings."""
    errors = [] if kind == "MessageParticipant" else [{"ErrorType": "NoMatchingError", "NextAction": "end"}]
    does = {
        "Identifier": "do",
        "Type": kind,
        "Parameters": parameters,
        "Transitions": {"NextAction": "end", "Errors": errors, "Conditions": []},
    }
    ends = {"Identifier": "end", "Type": end, "Parameters": {}, "Transitions": {}}
    own = {"Settings": json.loads(SETTINGS)} if end == "EndFlowModuleExecution" else {}
    return json.dumps({"Version": "2019-10-30", "StartAction": "do", "Metadata": {}, "Actions": [does, ends], **own})
