"""Everything about tables that needs no canary: configuration of both sides, and the latency that AWS publishes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from sbctl.checks.gather import End, by_thing, ends_of, gathered
from sbctl.checks.measuring import Measuring
from sbctl.checks.published_latency import CALLS as PUBLISHED_CALLS
from sbctl.checks.published_latency import published
from sbctl.checks.replica_config import CALLS as CONFIG_CALLS
from sbctl.checks.replica_config import View, judge_replicas, look_at_replica
from sbctl.checks.routes import Pair
from sbctl.core.reading import Reading

CALLS: frozenset[str] = CONFIG_CALLS | PUBLISHED_CALLS


def check_tables(on: Measuring, pairs: Sequence[Pair], pool: Executor) -> list[Reading]:
    """The readings of these pairs and of the replicas at their ends."""

    def look(end: End) -> View:
        thing, region = end
        return look_at_replica(on.aws, thing.place(region).resource, region)

    figures = pool.submit(lambda: list(published(on, pairs, {})))
    views = by_thing(gathered(pool, look, ends_of(pairs)))
    seen = [one for thing, of_thing in views.items() for one in judge_replicas(on, thing, of_thing)]
    chosen = {(pair.of.name, end) for pair in pairs for end in ((pair.source, pair.target), (pair.target, pair.source))}
    # of replicas as others see them only those between which a pair was asked for, whichever side says it
    return [
        *(one for one in seen if not one.target or (one.subject, (one.source, one.target)) in chosen),
        *figures.result(),
    ]
