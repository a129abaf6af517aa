"""What a state in S3 asks for: its objects, and the journals of runs beside it, in each of its buckets.

`s3:ListBucket` has no condition on prefixes: with one, an object that is missing would be a 403 and not a 404.
"""

from __future__ import annotations

from typing import Any

from sbctl.core.place import Location, SharedPlace
from sbctl.permissions.purposes import Purpose
from sbctl.store.runs.objects import RUNS

WRITES_STATE = frozenset({"deploy"})
WRITES_RUNS = frozenset({"failover", "drill"})


def state_statements(place: SharedPlace, purpose: Purpose) -> list[dict[str, Any]]:
    """The statements for a purpose: who deploys writes the state, who moves traffic writes journals, all others read."""
    places = (place.first, *place.copies)
    whole = [_arn(location, "*") for location in places]
    written = ["s3:DeleteObject", "s3:PutObject"] if purpose in WRITES_STATE else []
    found = [
        _statement("State1", [f"arn:aws:s3:::{location.bucket}" for location in places], ["s3:ListBucket"]),
        _statement("State2", whole, sorted(["s3:GetObject", *written])),
    ]
    if purpose in WRITES_RUNS:
        found.append(_statement("State3", [_arn(location, f"{RUNS}/*") for location in places], ["s3:PutObject"]))
    return found


def _arn(location: Location, key: str) -> str:
    return f"arn:aws:s3:::{'/'.join(part for part in (location.bucket, location.prefix, key) if part)}"


def _statement(sid: str, resources: list[str], actions: list[str]) -> dict[str, Any]:
    chosen = [*dict.fromkeys(resources)]
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": chosen if len(chosen) > 1 else chosen[0]}
