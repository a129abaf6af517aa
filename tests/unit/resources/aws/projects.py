"""A project over three regions with the default items of the AWS kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.spec import Desired
from sbctl.core.moving.rules import Rules
from sbctl.core.project import Package, Project, Region
from sbctl.resources.dynamodb_table import RESOURCE as TABLE
from sbctl.resources.lambda_function import RESOURCE as FUNCTION
from sbctl.resources.s3_bucket import RESOURCE as BUCKET

EAST = Region("US-East-1", "us-east-1", is_primary=True, priority=1)
WEST = Region("US-West-2", "us-west-2", is_primary=False, priority=2)
LONDON = Region("EU-West-2", "eu-west-2", is_primary=False, priority=3)


def project(*regions: Region, **more: Any) -> Project:
    """The example project; three regions when none are given."""
    names = ("customer_lookup", "health", "takeover")
    packages = {name: Package(name, b"", "c2hh", "handler.handler", f"lambdas/{name}") for name in names}
    settings: dict[str, Any] = {
        "name": "example",
        "account": "123456789012",
        "domain": "example.com",
        "strategy": "active-passive",
        "rules": Rules(),
        "packages": packages,
        **more,
    }
    empty = Project(regions=regions or (EAST, WEST, LONDON), **settings)
    items = {kind.section: tuple(kind.defaults(empty)) for kind in (TABLE, FUNCTION, BUCKET)}
    return Project(regions=empty.regions, **{**settings, "items": {**items, **settings.get("items", {})}})


def wanted(of: Project) -> list[Desired]:
    """Everything that the AWS kinds want for a project."""
    kinds = [kind for name, kind in discover("sbctl.resources", "RESOURCE").items() if not name.startswith("connect")]
    return [desired for kind in kinds for desired in _of_kind(kind, of)]


def _of_kind(kind: Any, of: Project) -> Iterable[Desired]:
    yield from kind.derive(of)
    items = of.items.get(kind.section) if kind.section else ()
    for item in kind.defaults(of) if items is None else items:
        for region in ["global"] if kind.scope == "global" else [region.region for region in of.regions]:
            yield from kind.expand(item, of, region)
