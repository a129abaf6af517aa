"""Asks endpoints, and none again in this run that gave no answer: what hangs costs one time-out, whoever asks it."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import replace

from sbctl.probes.http import Http, HttpAnswer


class AskedOnce:
    """Endpoints as one run sees them. A host is asked by one at a time, since the functions behind it may be slow together."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._lock = threading.Lock()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._silent: dict[str, HttpAnswer] = {}

    def get(self, host: str, path: str) -> HttpAnswer:
        """The answer; the earlier one where nothing answered."""
        with self._lock:
            turn = self._turns[host]
        with turn:
            if host in self._silent:
                return replace(self._silent[host], path=path)
            answer = self._http.get(host, path)
            if not answer.status:
                self._silent[host] = answer
            return answer
