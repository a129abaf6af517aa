"""Roles: their documents are checked, and the time at which one was made is kept for the services that use it.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.iam.details import authorization_details
from sbctl.sandbox.iam.documents import check_identity, check_inline_size, check_trust
from sbctl.sandbox.iam.roles import Roles
from sbctl.sandbox.service import Answer, Call, Operation
from sbctl.sandbox.snapshot.part import Part


class IamOverrides:
    """The operations on roles that take a policy document."""

    name = "iam"
    roughly = frozenset({"SimulatePrincipalPolicy"})
    differs = (
        "Callers are not refused anything: permissions are not enforced, and SimulatePrincipalPolicy allows "
        "all. Trust policies count where a service assumes a role.",
    )

    def __init__(self, upstream: Upstream, roles: Roles) -> None:
        self._upstream = upstream
        self._roles = roles
        self._lock = threading.Lock()

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateRole": self.create_role,
            "UpdateAssumeRolePolicy": self.update_trust,
            "PutRolePolicy": self.put_policy,
            "SimulatePrincipalPolicy": self.simulate,
            "GetAccountAuthorizationDetails": partial(authorization_details, self._upstream),
        }

    def reset(self) -> None:
        self._roles.clear()

    @property
    def parts(self) -> Iterable[Part]:
        return [self._roles.part()]

    def create_role(self, call: Call) -> Answer:
        check_trust(call.params["AssumeRolePolicyDocument"])
        made = self._passed_on(call)
        self._roles.made(call.params["RoleName"])
        return made

    def update_trust(self, call: Call) -> Answer:
        check_trust(call.params["PolicyDocument"])
        return self._passed_on(call)

    def put_policy(self, call: Call) -> Answer:
        check_identity(call.params["PolicyDocument"])
        with self._lock:
            check_inline_size(call.params["RoleName"], self._inline(call))
            return self._passed_on(call)

    def simulate(self, call: Call) -> Answer:
        """Everything is allowed: the sandbox refuses nobody, whatever policies there are."""
        actions, resources = call.params["ActionNames"], call.params.get("ResourceArns") or ["*"]
        results = [
            {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": "allowed"}
            for action in actions
            for resource in resources
        ]
        return {"EvaluationResults": results, "IsTruncated": False}

    def _inline(self, call: Call) -> Iterator[str]:
        """The role's inline policies as they would be after this call."""
        role, name = {"RoleName": call.params["RoleName"]}, call.params["PolicyName"]
        for other in self._upstream.call("iam", "ListRolePolicies", call.region, role)["PolicyNames"]:
            if other != name:
                found = self._upstream.call("iam", "GetRolePolicy", call.region, {**role, "PolicyName": other})
                yield json.dumps(found["PolicyDocument"])
        yield call.params["PolicyDocument"]

    def _passed_on(self, call: Call) -> Answer:
        return self._upstream.call("iam", call.operation, call.region, call.params)


def iam_overrides(upstream: Upstream, roles: Roles) -> IamOverrides:
    """The corrections of IAM for one account."""
    return IamOverrides(upstream, roles)
