"""Test cases: Amazon Connect runs a flow for a simulated contact and watches what it does. They come from flows/tests/.

A case is published, so that AWS validates it. What a run of it found is no part of it: `sbctl flow test` keeps that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.flow_document import FlowTestDocument
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Live, Named, NotSayable
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.flows.testing.builder import FlowTest
from sbctl.flows.testing.meaning import same_test
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.content.flow_content import associated
from sbctl.resources.content.test_content import (
    entry_of,
    objections,
    read_attributes,
    read_content,
    read_entry,
    rendered,
    sent,
)


class FlowTestItem(ConfigItem):
    """A flow test from `flows/tests/`, deployed in every Connect region; `name` is the test's name there."""

    name: str = Field(min_length=1, description="Name of the flow test.")


class FlowTestSpec(Spec):
    """A test case. `content` is the test language as a tree, None for a draft of others, which cannot be run.

    `entry` has `type`, the `flow` by id, and the numbers of a call: `source` and `destination`.
    """

    replace_on = frozenset({"instance"})
    owned_maps = frozenset({"tags"})
    as_is = frozenset({"description"})
    create_only = frozenset({"digest"})

    instance: Link
    name: str = Field(min_length=1)
    description: str | None = None
    entry: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    content: Any = None
    digest: str | None = Field(default=None, description="Tells the file's content from others, in all regions alike.")
    tags: dict[str, str] = {}


def _example(heard: str, **changed: Any) -> FlowTestSpec:
    test = FlowTest("Greeting", flow="Welcome").call().hears(heard).ends().build()
    values = {
        "instance": connect.EXAMPLE_INSTANCE,
        "name": test.name,
        "description": "The first words",
        "entry": {"type": "VOICE_CALL", "source": "+15555550100", "destination": "+15555550199"},
        "content": test.content,
        "tags": {**example_tags("connect_test_case.us-east-1.greeting"), "team": "a"},
    }
    return FlowTestSpec.model_validate({**values, **changed})


class ConnectTestCaseKind(connect.Searched[FlowTestSpec, FlowTestItem]):
    """Test cases, known by their name within the instance."""

    name = "connect_test_case"
    section = "flowTests"
    title = "flow test"
    spec = FlowTestSpec
    item = FlowTestItem
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("item", after=("connect_flow",))
    dependent_actions = {"connect:SearchTestCases": ("connect:DescribeTestCase",)}
    quotas = ()
    impact_rank = 98
    impacts = (Impact("low", "no caller meets a test; the region would be tested for something else"),)
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/testing-simulation.html"
    calls = connect.operations(
        "SearchTestCases DescribeTestCase CreateTestCase UpdateTestCase DeleteTestCase TagResource UntagResource"
    )
    asked = connect.ResourceOperations(
        search="SearchTestCases",
        rows="TestCases",
        describe="DescribeTestCase",
        row="TestCase",
        delete="DeleteTestCase",
        id="TestCaseId",
    )
    examples = (
        _example("Welcome"),
        _example(
            "Good morning",
            description="The first words in the morning",
            attributes={"language": "en"},
            tags={**example_tags("connect_test_case.us-east-1.greeting"), "team": "b"},
        ),
    )

    def expand(self, item: FlowTestItem, project: Project, region: str) -> Iterable[Desired]:
        test = project.tests.get(item.name)
        if test is None:
            return []  # `check` reports it
        address = self.address(region, item.name)
        content = rendered(test, project.region(region))
        spec = FlowTestSpec(
            instance=project.instance(region).ref("id"),
            name=test.name,
            description=test.description,
            entry=entry_of(test, region),
            attributes=dict(test.attributes),
            content=content,
            digest=digest_of(test),
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec, needs=associated(content), at=test.at)]

    def defaults(self, project: Project) -> Iterable[FlowTestItem]:
        return [FlowTestItem(name=name) for name in sorted(project.tests)]

    def check(self, item: FlowTestItem, project: Project) -> Iterable[tuple[str, str, str]]:
        if item.name not in project.tests:
            choices = ", ".join(sorted(project.tests)) or "(none: add a file to flows/tests/)"
            yield ("name", f"{item.name!r} is not in flows/tests/", f"Choose one of {choices}.")

    def key(self, spec: FlowTestSpec) -> str:
        return spec.name

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[FlowTestSpec]:
        tags = row.get("Tags") or {}
        spec = FlowTestSpec(
            instance=instance,
            name=row["Name"],
            description=row.get("Description") or "",
            entry=read_entry(row.get("EntryPoint") or {}),
            attributes=read_attributes(row.get("InitializationData")),
            content=read_content(row.get("Content")) if row.get("Status") != "SAVED" else None,
            tags=tags,
        )
        ids = {"instance": instance, "id": row["Id"], "arn": row["Arn"]}
        return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))

    def to_config(self, spec: FlowTestSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        raise NotSayable("a flow test is a file in flows/tests/, which adopt does not write")

    def create(self, aws: AwsCalls, region: str, spec: FlowTestSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        described = connect.given(Description=spec.description or None)
        with objections():
            made = aws.call(
                "connect",
                "CreateTestCase",
                region,
                InstanceId=spec.instance,
                Name=spec.name,
                Tags=spec.tags,
                **described,
                **_content(spec),
            )
        return {"instance": str(spec.instance), "id": made["TestCaseId"], "arn": made["TestCaseArn"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: FlowTestSpec,
        wanted: FlowTestSpec,
        owned: Mapping[str, Any],
    ) -> None:
        fields = ("entry", "attributes", "content")
        told = connect.differs(live, wanted, "name", "description")
        moved = not all(self.same(name, getattr(wanted, name), getattr(live, name)) for name in fields)
        if told or moved:
            named = connect.given(Name=wanted.name, Description=wanted.description)
            with objections():
                content = _content(wanted) if moved else {}
                aws.call("connect", "UpdateTestCase", region, **self.at(ids), **named, **content)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field != "content" or wanted is None or live is None:
            return bool(wanted == live)
        return same_test(wanted, live)


def digest_of(test: FlowTestDocument) -> str:
    """Tells a test's file from others, before it is rendered for a region."""
    told = [test.flow, test.channel, test.caller, test.called, dict(test.attributes), test.content]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


def _content(spec: FlowTestSpec) -> dict[str, Any]:
    return {
        "Content": json.dumps(spec.content),
        "EntryPoint": sent(spec.entry),
        "InitializationData": json.dumps(spec.attributes),
        "Status": "PUBLISHED",
    }


RESOURCE = ConnectTestCaseKind()
