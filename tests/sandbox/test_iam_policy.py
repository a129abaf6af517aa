"""The policies that sbctl writes, held against the calls that it makes: all of them are allowed, and nothing undeclared is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sbctl.app import App, Settings
from sbctl.aws.reads import is_read
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.events import silent
from sbctl.core.kinds.discover import discover
from sbctl.engine.planning.planner import Scope
from sbctl.engine.session import Session
from sbctl.permissions.actions import actions_of, dependent_actions
from sbctl.permissions.policies import LIMIT, size
from sbctl.permissions.purposes import PURPOSES, uses
from tests.sandbox.deployed import WEST, Scene, deployed
from tests.sandbox.iam_judge import allowed, context_of, resource_of

ALSO = dependent_actions(discover("sbctl.resources", "RESOURCE").values())

BUCKET = "enterprise-recordings-123456789012-us-east-1"


@dataclass
class Recorder:
    """A door that keeps every call with its parameters."""

    door: AwsCalls
    made: list[tuple[str, str, str, Mapping[str, Any]]] = field(default_factory=list)

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        self.made.append((service, operation, region, params))
        return self.door.call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None:
        self.door.wait(seconds, reason)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("policy")) as found:
        yield found


def policy(scene: Scene, purpose: str) -> list[Mapping[str, Any]]:
    code, envelope = scene.run("iam-policy", "--for", purpose)
    assert code == 0, envelope["problems"]
    return [one["document"] for one in envelope["data"]["policies"]]


def app_of(scene: Scene) -> App:
    settings = Settings(config=scene.folder / "config", state=scene.state, sandbox=True, yes=True)
    return App(settings, silent, "test")


def session_with(app: App, door: AwsCalls) -> Session:
    return Session(
        kinds=app.kinds,
        project=app.loaded.project,
        desired=tuple(app.loaded.desired),
        digest=app.loaded.digest,
        reads=door,
        calls=door,
        store=app.store,
        clock=app.waiting,
        listen=silent,
        stop=app.stop,
    )


def actions(call: str) -> tuple[str, ...]:
    """What a call needs, with what AWS asks for on top."""
    return actions_of(call, ALSO.get(call, ()))


def refused(documents: list[Mapping[str, Any]], made: list[tuple[str, str, str, Mapping[str, Any]]]) -> set[str]:
    """Calls that the policies do not allow, with the action and resource that is missing."""
    found = set()
    for service, operation, region, params in made:
        for action in actions(f"{service}:{operation}"):
            if "@" in action or action.partition(":")[0] != service:
                continue  # what a service does in the caller's name; judged by its own test
            resource = resource_of(service, operation, region, params)
            if not allowed(documents, action, resource, context_of(service, operation, region, params)):
                found.add(f"{action} on {resource}")
    return found


def test_a_destroy_and_a_deploy_make_no_call_that_the_policy_refuses(tmp_path: Path) -> None:
    """From everything to an empty account and back: each call is allowed on its own resource."""
    with deployed(tmp_path) as scene:
        app = app_of(scene)
        door = Recorder(app.clients.standard.calls)
        session = session_with(app, door)
        for destroy in (True, False):
            documents = policy(scene, "deploy")
            with app.store.lock():
                outcome = session.apply(session.plan(Scope(), destroy=destroy).plan)
            assert outcome.problems == []
            assert refused(documents, door.made) == set()
            writes = {operation for _, operation, _, _ in door.made if not is_read(operation)}
            expected = {"DeleteTable", "DeleteInstance"} if destroy else {"CreateTable", "CreateInstance", "CreateRole"}
            assert {*expected, "ChangeResourceRecordSets"} <= writes
            door.made.clear()


def test_a_plan_makes_no_call_that_its_policy_refuses(scene: Scene) -> None:
    """Every read of a plan is allowed on its own resource, and the policy for plans allows no write."""
    app = app_of(scene)
    door = Recorder(app.clients.standard.read_only)
    session_with(app, door).plan(Scope())
    documents = policy(scene, "plan")
    assert len(door.made) > 90
    assert refused(documents, door.made) == set()
    verbs = {
        action.partition(":")[2] for document in documents for s in document["Statement"] for action in s["Action"]
    }
    assert {verb for verb in verbs if not is_read(verb)} == set()


def test_a_foreign_resource_is_not_allowed(scene: Scene) -> None:
    """The policy for deploys does not reach tables, buckets, functions, roles and records of others."""
    foreign: list[tuple[str, str, dict[str, Any]]] = [
        ("dynamodb", "DeleteTable", {"TableName": "payroll"}),
        ("s3", "PutBucketPolicy", {"Bucket": "somebodys-bucket"}),
        ("s3", "DeleteObjects", {"Bucket": BUCKET, "Delete": {"Objects": [{"Key": "recordings/1.wav"}]}}),
        ("lambda", "UpdateFunctionCode", {"FunctionName": "payroll"}),
        ("iam", "PutRolePolicy", {"RoleName": "Admin"}),
        ("cloudwatch", "DeleteAlarms", {"AlarmNames": ["payroll"]}),
    ]
    change = {"Changes": [{"ResourceRecordSet": {"Name": "www.example.com."}}]}
    zone = app_of(scene).store.load().records["route53_zone.global.example.com"].ids["id"]
    cases = [
        *foreign,
        ("route53", "ChangeResourceRecordSets", {"HostedZoneId": zone, "ChangeBatch": change}),
        ("route53", "DeleteHostedZone", {"HostedZoneId": "ZFOREIGN"}),
    ]
    for service, operation, params in cases:
        assert refused(policy(scene, "deploy"), [(service, operation, WEST, params)]), operation


def test_roles_are_passed_to_their_service_only(scene: Scene) -> None:
    """PassRole names the project's roles and one service each; no statement passes a role to whomever."""
    statements = [s for document in policy(scene, "deploy") for s in document["Statement"]]
    passing = [s for s in statements if "iam:PassRole" in s["Action"]]
    assert sorted(s["Condition"]["StringEquals"]["iam:PassedToService"] for s in passing) == [
        "lambda.amazonaws.com",
        "s3.amazonaws.com",
    ]
    for statement in passing:
        assert all(":role/enterprise-" in arn for arn in statement["Resource"])


def actions_used(scene: Scene) -> set[str]:
    """The actions of all calls in the audit log; those on customers' keys aside, of which the project has none."""
    found = {action.partition("@")[0] for line in scene.calls() for action in actions(line["call"])}
    return {action for action in found if not action.startswith("kms:")}


def actions_allowed(documents: list[Mapping[str, Any]]) -> set[str]:
    return {action for document in documents for statement in document["Statement"] for action in statement["Action"]}


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_nothing_is_allowed_that_nobody_declared(scene: Scene, purpose: Any) -> None:
    """Each allowed action follows from a call that a kind, a check or a failover declares."""
    app = app_of(scene)
    declared = {
        action.partition("@")[0]
        for use in uses(purpose, app.loaded.project, app.kinds.values())
        for action in actions_of(use.call, use.also)
    }
    found = {
        action
        for document in policy(scene, purpose)
        for statement in document["Statement"]
        for action in statement["Action"]
    }
    assert found <= declared


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_each_document_fits_into_a_managed_policy(scene: Scene, purpose: str) -> None:
    """No document is longer than AWS takes, and no statement allows on everything what has resources."""
    for document in policy(scene, purpose):
        assert size(document) <= LIMIT
        for statement in document["Statement"]:
            assert "*" not in "".join(statement["Action"])


def test_policies_can_be_written_to_files(scene: Scene, tmp_path: Path) -> None:
    """--out writes each document to a file of its own, ready for aws iam create-policy."""
    code, envelope = scene.run("iam-policy", "--for", "deploy", "--out", str(tmp_path / "policies"))
    assert code == 0
    written = [json.loads(Path(path).read_text(encoding="utf-8")) for path in envelope["data"]["written"]]
    assert written == [one["document"] for one in envelope["data"]["policies"]]


def test_verifying_makes_no_call_that_its_policy_refuses(scene: Scene) -> None:
    """verify-replication, doctor and status, as the audit log has them, are within the policy; recordings are only read."""
    scene.forget_calls()
    for command in ("verify-replication", "doctor", "status"):
        scene.run(command)
    documents = policy(scene, "verify")
    assert "s3:PutObject" in actions_used(scene)
    assert actions_used(scene) - actions_allowed(documents) == set()
    recording = "arn:aws:s3:::enterprise-recordings-123456789012-us-east-1/recordings/1.wav"
    assert not allowed(documents, "s3:PutObject", recording, {})
    assert not allowed(documents, "s3:DeleteObject", recording, {})
