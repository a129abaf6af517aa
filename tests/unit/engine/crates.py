"""A third kind for the tiny cloud: crates, whose name is their id. Another name is another crate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Desired

from .cloud import KINDS, ThingKind, ThingSpec


class CrateSpec(ThingSpec):
    replace_on = frozenset({"name", "colour"})


class CrateKind(ThingKind):
    """Found and read by name, as buckets and functions are."""

    spec = CrateSpec
    lags = False

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[ThingSpec]]:
        return [live for live in self.list(aws, region, within) if live.spec.name in sought.keys]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[ThingSpec] | None:
        return next((live for live in self.list(aws, region, "") if live.spec.name == ids["name"]), None)

    def create(self, aws: AwsCalls, region: str, spec: ThingSpec, token: str) -> Mapping[str, str]:
        super().create(aws, region, spec, token)
        return {"name": spec.name}

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[ThingSpec]:
        live = self.read(aws, region, ids)
        assert live is not None
        return live

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: ThingSpec,
        wanted: ThingSpec,
        owned: Mapping[str, Any],
    ) -> None:
        super().update(aws, region, self._id(aws, region, ids), live, wanted, owned)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        super().delete(aws, region, self._id(aws, region, ids))

    def _id(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Mapping[str, str]:
        rows = aws.call("cloud", "List", region, kind=self.name, within="")["things"]
        return next({"id": row["id"]} for row in rows if row["name"] == ids["name"])

    def _live(self, thing: dict[str, Any]) -> Live[ThingSpec]:
        found = super()._live(thing)
        return Live(CrateSpec(**found.spec.model_dump()), {"name": found.spec.name}, found.outputs, found.owner)


WITH_CRATES: dict[str, Kind[Any, Any]] = {**KINDS, "crate": CrateKind("crate", protected=True)}


def crate(item: str, name: str, region: str = "us-east-1", **values: Any) -> Desired:
    """A crate whose name the config gives apart from that of its item, as an override of a bucket does."""
    address = Address.of("crate", region, item)
    tags = {"sbctl:project": "test", "sbctl:address": str(address)}
    return Desired(address=address, spec=CrateSpec(name=name, tags=tags, **values))
