"""Names and settings at and over AWS's limits: what AWS takes is taken, and the rest is told before any call."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.core.problem import SbctlError
from sbctl.desired.load import Loaded, load_project
from tests.unit.desired.conftest import FLOW

HEAD: dict[str, Any] = {
    "project": "acme",
    "account": "123456789012",
    "domain": "example.com",
    "strategy": "active-passive",
    "regions": [
        {"name": "East", "region": "us-east-1", "isPrimary": True, "priority": 1},
        {"name": "West", "region": "us-west-2", "priority": 2},
    ],
    "hours": [{"name": "Always", "timeZone": "UTC", "always": True}],
    "queues": [{"name": "Sales", "hours": "Always"}],
    **{section: [] for section in ("routingProfiles", "lambdas", "tables", "alarms", "dashboards")},
    "buckets": [{"name": "recordings"}],
}
ALARM = {"name": "errors", "namespace": "AWS/Connect", "metric": "ContactFlowErrors", "threshold": 1, "scope": "flow"}
KINDS = tuple(discover("sbctl.resources", "RESOURCE").values())
Load = Callable[..., Loaded]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load a project with some sections, and flows and modules of some names."""

    def loaded(flows: tuple[str, ...] = (), modules: tuple[str, ...] = (), **sections: Any) -> Loaded:
        for folder in ("config", "flows/modules", "lambdas"):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        for item in sections.get("lambdas", ()):
            (tmp_path / "lambdas" / item["name"]).mkdir()
            (tmp_path / "lambdas" / item["name"] / "handler.py").write_text("def handler(event, context): ...\n")
        for folder, names in (("flows", flows), ("flows/modules", modules)):
            for number, name in enumerate(names):
                wrapper = {"name": name, "content": json.loads(FLOW) if folder == "flows" else MODULE}
                (tmp_path / folder / f"{number}.json").write_text(json.dumps(wrapper))
        (tmp_path / "config/regions.json").write_text(json.dumps({**HEAD, **sections}, indent=1))
        (tmp_path / "config/failover-rules.json").write_text("{}")
        return load_project(tmp_path / "config", KINDS, tmp_path / "flows", tmp_path / "lambdas")

    return loaded


MODULE = {
    "Version": "2019-10-30",
    "StartAction": "end",
    "Metadata": {},
    "Actions": [{"Identifier": "end", "Type": "EndFlowModuleExecution", "Parameters": {}, "Transitions": {}}],
    "Settings": {"InputParameters": [], "OutputParameters": [], "Transitions": []},
}


def refused(load: Load, **given: Any) -> list[str]:
    with pytest.raises(SbctlError) as caught:
        load(**given)
    assert all(problem.at and problem.fix and problem.exit == 2 for problem in caught.value.problems)
    return [problem.detail for problem in caught.value.problems]


def addresses(loaded: Loaded, kind: str) -> list[str]:
    return [
        str(one.address) for one in loaded.desired if one.address.kind == kind and one.address.region == "us-east-1"
    ]


@pytest.mark.parametrize("name", ["x" * 127, "x" * 128, "x" * 300, "営" * 300, "☎", "a\u00a0b", "Müller & Söhne"])
def test_a_flow_of_any_name_is_taken(name: str, load: Load) -> None:
    """AWS has no limit for it; an alarm that is named after it fits CloudWatch's."""
    loaded = load(flows=(name,), alarms=[ALARM])
    (address,) = addresses(loaded, "connect_flow")
    assert len(address) <= 256
    for alarm in (one for one in loaded.desired if one.address.kind == "cloudwatch_alarm"):
        assert len(alarm.values["name"]) <= 255


@pytest.mark.parametrize(("length", "taken"), [(127, True), (128, False)])
@pytest.mark.parametrize("section", ["hours", "queues"])
def test_names_in_connect_have_a_limit(section: str, length: int, taken: bool, load: Load) -> None:
    fields: dict[str, dict[str, Any]] = {"hours": {"timeZone": "UTC", "always": True}, "queues": {"hours": "Always"}}
    items = [*HEAD[section], {"name": "営" * length, **fields[section]}]
    if taken:
        assert (
            len(
                addresses(
                    load(**{section: items}), f"connect_{section.removesuffix('s') if section == 'queues' else section}"
                )
            )
            == 2
        )
    else:
        assert any("127" in detail for detail in refused(load, **{section: items}))


@pytest.mark.parametrize(("name", "why"), [("m" * 128, "128 characters"), ("", "empty"), (" ", "empty")])
def test_a_module_has_a_limit_too(name: str, why: str, load: Load) -> None:
    assert any(why in detail for detail in refused(load, modules=(name,)))


def test_a_flow_without_a_name_is_told(load: Load) -> None:
    assert any("empty" in detail for detail in refused(load, flows=("",)))


def test_names_that_are_alike_are_all_taken(load: Load) -> None:
    names = ["A B", "a-b", "A+B", "営業", "☎", "+++", "Müller", "Möller"]
    loaded = load(queues=[{"name": name, "hours": "Always"} for name in names])
    assert len(set(addresses(loaded, "connect_queue"))) == len(names)


def test_what_no_resource_can_be_made_of_is_a_problem(load: Load) -> None:
    """Not only the item's own name has a limit: so has what follows from it."""
    flow = {"name": "m", "description": "x" * 501, "content": MODULE}

    def with_module() -> Loaded:
        return load(modules=("m",))

    path = Path(with_module().project.modules["m"].at)
    path.write_text(json.dumps(flow))
    with pytest.raises(SbctlError) as caught:
        load_project(path.parents[2] / "config", KINDS, path.parents[1], path.parents[2] / "lambdas")
    (problem,) = caught.value.problems
    assert "description" in problem.detail


RESERVED = (
    "AWS_REGION",
    "AWS_LAMBDA_FUNCTION_NAME",
    "_HANDLER",
    "LAMBDA_TASK_ROOT",
    "AWS_SESSION_TOKEN",
    "1ST",
    "A",
    "MY-VAR",
)


@pytest.mark.parametrize("name", RESERVED)
def test_variables_that_lambda_refuses_are_told(name: str, load: Load) -> None:
    found = refused(load, lambdas=[{"name": "f", "environment": {name: "x"}}])
    assert any(f"environment.{name}" in detail for detail in found)
    override = {"us-west-2": {"environment": {name: "x"}}}
    (again,) = [
        d
        for d in refused(lambda **given: load(**given), lambdas=[{"name": "g", "overrides": override}])
        if "environment" in d
    ]
    assert "overrides.us-west-2" in again


def test_variables_have_a_size(load: Load) -> None:
    assert any("4096" in one for one in refused(load, lambdas=[{"name": "f", "environment": {"BIG": "x" * 4096}}]))


def test_functions_whose_roles_are_one_for_iam_are_told(load: Load) -> None:
    assert any("does not tell" in one for one in refused(load, lambdas=[{"name": "lookup"}, {"name": "Lookup"}]))


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"Team": "a", "team": "b"}, "differ in case"),
        ({"AWS:x": "a"}, "reserved"),
        ({"a" * 129: "a"}, "128"),
        ({"a": "b" * 257}, "256"),
        ({"हिन्दी": "a"}, "letters, digits"),
    ],
)
def test_tags_that_aws_refuses_are_told(tags: dict[str, str], why: str, load: Load) -> None:
    assert any(why in detail for detail in refused(load, tags=tags))


def test_tags_at_the_limit_are_taken(load: Load) -> None:
    assert load(tags={"営" * 128: "ü" * 256, "Team 1": "a b/c@d"}).project.tags


def test_what_no_metric_tells_is_noted_and_stops_nothing(load: Load) -> None:
    loaded = load(flows=("受付", "Main"), alarms=[ALARM])
    (note,) = loaded.notes
    assert "受付" in note.detail
    assert note.exit == 0
    assert [one for one in addresses(loaded, "cloudwatch_alarm")] == ["cloudwatch_alarm.us-east-1.errors.main"]


def test_a_remark_on_a_bucket_does_not_speak_of_alarms(load: Load) -> None:
    key = "arn:aws:kms:us-west-2:123456789012:key/1"
    loaded = load(buckets=[{"name": "recordings", "overrides": {"us-west-2": {"key": key}}}])
    (note,) = loaded.notes
    assert "none in us-east-1" in note.detail
    assert (note.summary, note.exit) == ("Item may not do what you expect", 0)
