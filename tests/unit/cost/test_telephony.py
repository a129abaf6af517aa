"""What numbers and minutes cost: by the day and type, by country where the table knows it, and minutes paid twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from sbctl.core.project import Project
from sbctl.cost.estimate import estimate, over
from sbctl.cost.prices import Price, PriceTable, read_prices
from sbctl.cost.quantities import ALL
from sbctl.cost.telephony import connect
from sbctl.cost.tips import Costed, tips
from sbctl.cost.usage import DAYS_A_MONTH, Usage
from sbctl.resources.connect_phone_number import PhoneNumberItem
from tests.unit.cost.test_cost import costed, default_project, kinds

EAST = "us-east-1"


def with_numbers(*rows: dict[str, Any]) -> Project:
    """The default project with these numbers."""
    items = tuple(PhoneNumberItem.model_validate({"name": f"n{at}", **row}) for at, row in enumerate(rows))
    project = default_project()
    return replace(project, items={**project.items, "numbers": items})


def counted(usage: Usage, project: Project, region: str = EAST) -> dict[str, float]:
    """What is counted of a region, by the words in the table."""
    scene = over(project, kinds(), usage, 3)
    found: Counter[str] = Counter()
    for one in connect(scene):
        if one.region == region and one.quantity > 0:
            found[one.what] += one.quantity  # type: ignore[assignment]
    return {what: round(quantity, 3) for what, quantity in found.items()}


def test_a_config_without_numbers_is_taken_to_have_a_local_one_a_region() -> None:
    """As before, and as the usage says where it says something."""
    assert counted(Usage(), default_project())["numbers"] == round(DAYS_A_MONTH, 3)
    assert counted(Usage(phone_numbers=3), default_project())["numbers"] == round(3 * DAYS_A_MONTH, 3)
    assert "numbers" not in counted(Usage(phone_numbers=0), default_project())


def test_the_configs_numbers_are_counted_by_type_and_country_wherever_they_are_held() -> None:
    """Standby regions pay for theirs, and take no calls."""
    project = with_numbers(
        {"country": "US", "type": "TOLL_FREE"}, {"country": "GB", "type": "DID"}, {"country": "GB", "type": "DID"}
    )
    found = counted(Usage(), project, "us-west-2")
    assert found == {"toll-free numbers of US": round(DAYS_A_MONTH, 3), "numbers of GB": round(2 * DAYS_A_MONTH, 3)}


def test_minutes_spread_over_the_numbers() -> None:
    """By their share, or as the usage says; the service is paid for all of them."""
    project = with_numbers({"country": "US", "type": "TOLL_FREE"}, {"country": "US", "type": "DID"})
    found = counted(Usage(voice_minutes=1000, outbound_minutes=200), project)
    assert (found["voice"], found["outbound calls"]) == (1200, 200)
    assert (found["toll-free inbound calls of US"], found["inbound calls of US"]) == (500, 500)
    assert counted(Usage(voice_minutes=1000, toll_free_share=0.9), project)["toll-free inbound calls of US"] == 900


def test_a_country_has_its_own_price_where_the_table_knows_it() -> None:
    """Others have that of the region, or the default."""
    price = Price(unit="number and day", default=0.03, countries={"GB": 0.1}, source="x")
    table = PriceTable(date="2026-01-01", prices={"p": price})
    assert [table.of("p", EAST, country) for country in ("GB", "US", "")] == [0.1, 0.03, 0.03]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"country": "US", "type": "DID"}, []),
        ({"country": "US", "type": "TOLL_FREE"}, ["telephony.toll-free-number-day", "telephony.toll-free-minute"]),
        ({"country": "GB", "type": "DID"}, ["Numbers of GB"]),
    ],
)
def test_what_is_counted_by_another_price_is_told(row: dict[str, Any], told: list[str]) -> None:
    """No figure is passed off as AWS's: the packaged table has US local numbers alone."""
    project = with_numbers(row)
    one, fewer, every = (costed(Usage(), count, project) for count in (1, 2, 3))
    found = tips(Costed(over(project, kinds(), Usage(), 3), read_prices(), ALL, one, fewer, every))
    said = [tip.text for tip in found if "telephony." in tip.text or "Numbers of" in tip.text]
    assert [text.partition(" has")[0].partition(" are")[0] for text in said] == told


def test_a_number_is_in_the_sum() -> None:
    """Its price a day, for each day of a month."""
    table = read_prices()
    usage = Usage(voice_minutes=0)
    project = with_numbers({"country": "US", "type": "DID", "regions": [EAST]})
    without = estimate(over(project, kinds(), usage.model_copy(update={"phone_numbers": 0}), 1), table, ALL)
    with_one = estimate(over(project, kinds(), usage, 1), table, ALL)
    assert round(with_one.total - without.total, 2) == round(table.of("telephony.number-day") * DAYS_A_MONTH, 2)
