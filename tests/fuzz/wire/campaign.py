"""Many random requests to one server: counted by what they were and how they were answered; what is wrong is said at once."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from sbctl.sandbox.http.strangers import TOKEN_HEADER
from sbctl.sandbox.services import OWN
from tests.fuzz.wire.damage import sent
from tests.fuzz.wire.furnish import furnish
from tests.fuzz.wire.judge import MOST_NAMES, answers, exchanged, names_in, wrong
from tests.fuzz.wire.questions import Asked, Questions

POOL = ("bench", "bench-east", "bench-west", "bench.fifo", "us-west-2", "id", "h.example.com.", "123456789012")


@dataclass
class Tally:
    """What was tried and what came back."""

    tried: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    damage: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.tried + other.tried,
            self.kinds + other.kinds,
            self.damage + other.damage,
            self.statuses + other.statuses,
            self.broken + other.broken,
        )


def asked(port: int, token: str) -> Asked:
    """A server with one of each thing in it, made now."""
    told = _control(port, token, "operations", None)
    simulated = {name: told["simulated"][name] for name in OWN}
    names = furnish(f"http://127.0.0.1:{port}", lambda: _control(port, token, "advance", b'{"seconds": 300}'))
    return Asked(port, token, names, {**simulated, "s3": told["carried_s3"]})


def _control(port: int, token: str, action: str, body: bytes | None) -> Any:
    request = Request(f"http://127.0.0.1:{port}/_sandbox/{action}", body, {TOKEN_HEADER: token})
    with build_opener(ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def campaign(on: Asked, seed: str, requests: int, say: Callable[[str], None]) -> Tally:
    """So many requests, one after another. The seed draws them all, but for the ids that the server made up."""
    draw, pool, tally = random.Random(seed), [*POOL, *on.names.values()], Tally()
    questions = Questions(draw, on, pool)
    for number in range(requests):
        one = sent(draw, questions.one())
        tally.tried += 1
        tally.kinds[one.question.name.partition(":")[0]] += 1
        tally.damage[one.how.partition(" ")[0] if one.how.startswith("version") else one.how] += 1
        try:
            raw = exchanged(on.port, one)
        except TimeoutError:
            raw, why = b"", "it hangs"
        else:
            why = wrong(one, raw)
            tally.statuses.update(_statuses(raw, one.question.method) or ["none"])
        _remember(draw, pool, raw)
        if why:
            tally.broken.append(why)
            say(f"BROKEN {seed} {number}: {one.question.name}, {one.how}: {why}\n  {one.raw[:3_000]!r}\n")
    return tally


def _statuses(raw: bytes, method: str) -> list[str]:
    try:
        return [str(status) for status, _, _ in answers(raw, method)]
    except (ValueError, IndexError):
        return ["no HTTP"]


def _remember(draw: random.Random, pool: list[str], raw: bytes) -> None:
    for name in names_in(raw)[:5]:
        if len(pool) < MOST_NAMES:
            pool.append(name)
        else:
            pool[draw.randrange(MOST_NAMES // 2, MOST_NAMES)] = name
