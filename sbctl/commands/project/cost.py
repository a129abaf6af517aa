"""`sbctl cost`: what the config would cost a month, one region against several. Calls nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.cost.estimate import SERVICES, Estimate, estimate, over
from sbctl.cost.prices import PriceTable, read_prices
from sbctl.cost.quantities import ALL
from sbctl.cost.tips import Costed, tips
from sbctl.cost.usage import Usage, read_usage
from sbctl.ui.views import CostShown

EPILOG = epilog_of(
    """
    sbctl cost                            one region against all of the config
    sbctl cost --compare                  one, two, three regions side by side
    sbctl cost --set voiceMinutes=200000 --set tableWrites=5e6
    sbctl cost --usage original           the table of the original example
    sbctl cost --prices mine.json         prices of your own, with their date
    """,
    "0 done, 2 usage or config",
)


@click.command(epilog=EPILOG)
@click.option("--regions", type=click.IntRange(min=1), metavar="N", help="Number of regions. [default: all]")
@click.option("--compare", is_flag=True, help="Compare every number of regions, not only one and N.")
@click.option(
    "--prices",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON file of prices to use over the packaged ones.",
)
@click.option("--usage", default="", metavar="FILE", help="Usage profile: a JSON file, or `original`.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a value of the profile. Repeatable.")
@click.option("--print-prices", is_flag=True, help="Print the packaged price table and exit.")
@command("cost")
def cost(
    app: App,
    regions: int | None,
    compare: bool,
    prices: Path | None,
    usage: str,
    settings: tuple[str, ...],
    print_prices: bool,
) -> Report:
    """Estimate the monthly cost of the config. By service, one region against several; calls nothing.

    An estimate from list prices in a file, with their date, and from a usage profile. Both are shown, and both are yours
    to replace.
    """
    table = read_prices(prices)
    if print_prices:
        data = table.model_dump(mode="json")
        return Report(command="cost", data=data, view=data)
    profile = read_usage(usage, dict(map(_pair, settings)))
    project, kinds = app.loaded.project, tuple(app.kinds.values())
    last = len(project.regions) if regions is None else regions
    scene = over(project, kinds, profile, last)
    columns = range(1, last + 1) if compare else sorted({1, last})
    estimates = [estimate(over(project, kinds, profile, count), table, ALL) for count in columns]
    fewer = estimate(over(project, kinds, profile, max(1, last - 1)), table, ALL)
    found = tips(Costed(scene, table, ALL, estimates[0], fewer, estimates[-1]))
    data = {
        **_data(estimates, table, profile),
        "load": profile.load_of(project),
        "tips": [tip.as_json() for tip in found],
    }
    return Report(command="cost", data=data, view=CostShown(data))


def _data(estimates: Sequence[Estimate], table: PriceTable, profile: Usage) -> dict[str, Any]:
    first, last = estimates[0], estimates[-1]
    names = [name for name in SERVICES if any(name in one.services for one in estimates)]
    return {
        "prices": {"date": table.date, "currency": table.currency, "note": table.note},
        "usage": profile.model_dump(mode="json", by_alias=True),
        "estimates": [
            {"regions": list(one.regions), "services": one.services, "total": round(one.total, 2)} for one in estimates
        ],
        "services": [
            {"service": name, "one": first.services.get(name, 0.0), "all": last.services.get(name, 0.0)}
            for name in names
        ],
        "factor": round(last.total / first.total, 2) if first.total else None,
        "lines": [line.as_json() for line in last.lines],
    }


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise SbctlError(
            Problem(
                code="usage",
                summary="Wrong usage",
                detail=f"{text!r} is not NAME=VALUE",
                at="--set",
                fix="For example --set voiceMinutes=200000; sbctl cost --output json lists the names in data.usage.",
                exit=Exit.USAGE,
            )
        )
    return name, value
