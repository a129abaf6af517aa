"""`--kit`: a kit in a file, or in a bucket, such as the copy that every region keeps. Also the variable SBCTL_KIT."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sbctl.cli import completions
from sbctl.core.place import SCHEME, Location

_FORM = re.compile(
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(@(?P<region>[a-z]{2}[a-z0-9-]+))?/(?P<key>[^\x00-\x1f]+)"
)
_CODE = re.compile(r"(?<![a-z])[a-z]{2}(?:-[a-z]+)+-\d(?!\d)")
VARIABLE = "SBCTL_KIT"


@dataclass(frozen=True)
class KitObject:
    """A kit in S3. `location` is its bucket; its region "" means that S3 is asked for it."""

    location: Location
    key: str
    text: str

    def __str__(self) -> str:
        return self.text


KitPlace = Path | KitObject


class KitOption(click.Path):
    """A file, or `s3://BUCKET[@REGION]/KEY`. Completes as a file."""

    name = "kit"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, KitObject):
            return value
        text = str(value)
        if not text.startswith(SCHEME):
            return Path(str(super().convert(value, param, ctx)))
        found = _FORM.fullmatch(text)
        if found is None:
            self.fail(f"{text}: not of the form s3://BUCKET/KEY or s3://BUCKET@REGION/KEY", param, ctx)
        region = found["region"] or _named_in(found["bucket"]) or _named_in(found["key"])
        return KitObject(Location(found["bucket"], region, ""), found["key"], text)


def _named_in(name: str) -> str:
    """The region that a name ends with, as buckets and kits of sbctl do: S3 in us-east-1 may not be there to be asked."""
    found = _CODE.findall(name)
    return found[-1] if found else ""


kit_option = click.option(
    "--kit",
    "kit_place",
    type=KitOption(),
    envvar=VARIABLE,
    show_envvar=True,
    metavar="PLACE",
    shell_complete=completions.kits,
    help="Kit file, or s3://BUCKET/KEY. [default: of the last deploy]",
)
