"""What AWS itself publishes about lag, with its age: of tables in the source's region, of buckets in the destination's.

With a table's lag goes the rate of its writes: lag times rate is what a lost region would take with it.

A table publishes only while writes replicate, so no figure means a quiet table, and an alarm on it cannot see that
replication has stopped; that is what canaries are for. A bucket's rule with metrics publishes also when idle.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta

from sbctl.checks.fan_out import asked
from sbctl.checks.lag.measuring import Found, Measuring, reading, unasked
from sbctl.checks.lag.metrics import CALLS as METRIC_CALLS
from sbctl.checks.lag.metrics import PERIOD_SECONDS, Figure, Metric, newest
from sbctl.checks.lag.routes import Pair
from sbctl.core.aws.error import AwsError
from sbctl.core.events import ReadDone, ReadStarted
from sbctl.core.reading import Reading

CALLS: frozenset[str] = METRIC_CALLS
CHECK = "published-latency"
RATE = "write-rate"
RECENT = timedelta(minutes=10)
"""An older figure says how it was, and is no reason to call replication late."""
PENDING = (("BytesPendingReplication", "bytes"), ("OperationsPendingReplication", "operations"))


def publishing(pairs: Sequence[Pair], rules: Mapping[Pair, str]) -> dict[str, list[Pair]]:
    """The pairs by the region in which their figures are published. `rules`: the ids of the rules of bucket pairs."""
    by_region: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.of.kind == "table" or pair in rules:
            by_region.setdefault(pair.source if pair.of.kind == "table" else pair.target, []).append(pair)
    return by_region


def ask_figures(
    on: Measuring, by_region: Mapping[str, Sequence[Pair]], rules: Mapping[Pair, str], pool: Executor
) -> dict[str, Future[list[Reading]]]:
    """Ask for the figures, a call a region; a region that does not answer makes its own unknown."""
    return asked(pool, lambda region: published_in(on, region, by_region[region], rules), by_region)


def overtaken(figures: Iterable[Reading], canaries: Iterable[Reading]) -> Iterator[Reading]:
    """The figures, of which none counts as late where a canary has shown since that the pair keeps up again."""
    timely = {(one.subject, one.source, one.target): one for one in canaries if one.verdict == "ok"}
    for figure in figures:
        canary = timely.get((figure.subject, figure.source, figure.target))
        if canary is None or figure.check != CHECK or figure.verdict != "late" or canary.at < figure.at:
            yield figure
        else:
            detail = f"CloudWatch showed {figure.value:.0f} s; a canary took {canary.value:.2f} s since"
            yield figure.model_copy(update={"verdict": "ok", "detail": detail, "fix": ""})


def published_in(on: Measuring, region: str, pairs: Sequence[Pair], rules: Mapping[Pair, str]) -> list[Reading]:
    """The figures of the pairs that publish in one region."""
    now = on.world.now()
    metrics = [metric for pair in pairs for metric in _metrics(pair, rules)]
    on.listen(ReadStarted("figures", region))
    try:
        figures = newest(on.aws, region, metrics, now)
    except AwsError as error:
        return [_latency(on, pair, unasked(error)) for pair in pairs]
    finally:
        on.listen(ReadDone("figures", region, 0))
    return [one for pair in pairs for one in _readings(on, pair, rules, figures, now)]


def _metrics(pair: Pair, rules: Mapping[Pair, str]) -> list[Metric]:
    if pair.of.kind == "table":
        return [_of_table(pair), _writes_of(pair)]
    return [_of_bucket(pair, rules[pair], name) for name in ("ReplicationLatency", *(name for name, _ in PENDING))]


def _of_table(pair: Pair) -> Metric:
    dimensions = (("TableName", pair.of.place(pair.source).resource), ("ReceivingRegion", pair.target))
    return Metric("AWS/DynamoDB", "ReplicationLatency", dimensions)


def _writes_of(pair: Pair) -> Metric:
    """A sample is a request that consumed write capacity."""
    dimensions = (("TableName", pair.of.place(pair.source).resource),)
    return Metric("AWS/DynamoDB", "ConsumedWriteCapacityUnits", dimensions, "SampleCount")


def _of_bucket(pair: Pair, rule: str, name: str) -> Metric:
    source, target = pair.of.place(pair.source).resource, pair.of.place(pair.target).resource
    return Metric("AWS/S3", name, (("SourceBucket", source), ("DestinationBucket", target), ("RuleId", rule)))


def _readings(
    on: Measuring, pair: Pair, rules: Mapping[Pair, str], figures: Mapping[Metric, Figure], now: datetime
) -> Iterator[Reading]:
    if pair.of.kind == "table":
        figure = figures.get(_of_table(pair))
        yield _latency(on, pair, _judged(on, figure, 0.001, now), figure, now)
        yield _write_rate(on, pair, figures.get(_writes_of(pair)), now)
        return
    figure = figures.get(_of_bucket(pair, rules[pair], "ReplicationLatency"))
    yield _latency(on, pair, _judged(on, figure, 1.0, now), figure, now)
    for name, unit in PENDING:
        pending = figures.get(_of_bucket(pair, rules[pair], name))
        found = Found(pending.value, "ok") if pending else Found(None, "ok", "no figure is published yet")
        made = reading(on, "backlog", found, pair.of.name, pair.source, pair.target, unit)
        yield _aged(made, pending, now)


def _write_rate(on: Measuring, pair: Pair, figure: Figure | None, now: datetime) -> Reading:
    """Requests that write, a second; none is published for a minute in which nothing was written."""
    if figure is None or now - figure.at > RECENT:
        return reading(on, RATE, Found(0.0, "ok"), pair.of.name, pair.source, pair.target, "writes/s")
    found = Found(round(figure.value / PERIOD_SECONDS, 3), "ok")
    return _aged(reading(on, RATE, found, pair.of.name, pair.source, pair.target, "writes/s"), figure, now)


def _judged(on: Measuring, figure: Figure | None, scale: float, now: datetime) -> Found:
    """`scale` makes seconds of the figure."""
    if figure is None:
        return Found(None, "ok", "no figure in the last three hours: nothing was written")
    seconds = round(figure.value * scale, 3)
    if seconds <= on.rpo or now - figure.at > RECENT:
        return Found(seconds, "ok")
    detail = f"CloudWatch shows {seconds:.0f} s; the objective is {on.rpo:g} s"
    return Found(seconds, "late", detail, "Wait until it has caught up before a planned failover.")


def _latency(
    on: Measuring, pair: Pair, found: Found, figure: Figure | None = None, now: datetime | None = None
) -> Reading:
    made = reading(on, CHECK, found, pair.of.name, pair.source, pair.target, "s")
    return _aged(made, figure, now)


def _aged(made: Reading, figure: Figure | None, now: datetime | None) -> Reading:
    """The reading as old as its figure: ages are of the world's time, stamps of the machine's."""
    if figure is None or now is None:
        return made
    return made.model_copy(update={"at": made.at - max(timedelta(0), now - figure.at)})
