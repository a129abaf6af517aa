"""Everything about buckets that needs no canary: rules, versioning and roles, backlog, and the figures that AWS publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial

from sbctl.checks import backlog, bucket_config, published_latency, replication_role
from sbctl.checks.bucket_config import BucketView
from sbctl.checks.gather import End, by_thing, ends_of, gathered
from sbctl.checks.measuring import Measuring, reading
from sbctl.checks.routes import Pair
from sbctl.core.reading import Reading

CALLS: frozenset[str] = bucket_config.CALLS | backlog.CALLS | published_latency.CALLS | replication_role.CALLS
Views = Mapping[End, bucket_config.View]


def check_buckets(on: Measuring, pairs: Sequence[Pair], pool: Executor) -> list[Reading]:
    """The readings of these pairs and of the buckets at their ends."""
    behind = pool.submit(_backlog, on, pairs, pool)

    def look(end: End) -> bucket_config.View:
        thing, region = end
        return bucket_config.look_at_bucket(on.aws, thing.place(region).resource, region)

    views = gathered(pool, look, ends_of(pairs))
    figures = pool.submit(lambda: list(published_latency.published(on, pairs, _rules(pairs, views))))
    roles = sorted({view.role for view in views.values() if isinstance(view, BucketView) and view.role})
    role_views = gathered(pool, partial(replication_role.look_at_role, on.aws), roles)
    config = [
        one for thing, of_thing in by_thing(views).items() for one in bucket_config.judge_buckets(on, thing, of_thing)
    ]
    for pair in pairs:
        view = views[pair.of, pair.source]
        config.append(bucket_config.judge_rule(on, pair, view))
        config += _role(on, pair, view, role_views)
    return [*config, *figures.result(), *behind.result()]


def _rules(pairs: Sequence[Pair], views: Views) -> dict[Pair, str]:
    """The ids of the rules that there are."""
    found: dict[Pair, str] = {}
    for pair in pairs:
        view = views[pair.of, pair.source]
        rule = view.rule_to(pair.of.place(pair.target).resource) if isinstance(view, BucketView) else None
        if rule is not None:
            found[pair] = rule.id
    return found


def _role(
    on: Measuring, pair: Pair, view: bucket_config.View, roles: Mapping[str, replication_role.View]
) -> Iterator[Reading]:
    """What the role of a bucket's rules is good for; nothing to say where there are no rules."""
    if isinstance(view, BucketView) and view.role:
        source, target = pair.of.place(pair.source).resource, pair.of.place(pair.target).resource
        found = replication_role.judge_role(roles[view.role], on.account, source, target)
        yield reading(on, "replication-role", found, pair.of.name, pair.source, pair.target)


def _backlog(on: Measuring, pairs: Sequence[Pair], pool: Executor) -> list[Reading]:
    def look(end: End) -> backlog.View:
        thing, region = end
        return backlog.list_bucket(on.aws, thing.place(region).resource, region)

    listings = gathered(pool, look, ends_of(pairs))
    behind = gathered(
        pool,
        lambda pair: list(backlog.backlog_of(on, pair, listings[pair.of, pair.source], listings[pair.of, pair.target])),
        pairs,
    )
    return [one for readings in behind.values() for one in readings]
