"""Transactions that are sent again: within ten minutes the same ClientRequestToken has the effect of one.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html , and the same of ExecuteTransaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.snapshot.part import Owned, Pieces
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.wire.response import Response

LIFE_SECONDS = 600.0


@dataclass(frozen=True)
class Done:
    """A transaction that succeeded, at a time of the world's clock."""

    at: float
    items: str
    response: Response


class Tokens:
    """The tokens of one account, by region. Used under moto's lock of the service, so that no two are in progress."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._done: dict[tuple[str, str], Done] = {}

    def clear(self) -> None:
        self._done.clear()

    def part(self) -> Pieces:
        """What was done under which token, to be kept."""
        return Pieces("dynamodb.tokens", self._taken, self._put_back)

    def _taken(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for (region, token), done in self._done.items():
            found.setdefault(region, {})[token] = done
        return found

    def _put_back(self, pieces: Owned) -> None:
        listed = [((region, token), done) for region, found in pieces.items() for token, done in found.items()]
        self._done = dict(sorted(listed, key=lambda entry: entry[1].at))

    def answer(self, region: str, body: Mapping[str, Any]) -> Response | None:
        """What the same request was answered before; None when it is new. Raises ApiError when the token had other items."""
        self._forget_old()
        done = self._done.get((region, body.get("ClientRequestToken", "")))
        if done is not None and done.items != _items(body):
            raise ApiError(
                "IdempotentParameterMismatchException",
                "The request uses the same client token as a previous, but non-identical request."
                " Do not reuse a client token with different requests, unless the requests are identical",
            )
        return done.response if done else None

    def remember(self, region: str, body: Mapping[str, Any], response: Response) -> None:
        """Keep the answer of a transaction that succeeded; a cancelled one may be tried again under its token."""
        token = body.get("ClientRequestToken", "")
        if token and response.status < 300:
            self._done[(region, token)] = Done(self._clock.seconds(), _items(body), response)

    def _forget_old(self) -> None:
        limit = self._clock.seconds() - LIFE_SECONDS
        # in the order of their age, so that the first young one ends it
        while self._done and next(iter(self._done.values())).at <= limit:
            del self._done[next(iter(self._done))]


def _items(body: Mapping[str, Any]) -> str:
    return json.dumps(body.get("TransactItems") or body.get("TransactStatements"), sort_keys=True)
