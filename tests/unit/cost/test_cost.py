"""The estimate: the original's table from the original's assumptions, what regions add, files that replace the packaged ones."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind
from sbctl.core.problem import SbctlError
from sbctl.core.project import Project
from sbctl.cost.estimate import Estimate, estimate, over
from sbctl.cost.prices import read_prices
from sbctl.cost.quantities import ALL
from sbctl.cost.tips import Costed, Tip, tips
from sbctl.cost.usage import Usage, read_usage
from sbctl.desired.config.sections import BucketItem
from sbctl.desired.load import load_project
from sbctl.main import cli

ROOT = Path(__file__).parents[3]


@cache
def kinds() -> tuple[Kind[Any, Any], ...]:
    return tuple(discover("sbctl.resources", "RESOURCE").values())


@cache
def default_project() -> Project:
    return load_project(ROOT / "config", kinds(), ROOT / "flows", ROOT / "lambdas", "").project


def costed(usage: Usage, regions: int, project: Project | None = None) -> Estimate:
    return estimate(over(project or default_project(), kinds(), usage, regions), read_prices(), ALL)


def tips_of(usage: Usage, project: Project) -> list[Tip]:
    first, fewer, last = (costed(usage, count, project) for count in (1, 2, 3))
    return tips(Costed(over(project, kinds(), usage, 3), read_prices(), ALL, first, fewer, last))


ORIGINAL = {
    1: {"Amazon Connect": 100.00, "Lambda": 1.00, "DynamoDB": 12.50},
    3: {
        "Amazon Connect": 300.00,
        "Lambda": 3.00,
        "DynamoDB": 37.50,
        "Route 53 health checks": 1.00,
        "Data transfer": 20.00,
    },
}


@pytest.mark.parametrize(("regions", "total"), [(1, 113.50), (3, 361.50)])
def test_the_original_table_comes_out(regions: int, total: float) -> None:
    """Every row and the total of the original example's table, to the cent, from the profile of its assumptions."""
    found = costed(read_usage("original", {}), regions)
    assert found.services == ORIGINAL[regions]
    assert round(found.total, 2) == total


def test_standby_regions_take_no_calls() -> None:
    """Active-passive: minutes cost the same over three regions as over one, while data costs three times as much."""
    usage = read_usage("", {"tableWrites": "1e8", "priceRegion": "us-east-1"})
    one, three = costed(usage, 1), costed(usage, 3)
    assert three.services["Amazon Connect"] == one.services["Amazon Connect"]
    writes = [sum(line.cost for line in found.lines if line.counted.what == "writes") for found in (one, three)]
    assert writes[1] == pytest.approx(3 * writes[0])


def test_shared_calls_cost_what_they_cost_in_one_region() -> None:
    """Active-active shares the minutes; it does not multiply them."""
    project = replace(default_project(), strategy="active-active")
    usage = Usage()
    assert costed(usage, 3, project).services["Amazon Connect"] == costed(usage, 1, project).services["Amazon Connect"]


def test_every_check_of_the_config_is_counted_with_its_options() -> None:
    """Three HTTPS checks, six HTTPS checks at the short interval, two of metrics and six calculated ones."""
    assert costed(Usage(), 3).services["Route 53 health checks"] == 3 * 1.50 + 6 * 2.50 + 2 * 0.50 + 6 * 0.50


def test_recordings_move_and_expire_by_the_rules_of_the_bucket() -> None:
    """30 days in the standard class, 60 in Glacier, copied to each of the other two regions."""
    lines = costed(Usage(price_region="us-east-1"), 3).lines
    months = 30 / (730 / 24)
    kept = {line.counted.region: line.counted.quantity for line in lines if line.counted.what == "recordings"}
    cold = {
        line.counted.region: line.counted.quantity for line in lines if line.counted.what == "recordings in Glacier"
    }
    assert kept == {code: pytest.approx(50 * months) for code in ("us-east-1", "us-west-2", "eu-west-2")}
    assert cold == {code: pytest.approx(100 * months) for code in kept}
    sent = [line.counted.quantity for line in lines if line.counted.what.startswith("recordings to")]
    assert sent == [50.0, 50.0]


def test_a_price_of_ones_own_goes_over_the_packaged_one(tmp_path: Path) -> None:
    """A file with a single price replaces that one and the date, and nothing else."""
    own = {"unit": "minute", "default": 0.5, "source": "our contract"}
    path = tmp_path / "prices.json"
    path.write_text(json.dumps({"date": "2026-01-31", "prices": {"connect.voice-minute": own}}))
    table = read_prices(path)
    assert table.date == "2026-01-31"
    assert table.of("connect.voice-minute", "us-east-1") == 0.5
    assert table.of("s3.gb-month") == read_prices().of("s3.gb-month")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "date"),
        ('{"date": "yesterday", "prices": {}}', "date"),
        ('{"date": "2026-01-31", "prices": {"moon": {"unit": "x", "default": 1, "source": "y"}}}', "moon"),
    ],
)
def test_a_wrong_price_table_is_a_problem(tmp_path: Path, text: str, told: str) -> None:
    """A table without a date, or with a price that nobody asks for, is refused and says what is wrong."""
    path = tmp_path / "prices.json"
    path.write_text(text)
    with pytest.raises(SbctlError) as caught:
        read_prices(path)
    assert any(told in problem.detail and problem.at.startswith(str(path)) for problem in caught.value.problems)


@pytest.mark.parametrize("settings", [{"voiceMinutes": "-1"}, {"voiceMinute": "1"}, {"load": "half"}])
def test_a_wrong_usage_value_is_a_problem(settings: dict[str, str]) -> None:
    """A negative value, an unknown name and a wrong choice are each refused with the field's name."""
    with pytest.raises(SbctlError) as caught:
        read_usage("", settings)
    assert next(iter(settings)) in caught.value.problems[0].detail


def test_more_regions_than_the_config_has_are_a_problem() -> None:
    """Four regions of three are refused."""
    with pytest.raises(SbctlError, match="4"):
        over(default_project(), kinds(), Usage(), 4)


def test_the_savings_list_is_applied_to_the_config() -> None:
    """What the default config does already is told as done; a third region and short intervals have their price."""
    found = tips_of(Usage(), default_project())
    assert [tip.followed for tip in found] == sorted(tip.followed for tip in found)
    assert sum(tip.followed for tip in found) == 3
    assert {tip.saving > 0 for tip in found if not tip.followed} == {True}


def test_a_bucket_without_glacier_gets_a_tip_with_its_saving() -> None:
    """A bucket that keeps everything in the standard class is named, with what moving would save."""
    bucket = BucketItem(name="recordings", glacier_after_days=None)
    project = replace(default_project(), items={**default_project().items, "buckets": (bucket,)})
    (tip,) = [tip for tip in tips_of(Usage(), project) if "Glacier" in tip.text]
    assert tip.saving > 0


def test_active_active_at_full_load_is_told_what_active_passive_saves() -> None:
    """With the original's assumption the first tip of its list saves two thirds of the minutes."""
    (tip,) = [tip for tip in tips_of(read_usage("original", {}), default_project()) if "Active-passive" in tip.text]
    assert not tip.followed
    assert tip.saving > 200


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON envelope of `sbctl cost` on the default config."""
    done = CliRunner().invoke(cli, ["--config", str(ROOT / "config"), "--output", "json", "cost", *arguments])
    return done.exit_code, json.loads(done.stdout)


def test_the_command_compares_and_shows_what_it_assumed() -> None:
    """The estimates of one, two and three regions side by side, the date of the prices, the profile, and every line."""
    code, envelope = run("--compare", "--usage", "original")
    data = envelope["data"]
    assert code == 0
    assert [(len(one["regions"]), one["total"]) for one in data["estimates"]] == [(1, 113.5), (2, 234.8), (3, 361.5)]
    assert (data["factor"], data["load"]) == (3.19, "full")
    assert data["prices"]["date"] == read_prices().date
    assert data["usage"]["voiceMinutes"] == 5555.5556
    assert sum(line["cost"] for line in data["lines"]) == pytest.approx(361.5, abs=0.01)


@pytest.mark.parametrize(
    "arguments",
    [("--set", "voiceMinutes"), ("--regions", "4"), ("--usage", "nobody.json"), ("--prices", "nothing.json")],
)
def test_wrong_usage_of_the_command_is_a_problem(arguments: tuple[str, ...]) -> None:
    """Each is refused with exit code 2 and a remedy."""
    code, envelope = run(*arguments)
    assert code == 2
    assert all(problem["at"] and problem["fix"] for problem in envelope["problems"])


def test_the_printed_prices_can_be_read_again(tmp_path: Path) -> None:
    """What --print-prices writes is a price table, the same one."""
    done = CliRunner().invoke(cli, ["cost", "--print-prices"])
    path = tmp_path / "prices.json"
    path.write_text(done.stdout, encoding="utf-8")
    assert read_prices(path) == read_prices()


@pytest.mark.parametrize("columns", [80, 160])
def test_the_screen_holds_the_table(columns: int) -> None:
    """No line is longer than the terminal, and the totals of the original stand on it."""
    environment = {"COLUMNS": str(columns)}
    done = CliRunner(env=environment).invoke(cli, ["--config", str(ROOT / "config"), "cost", "--usage", "original"])
    assert max(map(len, done.stdout.splitlines())) <= columns
    assert "113.50" in done.stdout
    assert "361.50" in done.stdout
