"""A contact centre in this process whose traces a test looks at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.traces.sinks import Sinks
from tests.sandbox.contacts.call_centre import CallCentre

Named = tuple[str, frozenset[str]]
"""A metric's name, and the values of its dimensions without the instance's id."""


class TracedCentre(CallCentre):
    """Keeps what contacts leave. `refuses`: whether no bucket takes an object."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: list[Mapping[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.groups: set[tuple[str, str]] = set()
        self.batches = 0
        self.objects: dict[str, bytes] = {}
        self.refuses = False
        self.service.sinks = Sinks(self._figures, self._lines, self._object)

    def _figures(self, _region: str, data: Sequence[Mapping[str, Any]]) -> None:
        self.figures += data

    def _lines(self, region: str, group: str, _stream: str, lines: Sequence[tuple[int, str]]) -> None:
        self.groups.add((region, group))
        self.batches += 1
        self.lines += [json.loads(text) for _, text in lines]

    def _object(self, _region: str, bucket: str, key: str, body: bytes, _content: str) -> bool:
        if not self.refuses:
            self.objects[f"{bucket}/{key}"] = body
        return not self.refuses

    def to_the_minute(self) -> None:
        """Let time pass until a minute begins: what begins now ends within it, whatever the time of day."""
        self.advance(60 - self.clock.seconds() % 60 + 1)

    def sampled(self, metric: str) -> list[dict[str, float]]:
        """The sets of statistics of a metric, minute by minute."""
        return [dict(one["StatisticValues"]) for one in self.figures if one["MetricName"] == metric]

    def dimensions(self, metric: str) -> dict[str, str]:
        """Those of the first datum of a metric."""
        found = next(one for one in self.figures if one["MetricName"] == metric)
        return {one["Name"]: one["Value"] for one in found["Dimensions"]}

    def keeps(self, kind: str) -> None:
        """Let the instance keep a sort of object in a bucket."""
        config = {"StorageType": "S3", "S3Config": {"BucketName": "kept", "BucketPrefix": f"connect/acme/{kind}"}}
        resource = {"CallRecordings": "CALL_RECORDINGS", "ChatTranscripts": "CHAT_TRANSCRIPTS"}[kind]
        self.ask("AssociateInstanceStorageConfig", ResourceType=resource, StorageConfig=config)
