"""Where a state is kept, as `--state` names it: a folder, or an S3 prefix with copies of it in other regions.

    s3://BUCKET[@REGION]/PREFIX[,s3://BUCKET@REGION/PREFIX...]

The first is where the state is written and locked; the others are copies, which are read when the first does not answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SCHEME = "s3://"
_FORM = re.compile(
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(@(?P<region>[a-z]{2}[a-z0-9-]+))?(/(?P<prefix>.*))?"
)

_REGION = re.compile(r"(?<=^s3://)([a-z0-9.-]+)@[a-z0-9-]+")


@dataclass(frozen=True)
class Location:
    """A prefix in a bucket. `region` "" means that S3 is asked where the bucket is."""

    bucket: str
    region: str
    prefix: str

    def __str__(self) -> str:
        at = f"@{self.region}" if self.region else ""
        return f"{SCHEME}{self.bucket}{at}/{self.prefix}".rstrip("/")


@dataclass(frozen=True)
class SharedPlace:
    """A state in S3, and its copies."""

    first: Location
    copies: tuple[Location, ...] = ()

    def __str__(self) -> str:
        return ",".join(map(str, (self.first, *self.copies)))


def shared_place(text: str) -> SharedPlace:
    """The place that a text beginning with s3:// names. Raises ValueError that says what is wrong with it."""
    first, *copies = (_location(part.strip()) for part in text.split(","))
    for copy in copies:
        if not copy.region or not first.region:
            raise ValueError(f"{text}: with copies every place needs its region: s3://BUCKET@REGION/PREFIX")
    if len({(location.bucket, location.prefix) for location in (first, *copies)}) <= len(copies):
        raise ValueError(f"{text}: a place is named twice")
    return SharedPlace(first, tuple(copies))


def same_place(one: str, other: str) -> bool:
    """Whether two texts name the same prefix of the same bucket, with its region said or not."""
    return _REGION.sub(r"\1", one) == _REGION.sub(r"\1", other)


def _location(text: str) -> Location:
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text}: not of the form s3://BUCKET@REGION/PREFIX")
    prefix = (found["prefix"] or "").strip("/")
    if any(ord(letter) < 32 for letter in prefix) or ".." in prefix.split("/"):
        raise ValueError(f"{text}: this prefix cannot be used")
    return Location(found["bucket"], found["region"] or "", prefix)
