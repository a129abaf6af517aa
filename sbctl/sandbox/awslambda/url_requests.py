"""Function URLs: HTTP requests to <id>.lambda-url.<region>.on.aws become events, what the handler returns the response.

The sandbox knows such a request by its Host header. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from sbctl.sandbox.awslambda.runner import Runner
from sbctl.sandbox.service import Answer, ApiError
from sbctl.sandbox.wire.function_urls import FunctionUrl
from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.wire.response import Response

TEXT = ("text/", "application/json", "application/javascript", "application/xml")
"""Bodies of these types reach the handler as text, all others in base64."""
Ask = Callable[[str, str, Mapping[str, Any]], Answer]
"""An operation of Lambda, by name, in a region."""
ConfigOf = Callable[[str], Mapping[str, Any] | None]
"""A function URL's settings by its host; None when there is none."""


class FunctionUrls:
    """Answers requests to function URLs."""

    def __init__(self, runner: Runner, config_of: ConfigOf, ask: Ask) -> None:
        self._runner = runner
        self._config_of = config_of
        self._ask = ask

    def serve(self, place: FunctionUrl, request: Request) -> Response:
        """The response to one request. Never raises."""
        try:
            config = self._config_of(place.host)
            if config is None:
                return _refused(404, None)
            if not self._allowed(place, config, request):
                return _refused(403, "Forbidden")
            found = self._runner.run(place.region, str(config["FunctionArn"]), event_of(place, request))
        except ApiError as error:
            return _refused(429 if error.status == 429 else 502, error.message)
        return _refused(502, "Internal Server Error") if found.error else answered(found.payload)

    def _allowed(self, place: FunctionUrl, config: Mapping[str, Any], request: Request) -> bool:
        """Signed where it must be; else the resource policy must let everybody in, by both of its actions."""
        if config["AuthType"] == "AWS_IAM":
            return request.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256")
        try:
            policy = self._ask("GetPolicy", place.region, {"FunctionName": str(config["FunctionArn"])})
        except ApiError:
            return False
        statements = json.loads(policy["Policy"])["Statement"]
        actions = {one["Action"] for one in statements if one["Effect"] == "Allow" and _everybody(one["Principal"])}
        return {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} <= actions


def _everybody(principal: Any) -> bool:
    return principal in ("*", {"AWS": "*"})


def event_of(place: FunctionUrl, request: Request) -> dict[str, Any]:
    """A request as a handler sees it: payload format 2.0."""
    now = time.time()
    is_text = request.headers.get("content-type", "text/plain").startswith(TEXT)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": dict(request.headers),
        "requestContext": {
            "accountId": "anonymous",
            "apiId": place.url_id,
            "domainName": place.host,
            "domainPrefix": place.url_id,
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": request.headers.get("user-agent", ""),
            },
            "requestId": str(uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": bool(request.body) and not is_text,
    }
    if request.arguments:
        event["queryStringParameters"] = dict(request.arguments)
    if request.body:
        body = request.body.decode("utf-8", "replace") if is_text else base64.b64encode(request.body).decode()
        event["body"] = body
    return event


def answered(payload: bytes | str) -> Response:
    """The response that a handler's result makes; 502 where it makes none, as a status code that is no number."""
    try:
        found = response_of(json.loads(payload))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return _refused(502, "Internal Server Error")
    return found if 200 <= found.status <= 599 else _refused(502, "Internal Server Error")


def response_of(returned: Any) -> Response:
    """What a handler returned as a response: a map with a status code as it says, anything else as JSON."""
    if not isinstance(returned, dict) or "statusCode" not in returned:
        text = returned if isinstance(returned, str) else json.dumps(returned)
        return Response(200, text.encode(), {"content-type": "application/json"})
    body = str(returned.get("body") or "")
    content = base64.b64decode(body) if returned.get("isBase64Encoded") else body.encode()
    headers = {str(name).lower(): str(value) for name, value in (returned.get("headers") or {}).items()}
    if returned.get("cookies"):
        headers["set-cookie"] = "\n".join(map(str, returned["cookies"]))
    return Response(int(returned["statusCode"]), content, {"content-type": "application/json", **headers})


def _refused(status: int, message: str | None) -> Response:
    return Response(status, json.dumps({"Message": message}).encode(), {"content-type": "application/json"})
