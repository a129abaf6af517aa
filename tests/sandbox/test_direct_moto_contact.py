"""Where services with one address are asked without Flask: another version of moto fails here first and by name."""

from __future__ import annotations

import inspect
import io
from importlib import import_module
from typing import Any

import pytest
from botocore.exceptions import ClientError
from werkzeug.exceptions import BadRequest

from sbctl.sandbox.moto_bridge.allowed_operations import SERVICES
from sbctl.sandbox.moto_bridge.direct import application_of, direct_application, remember_method_names
from tests.sandbox.conftest import Sandbox

SEVERAL = {"lambda", "s3", "sns", "sqs"}
"""Services with more addresses than one, which stay behind Flask."""
ENVIRON = {
    "REQUEST_METHOD": "POST",
    "PATH_INFO": "/",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "80",
    "wsgi.input": io.BytesIO(),
    "wsgi.url_scheme": "http",
}


def test_the_points_of_contact_exist() -> None:
    """The addresses of a service, the request over the wire and the list of a class's methods are where they were."""
    from moto import backends
    from moto.core.request import Request
    from moto.core.responses import BaseResponse
    from moto.moto_server.werkzeug_app import BackendRequest

    backend: Any = backends.get_backend("dynamodb")
    assert list(backend["123456789012"]["us-east-1"].flask_paths) == ["/"]
    assert BackendRequest.from_wsgi_server is True
    assert Request.from_wsgi_server is False
    assert isinstance(inspect.getattr_static(Request, "raw_url"), property)
    assert list(inspect.signature(BaseResponse._dispatch).parameters) == ["self", "request", "full_url", "headers"]
    assert "method_names_from_class(self.__class__)" in inspect.getsource(BaseResponse.call_action)


def test_services_with_one_address_are_asked_directly() -> None:
    """All but those whose paths mean something."""
    assert {service for service in SERVICES if direct_application(service) is None} == SEVERAL


def test_the_methods_of_a_class_are_looked_up_once() -> None:
    """The second look is answered from memory, with the same names."""
    from moto.core.utils import method_names_from_class
    from moto.sts.responses import TokenResponse

    responses: Any = import_module("moto.core.responses")
    remember_method_names()
    remember_method_names()
    assert responses.method_names_from_class(TokenResponse) == method_names_from_class(TokenResponse)
    assert responses.method_names_from_class(TokenResponse) is responses.method_names_from_class(TokenResponse)


def test_an_error_is_answered(sandbox: Sandbox) -> None:
    """What moto refuses comes with the service's code and status, in JSON and in XML, as behind Flask."""
    with pytest.raises(ClientError) as refused:
        sandbox.client("kms").describe_key(KeyId="alias/nobody")
    assert refused.value.response["Error"]["Code"] == "NotFoundException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    with pytest.raises(ClientError) as missing:
        sandbox.client("iam").get_user(UserName="nobody")
    assert missing.value.response["Error"]["Code"] == "NoSuchEntity"
    assert missing.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_a_web_error_outside_the_operation_is_answered() -> None:
    """What werkzeug has as an exception is an answer with its status, as Flask makes it."""

    def refuse(*_: object) -> None:
        raise BadRequest

    seen: list[str] = []
    list(application_of(refuse)(ENVIRON, lambda status, _: seen.append(status)))
    assert seen == ["400 BAD REQUEST"]


def test_another_path_is_not_carried() -> None:
    """A service with one address answers on no other."""
    application = direct_application("sts")
    assert application is not None
    with pytest.raises(NotImplementedError):
        list(application({**ENVIRON, "PATH_INFO": "/other"}, lambda *_: None))
