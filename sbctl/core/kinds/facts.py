"""The facts of a kind that others ask for: each is stated in the kind's own file, and a conformance test names what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["critical", "high", "medium", "low"]
LEVELS: tuple[Level, ...] = ("critical", "high", "medium", "low")

Resiliency = Literal["mirrored", "regional", "unconfirmed", "global"]
"""With Connect Global Resiliency: mirrored by ReplicateInstance, made in each region, in no list of AWS, or global anyway.

https://docs.aws.amazon.com/connect/latest/adminguide/create-replica-connect-instance.html
"""

Deletion = Literal["deleted", "disabled", "left"]
"""What becomes of a resource that is no longer wanted. AWS cannot delete some: `delete` disables them, or they stay as they are."""

Way = Literal[
    "none", "instance", "item", "audio", "flow", "module", "function", "storage", "bucket", "table", "replica", "role", "code",
    "zone", "record", "check",
]  # fmt: skip
"""How `adopt` treats a kind: see `Adoption`."""
WITHIN: frozenset[Way] = frozenset({"item", "audio", "flow", "module", "function", "storage"})
"""What is taken over of a Connect instance: all that stands in it."""
SINGLE: frozenset[Way] = frozenset(
    {
        "instance",
        "function",
        "storage",
        "bucket",
        "table",
        "replica",
        "role",
        "code",
        "zone",
        "record",
        "flow",
        "module",
    }
)
"""Ways that one kind has alone."""


@dataclass(frozen=True)
class Adoption:
    """How `adopt` takes a kind over.

    `none`: not at all. `item`: one item of its section for each that stands in the instance, as `Kind.said` has it. The other
    ways have rules of their own in the engine: a prompt brings its audio, a flow its file, a function its code.
    `after`: kinds whose names its items use, so that these are read and named before.
    """

    way: Way
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shortfall:
    """A limit or a setting of others that holds a resource back and that no update can correct. Texts for people."""

    code: str
    summary: str
    detail: str
    fix: str


@dataclass(frozen=True)
class Impact:
    """How much a difference would hurt a failover, and why.

    `field` is the field that it is about; "" for the resource as a whole and for its other fields. `named` is the one resource
    of that name, which weighs more than its kind.
    """

    level: Level
    why: str
    field: str = ""
    named: str = ""


@dataclass(frozen=True)
class Room:
    """How many of a kind one Connect instance may have: `code` is Service Quotas' own, `default` what AWS documents.

    https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
    """

    name: str
    code: str
    default: int
    fixed: bool = False
    """Whether AWS never raises it."""


@dataclass(frozen=True)
class Quota:
    """A quota that a failover rests on. `service` and `code` are Service Quotas' own; `per_instance`: one value an instance."""

    name: str
    service: str
    code: str
    per_instance: bool = False
