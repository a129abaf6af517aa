"""Functions: states on the world's clock, roles that must be known, packages and settings that must be right."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import urllib.request
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.waits import PATIENCE_SECONDS

ARN = "arn:aws:lambda:us-east-1:123456789012:function:health"
CANNOT_ASSUME = "The role defined for the function cannot be assumed by Lambda."
LONG_ENOUGH = 30.0
"""Seconds of the world's time after which nothing is under way any more."""


def package(text: str = "def handle(event, context): return {}\n") -> bytes:
    """A zip with one module, the same bytes each time."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        archive.writestr(zipfile.ZipInfo("handler.py", (1980, 1, 1, 0, 0, 0)), text)
    return found.getvalue()


def make_role(sandbox: Sandbox, name: str = "runner", service: str = "lambda.amazonaws.com") -> str:
    """The ARN of a role that a service may assume, made just now."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(sandbox.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])


def known_role(sandbox: Sandbox) -> str:
    """The ARN of a role of which Lambda knows."""
    arn = make_role(sandbox)
    sandbox.world.clock.advance(LONG_ENOUGH)
    return arn


def asked(role: str, **changed: Any) -> dict[str, Any]:
    """What makes a good function."""
    return {
        "FunctionName": "health",
        "Runtime": "python3.13",
        "Role": role,
        "Handler": "handler.handle",
        "Code": {"ZipFile": package()},
        **changed,
    }


def active_function(sandbox: Sandbox) -> Any:
    """A client of Lambda and in it the function `health`, with nothing under way."""
    functions = sandbox.client("lambda")
    functions.create_function(**asked(known_role(sandbox)))
    sandbox.world.clock.advance(LONG_ENOUGH)
    return functions


def refusal(act: Any, **params: Any) -> tuple[str, str, int]:
    """Code, message and status of the refusal of a call."""
    with pytest.raises(ClientError) as refused:
        act(**params)
    error = refused.value.response
    return error["Error"]["Code"], error["Error"]["Message"], error["ResponseMetadata"]["HTTPStatusCode"]


def test_a_new_function_is_pending_and_then_active(sandbox: Sandbox) -> None:
    """Until Lambda has made it ready it says so, and takes neither updates nor versions."""
    functions = sandbox.client("lambda")
    made = functions.create_function(**asked(known_role(sandbox)))
    assert (made["State"], made["StateReasonCode"], made["Version"]) == ("Pending", "Creating", "$LATEST")
    assert functions.get_function(FunctionName="health")["Configuration"]["State"] == "Pending"
    message = (
        "The operation cannot be performed at this time. The function is currently in the following state: Pending"
    )
    conflict = ("ResourceConflictException", message, 409)
    assert refusal(functions.update_function_configuration, FunctionName="health", Timeout=5) == conflict
    assert refusal(functions.publish_version, FunctionName="health") == conflict
    sandbox.world.clock.advance(LONG_ENOUGH)
    ready = functions.get_function_configuration(FunctionName=ARN)
    assert (ready["State"], ready["LastUpdateStatus"]) == ("Active", "Successful")
    assert "StateReason" not in ready


@pytest.mark.parametrize("first", ["code", "configuration"])
def test_updates_come_one_after_the_other(sandbox: Sandbox, first: str) -> None:
    """A second update while one is in progress is refused with the function's ARN, and passes afterwards."""
    functions = active_function(sandbox)
    updates = {
        "code": lambda: functions.update_function_code(FunctionName="health", ZipFile=package("x = 1\n")),
        "configuration": lambda: functions.update_function_configuration(FunctionName="health", MemorySize=512),
    }
    assert updates[first]()["LastUpdateStatus"] == "InProgress"
    message = f"The operation cannot be performed at this time. An update is in progress for resource: {ARN}"
    for update in updates.values():
        assert refusal(update) == ("ResourceConflictException", message, 409)
    sandbox.world.clock.advance(LONG_ENOUGH)
    assert functions.get_function_configuration(FunctionName="health")["LastUpdateStatus"] == "Successful"
    for update in updates.values():
        update()
        sandbox.world.clock.advance(LONG_ENOUGH)
    found = functions.get_function_configuration(FunctionName="health")
    assert found["MemorySize"] == 512
    assert found["CodeSha256"] == base64.b64encode(hashlib.sha256(package("x = 1\n")).digest()).decode()


def test_a_role_that_is_new_is_not_known_to_lambda(sandbox: Sandbox) -> None:
    """Right after CreateRole the function is refused; some seconds later the same request passes."""
    functions = sandbox.client("lambda")
    request = asked(make_role(sandbox))
    refused = ("InvalidParameterValueException", CANNOT_ASSUME, 400)
    assert refusal(functions.create_function, **request) == refused
    assert refusal(functions.get_function, FunctionName="health")[0] == "ResourceNotFoundException"
    sandbox.world.clock.advance(LONG_ENOUGH)
    assert functions.create_function(**request)["FunctionArn"] == ARN


def test_a_role_that_does_not_trust_lambda_is_refused(sandbox: Sandbox) -> None:
    """A role for another service, and one that does not exist, are refused for new functions and for updates."""
    functions = active_function(sandbox)
    strangers = [make_role(sandbox, "copier", "s3.amazonaws.com"), "arn:aws:iam::123456789012:role/nobody"]
    sandbox.world.clock.advance(LONG_ENOUGH)
    for role in strangers:
        expected = ("InvalidParameterValueException", CANNOT_ASSUME, 400)
        assert refusal(functions.create_function, **asked(role, FunctionName="other")) == expected
        assert refusal(functions.update_function_configuration, FunctionName="health", Role=role) == expected


UNZIP = "Could not unzip uploaded file. Please check your file, then try to upload again."
BAD_PACKAGES = [(b"def handle(): pass", UNZIP), (package()[:60], UNZIP), (b"", "Uploaded file must be a non-empty zip")]


@pytest.mark.parametrize(("content", "message"), BAD_PACKAGES)
def test_a_package_must_be_a_zip(sandbox: Sandbox, content: bytes, message: str) -> None:
    """Neither a new function nor an update takes anything else."""
    functions = active_function(sandbox)
    expected = ("InvalidParameterValueException", message, 400)
    request = asked(known_role_again(sandbox), FunctionName="other", Code={"ZipFile": content})
    assert refusal(functions.create_function, **request) == expected
    assert refusal(functions.update_function_code, FunctionName="health", ZipFile=content) == expected


def known_role_again(sandbox: Sandbox) -> str:
    """The role that `known_role` has made."""
    return str(sandbox.client("iam").get_role(RoleName="runner")["Role"]["Arn"])


BAD_SETTINGS: list[tuple[dict[str, Any], str, str]] = [
    ({"Timeout": 901}, "ValidationException", "Value '901' at 'timeout'"),
    ({"MemorySize": 10241}, "ValidationException", "Value '10241' at 'memorySize'"),
    ({"Runtime": "python4"}, "InvalidParameterValueException", "Value 'python4' at 'runtime'"),
    ({"Runtime": "python3.8"}, "InvalidParameterValueException", "python3.8 is no longer supported"),
    ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "InvalidParameterValueException", "AWS_REGION"),
    ({"Environment": {"Variables": {"LONG": "x" * 4096}}}, "InvalidParameterValueException", "4KB limit"),
]


@pytest.mark.parametrize(("settings", "code", "text"), BAD_SETTINGS)
def test_settings_have_limits(sandbox: Sandbox, settings: dict[str, Any], code: str, text: str) -> None:
    """Limits, retired runtimes and reserved variables hold for new functions and for updates."""
    functions = active_function(sandbox)
    request = asked(known_role_again(sandbox), FunctionName="other", **{"Timeout": 3, **settings})
    for refused in (
        refusal(functions.create_function, **request),
        refusal(functions.update_function_configuration, FunctionName="health", **settings),
    ):
        assert (refused[0], refused[2]) == (code, 400)
        assert text in refused[1]


def test_a_revision_moves_with_each_change(sandbox: Sandbox) -> None:
    """An update for a revision that is no longer the latest is refused, and changes nothing."""
    functions = active_function(sandbox)
    first = functions.get_function_configuration(FunctionName="health")["RevisionId"]
    second = functions.update_function_configuration(FunctionName="health", Timeout=9, RevisionId=first)["RevisionId"]
    assert second != first
    sandbox.world.clock.advance(LONG_ENOUGH)
    code, _, status = refusal(
        functions.update_function_configuration, FunctionName="health", Timeout=10, RevisionId=first
    )
    assert (code, status) == ("PreconditionFailedException", 412)
    found = functions.get_function_configuration(FunctionName="health")
    assert (found["Timeout"], found["RevisionId"]) == (9, second)


def test_a_dry_run_tells_the_hash_and_changes_nothing(sandbox: Sandbox) -> None:
    """DryRun answers with the new package's hash; the function keeps the old one and is not busy."""
    functions = active_function(sandbox)
    before = functions.get_function_configuration(FunctionName="health")
    other = package("x = 2\n")
    tried = functions.update_function_code(FunctionName="health", ZipFile=other, DryRun=True)
    assert tried["CodeSha256"] == base64.b64encode(hashlib.sha256(other).digest()).decode()
    after = functions.get_function_configuration(FunctionName="health")
    assert {name: after[name] for name in ("CodeSha256", "RevisionId", "LastUpdateStatus")} == {
        name: before[name] for name in ("CodeSha256", "RevisionId", "LastUpdateStatus")
    }


def test_a_package_can_come_from_a_bucket_of_the_region(sandbox: Sandbox) -> None:
    """The object's bytes become the package; a bucket elsewhere or a missing key is refused with S3's own error."""
    role = known_role(sandbox)
    near, far = sandbox.client("s3"), sandbox.client("s3", "us-west-2")
    near.create_bucket(Bucket="artifacts-near")
    far.create_bucket(Bucket="artifacts-far", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    near.put_object(Bucket="artifacts-near", Key="health.zip", Body=package())
    far.put_object(Bucket="artifacts-far", Key="health.zip", Body=package())
    functions = sandbox.client("lambda")
    for bucket, key, error in (
        ("artifacts-far", "health.zip", "S3 Error Code: PermanentRedirect"),
        ("artifacts-near", "none.zip", "S3 Error Code: NoSuchKey"),
    ):
        request = asked(role, Code={"S3Bucket": bucket, "S3Key": key})
        code, message, _ = refusal(functions.create_function, **request)
        assert code == "InvalidParameterValueException"
        assert error in message
    made = functions.create_function(**asked(role, Code={"S3Bucket": "artifacts-near", "S3Key": "health.zip"}))
    assert made["CodeSha256"] == base64.b64encode(hashlib.sha256(package()).digest()).decode()


def test_settings_that_moto_loses_are_kept(sandbox: Sandbox) -> None:
    """Tracing and logging can be set and changed, and a list shows them, without states and page by page."""
    functions = active_function(sandbox)
    functions.update_function_configuration(
        FunctionName="health", TracingConfig={"Mode": "Active"}, LoggingConfig={"LogFormat": "JSON"}
    )
    role = known_role_again(sandbox)
    functions.create_function(**asked(role, FunctionName="second", EphemeralStorage={"Size": 1024}))
    page = functions.list_functions(MaxItems=1)
    rest = functions.list_functions(MaxItems=1, Marker=page["NextMarker"])
    assert "NextMarker" not in rest
    rows = {row["FunctionName"]: row for row in page["Functions"] + rest["Functions"]}
    assert rows["health"]["TracingConfig"] == {"Mode": "Active"}
    assert rows["health"]["LoggingConfig"] == {"LogFormat": "JSON", "LogGroup": "/aws/lambda/health"}
    assert rows["second"]["EphemeralStorage"] == {"Size": 1024}
    assert "State" not in rows["second"]


def test_a_function_made_again_starts_again(sandbox: Sandbox) -> None:
    """After a deletion the name is free, and what is made under it is pending, with a revision of its own."""
    functions = active_function(sandbox)
    before = functions.get_function_configuration(FunctionName="health")["RevisionId"]
    request = asked(known_role_again(sandbox))
    assert refusal(functions.create_function, **request)[:2] == (
        "ResourceConflictException",
        "Function already exist: health",
    )
    functions.delete_function(FunctionName="health")
    made = functions.create_function(**request)
    assert made["State"] == "Pending"
    assert made["RevisionId"] != before


def test_published_versions_stand_still(sandbox: Sandbox) -> None:
    """A version keeps its settings while the function is updated, and shows no update in progress."""
    functions = active_function(sandbox)
    version = functions.publish_version(FunctionName="health")["Version"]
    functions.update_function_configuration(FunctionName="health", Timeout=7)
    assert functions.get_function_configuration(FunctionName="health")["Timeout"] == 7
    old = functions.get_function_configuration(FunctionName="health", Qualifier=version)
    assert (old["Version"], old["Timeout"], old["LastUpdateStatus"]) == (version, 3, "Successful")


def test_a_package_can_be_fetched_from_the_address_that_get_function_names(sandbox: Sandbox) -> None:
    """It is the zip as it was last uploaded, and its hash is the function's."""
    functions = active_function(sandbox)
    functions.update_function_code(FunctionName="health", ZipFile=package("OTHER = 1\n"))
    found = functions.get_function(FunctionName="health")
    assert found["Code"]["RepositoryType"] == "S3"
    with urllib.request.urlopen(found["Code"]["Location"], timeout=PATIENCE_SECONDS) as answer:
        content = answer.read()
    assert content == package("OTHER = 1\n")
    assert base64.b64encode(hashlib.sha256(content).digest()).decode() == found["Configuration"]["CodeSha256"]
