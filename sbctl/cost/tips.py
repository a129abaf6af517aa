"""What would cost less, for this config: the original example's savings list, and what else the estimate shows.

A tip that does not apply is left out; one that the config follows already says so, since that is worth knowing too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sbctl.cost.estimate import Count, Estimate, Scene, estimate
from sbctl.cost.prices import PriceTable
from sbctl.resources.dynamodb_table import TableSpec
from sbctl.resources.route53_health_check import HealthCheckSpec
from sbctl.resources.s3_bucket import BucketSpec


@dataclass(frozen=True)
class Tip:
    """`saving` a month in the table's currency, 0 when it cannot be said; `followed`: the config does so already."""

    text: str
    saving: float = 0.0
    followed: bool = False

    def as_json(self) -> dict[str, Any]:
        """The form promised in JSON output."""
        return {"text": self.text, "saving": round(self.saving, 2), "followed": self.followed}


@dataclass(frozen=True)
class Costed:
    """A scene with its estimates: over one region, over all but the last, and over all."""

    scene: Scene
    prices: PriceTable
    counts: tuple[Count, ...]
    one: Estimate
    fewer: Estimate
    all: Estimate


def tips(costed: Costed) -> list[Tip]:
    """All that applies, the greatest saving first, what is followed already last."""
    found = [tip for rule in RULES for tip in rule(costed)]
    return sorted(found, key=lambda tip: (tip.followed, -tip.saving))


def _passive(costed: Costed) -> Iterator[Tip]:
    scene = costed.scene
    if len(costed.all.regions) < 2:
        return
    if scene.usage.load_of(scene.project) == "standby":
        yield Tip("Active-passive: standby regions take no calls, so minutes are paid once.", followed=True)
        return
    usage = scene.usage.model_copy(update={"load": "standby"})
    standby = estimate(replace(scene, usage=usage), costed.prices, costed.counts)
    text = "Active-passive instead of active-active: minutes and function calls are paid in the active region only."
    yield Tip(text, max(0.0, costed.all.total - standby.total))


def _fewer_regions(costed: Costed) -> Iterator[Tip]:
    if len(costed.all.regions) > 2:
        last = costed.all.regions[-1]
        text = f"Two regions may be enough: without {last} data is replicated to one region less."
        yield Tip(text, max(0.0, costed.all.total - costed.fewer.total))


def _cold_functions(costed: Costed) -> Iterator[Tip]:
    if costed.scene.of_kind("lambda_function"):
        yield Tip("Functions start on demand: no provisioned concurrency is paid in standby regions.", followed=True)


def _on_demand(costed: Costed) -> Iterator[Tip]:
    specs = [desired.spec for desired in costed.scene.of_kind("dynamodb_table")]
    provisioned = [spec.name for spec in specs if isinstance(spec, TableSpec) and spec.billing == "PROVISIONED"]
    for name in provisioned:
        yield Tip(f"Table {name}: on demand instead of provisioned, so that standby regions pay for no idle capacity.")
    if specs and not provisioned:
        yield Tip("Tables are on demand: no capacity is wasted in standby regions.", followed=True)


def _glacier(costed: Costed) -> Iterator[Tip]:
    for name, spec in _bucket_specs(costed.scene).items():
        if spec.lifecycle is None:
            continue
        if not any(rule.get("Transitions") for rule in spec.lifecycle):
            saving = _if_moved(costed, 30)
            yield Tip(f'Bucket {name}: "glacierAfterDays": 30 moves old recordings to Glacier.', saving)
        if not any(rule.get("Expiration", {}).get("Days") for rule in spec.lifecycle):
            yield Tip(f'Bucket {name}: recordings never expire; "expireAfterDays" ends their cost.')


def _bucket_specs(scene: Scene) -> dict[str, BucketSpec]:
    found = {desired.address.name: desired.spec for desired in scene.of_kind("s3_bucket")}
    return {name: spec for name, spec in found.items() if isinstance(spec, BucketSpec)}


def _if_moved(costed: Costed, days: int) -> float:
    """What moving recordings to Glacier after `days` would save, in all buckets that do not."""
    wanted = []
    for desired in costed.scene.wanted:
        spec = desired.spec
        rules = spec.lifecycle if isinstance(spec, BucketSpec) else None
        if rules is not None and not any(rule.get("Transitions") for rule in rules):
            rules = (*rules, {"Transitions": [{"Days": days, "StorageClass": "GLACIER"}]})
            desired = replace(desired, spec=spec.model_copy(update={"lifecycle": rules}))
        wanted.append(desired)
    moved = estimate(replace(costed.scene, wanted=wanted), costed.prices, costed.counts)
    return max(0.0, costed.all.total - moved.total)


def _fast_checks(costed: Costed) -> Iterator[Tip]:
    specs = [desired.spec for desired in costed.scene.of_kind("route53_health_check")]
    fast = [spec for spec in specs if isinstance(spec, HealthCheckSpec) and spec.interval == 10]
    if fast and costed.scene.usage.plain_checks is None:
        asked = [line.cost for line in costed.all.lines if line.counted.what.endswith("by health checks")]
        saving = len(fast) * costed.prices.of("route53.check-option") + 2 / 3 * sum(asked) * _share(costed.scene)
        slower = 20 * max(spec.threshold for spec in fast)
        text = (
            f'{len(fast)} health checks ask every 10 s; "intervalSeconds": 30 in failover-rules.json costs less,'
            f" and makes a failover {slower} s slower at worst."
        )
        yield Tip(text, saving)


def _share(scene: Scene) -> float:
    """The part of the checkers' requests that the fast checks make."""
    specs = [desired.spec for desired in scene.of_kind("route53_health_check")]
    rates = [(1 / spec.interval, spec.interval == 10) for spec in specs if isinstance(spec, HealthCheckSpec)]
    return sum(rate for rate, fast in rates if fast) / max(1e-9, sum(rate for rate, _ in rates))


def _timed_replication(costed: Costed) -> Iterator[Tip]:
    cost = sum(line.cost for line in costed.all.lines if line.counted.what == "replication time control")
    if cost:
        yield Tip('"replicationTimeControl": false, where recordings may reach other regions after 15 minutes.', cost)


def _telephony(costed: Costed) -> Iterator[Tip]:
    """What is counted by the price of something else, since the table has none of it."""
    lines = [line.counted for line in costed.all.lines if line.counted.price.startswith("telephony.")]
    prices = costed.prices.prices
    for price, local in COUNTED_AS.items():
        unknown = prices[price].default == prices[local].default and not prices[price].countries
        if unknown and any(one.price == price for one in lines):
            yield Tip(
                f"{price} has no price of its own: it is counted as {local}. Put AWS's into a price table: --prices."
            )
    known = {country for price in prices.values() for country in price.countries}
    foreign = sorted({one.country for one in lines} - known - {"", "US"})
    if foreign:
        yield Tip(
            f"Numbers of {', '.join(foreign)} are counted like those of the US: name theirs under countries in --prices."
        )


COUNTED_AS = {
    "telephony.toll-free-number-day": "telephony.number-day",
    "telephony.toll-free-minute": "telephony.inbound-minute",
    "telephony.outbound-minute": "telephony.inbound-minute",
}


RULES: tuple[Callable[[Costed], Iterator[Tip]], ...] = (
    _passive,
    _fewer_regions,
    _cold_functions,
    _on_demand,
    _glacier,
    _fast_checks,
    _timed_replication,
    _telephony,
)
"""One a tip."""
