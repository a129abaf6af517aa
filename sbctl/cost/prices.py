"""The price table: list prices with their date and where they were read, in a file that users can replace.

Prices are in the table's currency, without free tiers, volume discounts and taxes.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from sbctl.core.kinds.spec import WrittenPart
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.files.misfits import explain
from sbctl.files.positions import Source, dotted, parse_json, text_of
from sbctl.files.regular import LARGEST_TEXT
from sbctl.store.files.atomic import read_bytes

PACKAGED = Path(__file__).parent / "prices.json"


class Price(WrittenPart):
    """One price. `regions` and `countries` (of telephone numbers) hold those that differ from `default`.

    `source` is the page with AWS's own figure.
    """

    unit: str
    default: float = Field(ge=0)
    regions: dict[str, float] = {}
    countries: dict[str, float] = {}
    source: str
    note: str = ""


class PriceTable(WrittenPart):
    """All prices. `date` is when they were noted, as YYYY-MM-DD; `names` are the keys of `prices`."""

    format: int = 1
    date: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    currency: str = "USD"
    note: str = ""
    prices: dict[str, Price]

    def of(self, name: str, region: str = "", country: str = "") -> float:
        """A price of a country's numbers, or in a region; the default where neither has one of its own."""
        price = self.prices[name]
        return price.countries.get(country, price.regions.get(region, price.default))


def read_prices(path: Path | None = None) -> PriceTable:
    """The packaged table, or that of a file, whose prices go over the packaged ones: it may hold only what differs.

    Raises SbctlError when the file is missing or is no price table.
    """
    packaged = PriceTable.model_validate_json(PACKAGED.read_bytes())
    if path is None:
        return packaged
    table = _read(path)
    unknown = sorted(set(table.prices) - set(packaged.prices))
    if unknown:
        raise SbctlError(*(_unknown(path, name, packaged) for name in unknown))
    return table.model_copy(update={"prices": {**packaged.prices, **table.prices}})


def _read(path: Path) -> PriceTable:
    source = read_source(path, "Price table")
    if source is None:
        raise SbctlError(_missing(path))
    try:
        return PriceTable.model_validate(source.data)
    except ValidationError as error:
        raise SbctlError(*invalid(source, error, PriceTable)) from error


def read_source(path: Path, what: str) -> Source | None:
    """A JSON file with its lines; None when there is none. Raises SbctlError."""
    content = read_bytes(path, LARGEST_TEXT, Exit.USAGE)
    return None if content is None else parse_json(path.as_posix(), text_of(path, content, what), what)


def _missing(path: Path) -> Problem:
    return Problem(
        code="file-missing",
        summary="The file does not exist",
        at=str(path),
        fix="Name an existing file; sbctl cost --print-prices > prices.json writes one to start from.",
        exit=Exit.USAGE,
    )


def invalid(source: Source, error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """The problem of each wrong field of a price table or a usage profile."""
    found = [(one["loc"], *explain(dict(one), model)) for one in error.errors(include_url=False)]
    return [
        Problem(
            code="bad-value",
            summary="A value in the file is not valid",
            detail=f"{dotted(place) or 'the file'}: {wrong}",
            at=source.at(place) if source.text else source.file,
            fix=fix,
            exit=Exit.USAGE,
        )
        for place, _, wrong, fix in found
    ]


def _unknown(path: Path, name: str, packaged: PriceTable) -> Problem:
    return Problem(
        code="unknown-name",
        summary="There is no price of this name",
        detail=name,
        at=str(path),
        fix=f"The names are {', '.join(sorted(packaged.prices))}.",
        exit=Exit.USAGE,
    )
