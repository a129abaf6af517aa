"""The classes that a save holds: when one changes its shape, an older save must be refused instead of misread."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256

from sbctl.sandbox.awslambda.records import Record
from sbctl.sandbox.connect.store import ClaimedNumber, ConnectResource, Instance, Numbers
from sbctl.sandbox.dns.checkers import Watched
from sbctl.sandbox.dynamodb.lag import TableLag
from sbctl.sandbox.dynamodb.members import Group, Member
from sbctl.sandbox.dynamodb.metrics import Series, TableMinute
from sbctl.sandbox.dynamodb.queue import ItemChange, Pair
from sbctl.sandbox.dynamodb.tokens import Done
from sbctl.sandbox.faults.fault import Fault
from sbctl.sandbox.moto_bridge.dynamodb import Journal
from sbctl.sandbox.route53.health import Health, Observation
from sbctl.sandbox.route53.store import HealthCheck, RecordChange, RecordKey, Zone
from sbctl.sandbox.s3.metrics import BucketMinute
from sbctl.sandbox.s3.replication import CopyLag
from sbctl.sandbox.s3.rules import WantedRule
from sbctl.sandbox.s3.tasks import Task
from sbctl.sandbox.snapshot.save import FORMAT
from sbctl.sandbox.wire.response import Response

KEPT: tuple[type, ...] = (
    *(RecordChange, CopyLag, Done, Fault, Group, HealthCheck, Instance, TableLag, Member, BucketMinute),
    *(Observation, Record, Response, Task, TableMinute, ConnectResource, WantedRule, Watched, Zone),
    *(ClaimedNumber, Numbers),
)
TUPLES = (RecordKey, Pair, ItemChange, Series)
PLAIN = (Health(), Journal(None))
SHAPES = {
    1: "b7b0604f2c47d433",
    2: "793f30c9f48d4f42",
    3: "28547ca198f37d59",
    4: "1b243f331d2af64e",
    5: "298ba710848ac706",
    6: "23aeed9391c582af",
    7: "4852efd802ddd73d",
    8: "c65a08768e33f9da",
    9: "5d025068c92aeb50",
    10: "9c5fb293264ea1e4",
}
"""By the number of the format. A new shape: one up with FORMAT, and its line here, never another shape under a former number."""


def shape() -> str:
    """A digest of the names of all members."""
    found = {f"{kind.__module__}.{kind.__qualname__}": [field.name for field in fields(kind)] for kind in KEPT}
    found |= {f"{kind.__module__}.{kind.__qualname__}": list(kind._fields) for kind in TUPLES}
    found |= {f"{type(one).__module__}.{type(one).__qualname__}": list(vars(one)) for one in PLAIN}
    return sha256(repr(sorted(found.items())).encode()).hexdigest()[:16]


def test_the_number_of_the_format_goes_up_with_the_shape_of_what_is_kept() -> None:
    """Each format has one shape of classes; whoever changes a class that is kept raises FORMAT in snapshot/save.py."""
    assert SHAPES.get(FORMAT) == shape()
