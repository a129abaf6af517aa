"""moto's log streams from inside: lines have times of the world's clock, which moto's own operation measures by the machine's.

PutLogEvents drops what is more than two hours ahead of the machine; a world may be days ahead of it.
Together with moto_backends all contact with moto. Touched here: logs_backends, its groups and their streams, and
LogStream.put_log_events; tests/sandbox/test_logs_moto_contact.py fails when one of them moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sbctl.sandbox.moto_bridge.backends import MotoBackends


class MotoLogs:
    """The log streams of one account."""

    def __init__(self, account: str, moto: MotoBackends) -> None:
        self._account = account
        self._moto = moto

    def append(self, region: str, group: str, stream: str, lines: Sequence[tuple[int, str]]) -> None:
        """Put lines (milliseconds since the epoch, text) into a stream. Group and stream are made where they are not there."""
        with self._moto.alone("logs"):
            backend = self._backend(region)
            if group not in backend.groups:
                backend.create_log_group(group, {})
            if stream not in backend.groups[group].streams:
                backend.create_log_stream(group, stream)
            events = [{"timestamp": at, "message": text} for at, text in lines]
            backend.groups[group].streams[stream].put_log_events(events)

    def _backend(self, region: str) -> Any:
        from moto.logs.models import logs_backends

        return logs_backends[self._account][region]
