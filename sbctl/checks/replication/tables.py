"""Everything about tables that needs no canary: configuration of both sides, and the latency that AWS publishes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from sbctl.checks.fan_out import End, answers, asked, by_thing, ends_of
from sbctl.checks.lag.measuring import Measuring
from sbctl.checks.lag.published_latency import CALLS as PUBLISHED_CALLS
from sbctl.checks.lag.published_latency import ask_figures, publishing
from sbctl.checks.lag.routes import Pair
from sbctl.checks.replication import encryption
from sbctl.checks.replication.replica_config import CALLS as CONFIG_CALLS
from sbctl.checks.replication.replica_config import View, judge_replicas, look_at_replica
from sbctl.core.events import ReadDone, ReadStarted
from sbctl.core.reading import Reading

CALLS: frozenset[str] = CONFIG_CALLS | PUBLISHED_CALLS | encryption.CALLS


def check_tables(on: Measuring, pairs: Sequence[Pair], pool: Executor) -> list[Reading]:
    """The readings of these pairs and of the replicas at their ends."""

    def look(end: End) -> View:
        thing, region = end
        on.listen(ReadStarted(thing.name, region))
        view = look_at_replica(on.aws, thing.place(region).resource, region)
        on.listen(ReadDone(thing.name, region, 0))
        return view

    figures = ask_figures(on, publishing(pairs, {}), {}, pool)
    looks = asked(pool, look, ends_of(pairs))
    keys_seen = encryption.look_at_keys(on, pairs, pool)
    views = by_thing(answers(looks))
    seen = [one for thing, of_thing in views.items() for one in judge_replicas(on, thing, of_thing)]
    chosen = {(pair.of.name, end) for pair in pairs for end in ((pair.source, pair.target), (pair.target, pair.source))}
    # of replicas as others see them only those between which a pair was asked for, whichever side says it
    return [
        *encryption.judge_keys(on, pairs, keys_seen),
        *(one for one in seen if not one.target or (one.subject, (one.source, one.target)) in chosen),
        *(one for there in answers(figures).values() for one in there),
    ]
