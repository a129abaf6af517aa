"""Every point at which moto's inside is touched, so that another version of moto fails here first and by name."""

from __future__ import annotations

import inspect
from importlib.metadata import version
from typing import Any

import pytest

from sbctl.sandbox.moto_bridge.allowed_operations import SERVICES
from sbctl.sandbox.moto_bridge.backends import MOTO_VERSION, PRESERVED, MotoBackends, NotCarriedError
from sbctl.sandbox.moto_bridge.operations import moto_operations
from tests.sandbox.conftest import Sandbox
from tests.sandbox.test_front_wire import raw

BODIES: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("iam", "query", "iam", "SimulatePrincipalPolicy", {"PolicySourceArn": "a", "ActionNames": ["s3:Get"]}),
    ("dynamodb", "json", "dynamodb", "DescribeGlobalTable", {"GlobalTableName": "t"}),
    ("lambda", "rest-json", "lambda", "GetAccountSettings", {}),
]


def test_moto_is_the_version_that_was_measured() -> None:
    """All that moto_backends does was found by measuring this version: read moto.md again before moving it."""
    assert version("moto") == MOTO_VERSION


def test_the_points_of_contact_exist() -> None:
    """The dispatcher, its host lookup, the factory of its applications, the settings and the reset are where they were."""
    from moto.core.config import default_user_config
    from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY
    from moto.moto_api._internal.models import moto_api_backend
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    assert list(inspect.signature(DomainDispatcherApplication.get_backend_for_host).parameters) == ["self", "host"]
    assert list(inspect.signature(DomainDispatcherApplication).parameters) == ["create_app"]
    assert callable(create_backend_app)
    assert callable(moto_api_backend.reset)
    assert "load_aws_managed_policies" in default_user_config["iam"]
    assert PRESERVED_HEADER_NAMES_ENVIRON_KEY == PRESERVED


@pytest.mark.parametrize(("service", "protocol", "signing", "operation", "params"), BODIES)
def test_a_missing_operation_is_recognised(
    sandbox: Sandbox, service: str, protocol: str, signing: str, operation: str, params: dict[str, Any]
) -> None:
    """What moto lacks is seen as missing in each protocol, and not passed on as a 404 or 500 of the service."""
    with pytest.raises(NotCarriedError):
        sandbox.world.moto.call(service, raw(service, protocol, signing, operation, params))


def test_a_reset_before_the_first_call_needs_no_moto() -> None:
    """A world that never asked moto for anything resets without loading it."""
    backends = MotoBackends("123456789012")
    backends.reset()
    assert backends.loaded is False


def test_a_world_of_another_account_beside_it_is_forgotten_at_a_reset(sandbox: Sandbox) -> None:
    """moto has one account a process: the one of the world that was made or reset last."""
    MotoBackends("210987654321")
    sandbox.running.reset()
    assert sandbox.client("sts").get_caller_identity()["Account"] == sandbox.world.account


def test_managed_policies_of_aws_are_there(sandbox: Sandbox) -> None:
    """Roles can attach AWS's own policies, which moto loads only when told to."""
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    assert sandbox.client("iam").get_policy(PolicyArn=arn)["Policy"]["IsAttachable"] is True


def test_a_region_that_botocore_does_not_list_is_served(sandbox: Sandbox) -> None:
    """moto refuses regions it does not know, unless told otherwise."""
    assert sandbox.client("dynamodb", "eu-nowhere-9").list_tables()["TableNames"] == []


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_the_operations_of_a_service_are_seen(service: str) -> None:
    """Each service's response classes are where they were, with methods named after AWS's operations."""
    assert moto_operations(service)


def test_what_moto_has_and_lacks_is_told_apart() -> None:
    """Of operations known to be there and known to be missing."""
    assert {"CreateTable", "PutItem"} <= moto_operations("dynamodb")
    assert not {"CreateGlobalTable", "DescribeGlobalTable"} & moto_operations("dynamodb")
