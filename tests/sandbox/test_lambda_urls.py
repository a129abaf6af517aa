"""Function URLs and the statements that open them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.test_lambda_functions import active_function, asked, known_role_again, refusal


def test_a_url_has_the_form_that_aws_gives(sandbox: Sandbox) -> None:
    """Host by id and region, a trailing slash, and all settings are read back and changed."""
    functions = active_function(sandbox)
    made = functions.create_function_url_config(FunctionName="health", AuthType="NONE")
    assert re.fullmatch(r"https://[a-z0-9]{32}\.lambda-url\.us-east-1\.on\.aws/", made["FunctionUrl"])
    assert made["InvokeMode"] == "BUFFERED"
    cors = {"AllowOrigins": ["https://example.com"]}
    functions.update_function_url_config(
        FunctionName="health", AuthType="AWS_IAM", InvokeMode="RESPONSE_STREAM", Cors=cors
    )
    found = functions.get_function_url_config(FunctionName="health")
    assert found["FunctionUrl"] == made["FunctionUrl"]
    assert (found["AuthType"], found["InvokeMode"], found["Cors"]) == ("AWS_IAM", "RESPONSE_STREAM", cors)
    assert [
        row["FunctionUrl"] for row in functions.list_function_url_configs(FunctionName="health")["FunctionUrlConfigs"]
    ] == [made["FunctionUrl"]]


def test_a_function_has_one_url(sandbox: Sandbox) -> None:
    """Made twice it is a conflict; deleted it is gone, and what is made then has another host."""
    functions = active_function(sandbox)
    first = functions.create_function_url_config(FunctionName="health", AuthType="NONE")["FunctionUrl"]
    code, message, status = refusal(functions.create_function_url_config, FunctionName="health", AuthType="NONE")
    assert (code, status) == ("ResourceConflictException", 409)
    assert "FunctionUrlConfig exists for this Lambda function" in message
    functions.delete_function_url_config(FunctionName="health")
    for act in (functions.get_function_url_config, functions.delete_function_url_config):
        assert refusal(act, FunctionName="health")[0] == "ResourceNotFoundException"
    assert functions.create_function_url_config(FunctionName="health", AuthType="NONE")["FunctionUrl"] != first


def test_url_and_policy_go_with_the_function(sandbox: Sandbox) -> None:
    """A function made again under the name has neither."""
    functions = active_function(sandbox)
    functions.create_function_url_config(FunctionName="health", AuthType="NONE")
    functions.add_permission(FunctionName="health", **PUBLIC)
    functions.delete_function(FunctionName="health")
    functions.create_function(**asked(known_role_again(sandbox)))
    for act in (functions.get_function_url_config, functions.get_policy):
        assert refusal(act, FunctionName="health")[0] == "ResourceNotFoundException"


def test_a_url_needs_its_function(sandbox: Sandbox) -> None:
    """A name that no function has, and an auth type that Lambda does not have, are refused."""
    functions = active_function(sandbox)
    code, _, status = refusal(functions.create_function_url_config, FunctionName="none", AuthType="NONE")
    assert (code, status) == ("ResourceNotFoundException", 404)
    with pytest.raises(ClientError, match="authType"):
        functions.create_function_url_config(FunctionName="health", AuthType="OPEN")


PUBLIC: dict[str, Any] = {
    "StatementId": "public-url",
    "Action": "lambda:InvokeFunctionUrl",
    "Principal": "*",
    "FunctionUrlAuthType": "NONE",
}


def test_statements_are_kept_whole_and_once(sandbox: Sandbox) -> None:
    """The condition of a URL's statement is in the policy; the same id a second time is a conflict."""
    functions = active_function(sandbox)
    functions.add_permission(FunctionName="health", **PUBLIC)
    assert refusal(functions.add_permission, FunctionName="health", **PUBLIC)[0] == "ResourceConflictException"
    (statement,) = json.loads(functions.get_policy(FunctionName="health")["Policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
    functions.remove_permission(FunctionName="health", StatementId="public-url")
    assert refusal(functions.get_policy, FunctionName="health")[0] == "ResourceNotFoundException"
