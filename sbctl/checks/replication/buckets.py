"""Everything about buckets that needs no canary: rules, versioning and roles, backlog, and the figures that AWS publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial

from sbctl.checks.fan_out import End, answers, asked, by_thing, ends_of
from sbctl.checks.lag import published_latency
from sbctl.checks.lag.measuring import Measuring, reading
from sbctl.checks.lag.published_latency import ask_figures, publishing
from sbctl.checks.lag.routes import Pair
from sbctl.checks.replication import backlog, bucket_config, encryption
from sbctl.checks.replication import role as replication_role
from sbctl.checks.replication.bucket_config import BucketView
from sbctl.core.events import ReadDone, ReadStarted
from sbctl.core.reading import Reading

CALLS: frozenset[str] = (
    bucket_config.CALLS | backlog.CALLS | encryption.CALLS | published_latency.CALLS | replication_role.CALLS
)
Views = Mapping[End, bucket_config.View]
RoleViews = Mapping[str, replication_role.View]


def check_buckets(on: Measuring, pairs: Sequence[Pair], pool: Executor) -> list[Reading]:
    """The readings of these pairs and of the buckets at their ends."""

    def look(end: End) -> bucket_config.View:
        thing, region = end
        on.listen(ReadStarted(thing.name, region))
        view = bucket_config.look_at_bucket(on.aws, thing.place(region).resource, region)
        on.listen(ReadDone(thing.name, region, 0))
        return view

    def list_keys(end: End) -> backlog.View:
        thing, region = end
        return backlog.list_bucket(on.aws, thing.place(region).resource, region)

    listings = asked(pool, list_keys, ends_of(pairs))
    looks = asked(pool, look, ends_of(pairs))
    keys_seen = encryption.look_at_keys(on, pairs, pool)
    views = answers(looks)
    rules = _rules(pairs, views)
    figures = ask_figures(on, publishing(pairs, rules), rules, pool)
    roles = sorted({view.role for view in views.values() if isinstance(view, BucketView) and view.role})
    role_views = answers(asked(pool, partial(replication_role.look_at_role, on.aws), roles))
    keys = answers(listings)
    behind = asked(
        pool,
        lambda pair: list(backlog.backlog_of(on, pair, keys[pair.of, pair.source], keys[pair.of, pair.target])),
        pairs,
    )
    return [
        *encryption.judge_keys(on, pairs, keys_seen),
        *_configuration(on, pairs, views, role_views, keys_seen),
        *(one for there in answers(figures).values() for one in there),
        *(one for readings in answers(behind).values() for one in readings),
    ]


def _configuration(
    on: Measuring, pairs: Sequence[Pair], views: Views, roles: RoleViews, keys: encryption.Views
) -> Iterator[Reading]:
    for thing, of_thing in by_thing(views).items():
        yield from bucket_config.judge_buckets(on, thing, of_thing)
    for pair in pairs:
        view = views[pair.of, pair.source]
        yield bucket_config.judge_rule(on, pair, view, keys)
        if isinstance(view, BucketView) and view.role:  # without rules there is no role to be judged
            found = replication_role.judge_role(roles[view.role], on.account, _way(pair, view, keys))
            yield reading(on, "replication-role", found, pair.of.name, pair.source, pair.target)


def _way(pair: Pair, view: BucketView, keys: encryption.Views) -> replication_role.ReplicationPath:
    """The buckets of a pair, and the keys with which S3 opens the originals and closes the copies."""
    rule = view.rule_to(pair.of.place(pair.target).resource)
    closing = rule.key if rule is not None else ""
    opening = bucket_config.source_keys(pair, view) if closing else []
    return replication_role.ReplicationPath(
        source=pair.of.place(pair.source).resource,
        target=pair.of.place(pair.target).resource,
        source_keys=tuple(encryption.arn_of(key, pair.source, keys) for key in opening),
        target_key=encryption.arn_of(closing, pair.target, keys),
        fix=replication_role.FIX if bucket_config.named_keys(pair) else bucket_config.UNNAMED,
    )


def _rules(pairs: Sequence[Pair], views: Views) -> dict[Pair, str]:
    """The ids of the rules that there are."""
    found: dict[Pair, str] = {}
    for pair in pairs:
        view = views[pair.of, pair.source]
        rule = view.rule_to(pair.of.place(pair.target).resource) if isinstance(view, BucketView) else None
        if rule is not None:
            found[pair] = rule.id
    return found
