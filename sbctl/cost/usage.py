"""The usage profile: how much the contact centre is used a month. Every estimate rests on it and shows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from sbctl.core.moving.rules import RulesPart
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project
from sbctl.core.text.alike import did_you_mean
from sbctl.cost.prices import invalid, read_source
from sbctl.files.positions import Source

Load = Literal["standby", "split", "full"]
PROFILES = Path(__file__).parent / "profiles"
SECONDS_A_MONTH = 730 * 3600
DAYS_A_MONTH = 730 / 24


class Usage(RulesPart):
    """A month's use. What follows calls (minutes, function calls, reads, recordings) is that of one region at full load;
    what belongs to the data (writes, stored data) is that of the whole contact centre.

    `load` says how full load spreads over regions: `standby` only the primary carries it, `split` all share it equally,
    `full` every region carries all of it. Without it active-passive is `standby` and active-active `split`.
    """

    title: str = "a small contact centre"
    load: Load | None = None
    voice_minutes: float = Field(default=50_000, ge=0, description="Minutes of inbound calls.")
    outbound_minutes: float = Field(default=0, ge=0, description="Minutes of outbound calls.")
    toll_free_share: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Share of inbound minutes by toll-free numbers. Default: their share of numbers.",
    )
    minutes_per_call: float = Field(default=5, gt=0)
    chat_messages: float = Field(default=0, ge=0)
    phone_numbers: float | None = Field(
        default=None,
        ge=0,
        description="Local numbers in each region, standby regions too. Default: the config's numbers, or 1 where it has none.",
    )
    function_calls: float = Field(default=20_000, ge=0, description="Calls of functions by contact flows.")
    function_milliseconds: float = Field(default=100, ge=0)
    checkers: float = Field(
        default=15, ge=0, description="Route 53's checkers that ask an endpoint once an interval each."
    )
    health_milliseconds: float = Field(default=30, ge=0, description="Duration of one answer of the health function.")
    table_reads: float = Field(default=100_000, ge=0)
    table_writes: float = Field(default=100_000, ge=0)
    item_kb: float = Field(default=1, gt=0)
    table_gb: float = Field(default=1, ge=0, description="Data kept in all tables together, in one region.")
    recording_mb_per_minute: float = Field(default=1, ge=0)
    log_gb: float = Field(default=1, ge=0, description="Logs of functions and flows.")
    dns_queries: float = Field(default=1_000_000, ge=0)
    months_kept: float = Field(default=12, gt=0, description="For recordings that never expire: months until now.")
    price_region: str = Field(default="", description="Count every region at this region's prices.")
    plain_checks: int | None = Field(
        default=None, ge=0, description="Count so many basic health checks instead of the config's."
    )
    services: list[str] = Field(default=[], description="Count only these services; all when empty.")

    def load_of(self, project: Project) -> Load:
        """How calls spread, by the profile or else by the project's strategy."""
        return self.load or ("standby" if project.strategy == "active-passive" else "split")

    def loads(self, project: Project) -> Mapping[str, float]:
        """The share of full load that each region with Connect carries."""
        regions = [region.region for region in project.connect_regions]
        load = self.load_of(project)
        if load == "standby":
            return {code: float(code == project.primary.region) for code in regions}
        share = 1.0 if load == "full" else 1.0 / max(1, len(regions))
        return dict.fromkeys(regions, share)


def profile_names() -> list[str]:
    """The packaged profiles."""
    return sorted(path.stem for path in PROFILES.glob("*.json"))


def read_usage(chosen: str, settings: Mapping[str, str]) -> Usage:
    """The profile in a file, or a packaged one by name, with single values set over it. Raises SbctlError."""
    place, values = _values(chosen)
    try:
        return Usage.model_validate({**values, **_typed(settings)}, by_alias=True, by_name=False)
    except ValidationError as error:
        raise SbctlError(*invalid(Source(place, "", {}), error, Usage)) from error


def _typed(settings: Mapping[str, str]) -> dict[str, Any]:
    """The values of --set, each a number where it reads as one and its field holds no text."""
    texts = {info.alias or name for name, info in Usage.model_fields.items() if info.annotation in (str, Load | None)}
    return {name: value if name in texts else _number(value) for name, value in settings.items()}


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _values(chosen: str) -> tuple[str, dict[str, Any]]:
    if not chosen:
        return "--set", {}
    path = PROFILES / f"{chosen}.json" if chosen in profile_names() else Path(chosen)
    source = read_source(path, "Usage profile")
    if source is None:
        raise SbctlError(_no_profile(chosen))
    try:
        found = Usage.model_validate(source.data, by_alias=True, by_name=False)
    except ValidationError as error:
        raise SbctlError(*invalid(source, error, Usage)) from error
    return str(path), found.model_dump(by_alias=True, exclude_unset=True)


def _no_profile(chosen: str) -> Problem:
    return Problem(
        code="file-missing",
        summary="There is no such usage profile",
        detail=chosen,
        at="--usage",
        fix=did_you_mean(chosen, profile_names(), f"Name a JSON file, or one of {', '.join(profile_names())}."),
        exit=Exit.USAGE,
    )
