"""Where moto makes AWS's own policies: another version of moto fails here first and by name."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from sbctl.sandbox.moto_bridge.policies import remember_policies
from tests.sandbox.conftest import Sandbox

ARN = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def test_the_points_of_contact_exist() -> None:
    """A backend makes the policies when it begins, from its account and region; in a policy's life little changes."""
    models: Any = import_module("moto.iam.models")
    assert "self.aws_managed_policies = self._init_aws_policies()" in inspect.getsource(models.IAMBackend.__init__)
    source = inspect.getsource(inspect.unwrap(models.IAMBackend._init_aws_policies))
    assert "AWSManagedPolicy.from_data(name, self.account_id, self.region_name, d)" in source
    assert source.count("self.") == 2
    policy = models.AWSManagedPolicy.from_data(
        "any", "123456789012", "aws", {"Document": {}, "CreateDate": "2026-01-01", "UpdateDate": "2026-01-01"}
    )
    changing = {name for name, value in vars(policy).items() if isinstance(value, list | dict)}
    assert changing == {"tags", "versions"}
    assert not [one for version in policy.versions for one in vars(version).values() if isinstance(one, list | dict)]


def test_policies_are_made_once(sandbox: Sandbox) -> None:
    """The next backend has the same ones, as they were at the beginning, whatever became of them in the one before."""
    assert sandbox.client("iam").list_roles()["Roles"] == []  # moto is loaded, and told to make them
    remember_policies()
    backend: Any = import_module("moto.iam.models").IAMBackend
    first = backend("aws", "111122223333").aws_managed_policies
    assert len(first) > 1000
    known = [(one.id, one.arn) for one in first]
    first[0].tags["a"] = {"Key": "a", "Value": "b"}
    first[0].versions[0].is_default = False
    first[0].versions.append(first[0].versions[0])
    first[0].attachment_count = 7
    first[0].description = "changed"
    second = backend("aws", "111122223333").aws_managed_policies
    assert [(one.id, one.arn) for one in second] == known
    now = second[0]
    assert (now.tags, len(now.versions), now.versions[0].is_default, now.attachment_count) == ({}, 1, True, 0)
    assert now.description != "changed"


def test_a_policy_of_aws_is_attached_in_one_world_only(sandbox: Sandbox) -> None:
    """After a reset nothing is left of an attachment."""
    iam = sandbox.client("iam")
    iam.create_role(RoleName="reads", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    iam.attach_role_policy(RoleName="reads", PolicyArn=ARN)
    assert iam.get_policy(PolicyArn=ARN)["Policy"]["AttachmentCount"] == 1
    sandbox.running.reset()
    assert iam.get_policy(PolicyArn=ARN)["Policy"]["AttachmentCount"] == 0
