"""Small kinds with sections of their own, so that the tests of the config need none of the real ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.desired.config.sections import BucketItem, LambdaItem, TableItem


class NamedSpec(Spec):
    """A resource that may refer to another."""

    name: str
    other: Link | None = None


class HoursItem(ConfigItem):
    """Opening hours."""

    name: str = Field(min_length=1)
    time_zone: str = "UTC"


class QueueItem(ConfigItem):
    """A queue."""

    name: str = Field(min_length=1)
    hours: str
    max_contacts: int | None = Field(default=None, ge=0)


class _Quiet(Kind[Any, Any]):
    """A kind that is never called: these tests make no call."""

    noun = title = docs = "test"
    spec = NamedSpec
    calls = frozenset()
    examples = (NamedSpec(name="a"), NamedSpec(name="b"))

    def key(self, spec: Any) -> str:
        return str(spec.name)

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[Any]]:
        raise NotImplementedError

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[Any] | None:
        raise NotImplementedError

    def create(self, aws: AwsCalls, region: str, spec: Any, token: str) -> Mapping[str, str]:
        raise NotImplementedError

    def update(
        self, aws: AwsCalls, region: str, ids: Mapping[str, str], live: Any, wanted: Any, owned: Mapping[str, Any]
    ) -> None:
        raise NotImplementedError

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        raise NotImplementedError

    def expand(self, item: ConfigItem, project: Project, region: str) -> Iterable[Desired]:  # noqa: ARG002
        return [Desired(address=self.address(region, item.name), spec=NamedSpec(name=item.name))]


class Hours(_Quiet):
    """Hours, in Connect regions."""

    name, section, item, connect_only = "test_hours", "hours", HoursItem, True

    def defaults(self, project: Project) -> Iterable[HoursItem]:  # noqa: ARG002
        return [HoursItem(name="Default")]


class Queues(_Quiet):
    """Queues, which refer to hours."""

    name, section, item, connect_only = "test_queue", "queues", QueueItem, True

    def expand(self, item: Any, project: Project, region: str) -> Iterable[Desired]:  # noqa: ARG002
        other = Address.of("test_hours", region, item.hours).ref("id")
        return [Desired(address=self.address(region, item.name), spec=NamedSpec(name=item.name, other=other))]

    def check(self, item: Any, project: Project) -> Iterable[tuple[str, str, str]]:
        if item.hours not in project.names("hours"):
            yield "hours", f"{item.hours!r} is not in hours", "Choose one of them."


class Tables(_Quiet):
    """Tables: one address each, and one replica a region that follows from them."""

    name, section, item, scope = "test_table", "tables", TableItem, GLOBAL

    def derive(self, project: Project) -> Iterable[Desired]:
        for item in project.items["tables"]:
            for region in project.by_priority:
                if item.in_region(region.region):
                    yield Desired(
                        address=Address.of("test_replica", region.region, item.name), spec=NamedSpec(name="r")
                    )


class Buckets(_Quiet):
    """Buckets, in every region."""

    name, section, item = "test_bucket", "buckets", BucketItem


class Lambdas(_Quiet):
    """Functions, in every region."""

    name, section, item = "test_lambda", "lambdas", LambdaItem


KINDS = (Hours(), Queues(), Tables(), Buckets(), Lambdas())
