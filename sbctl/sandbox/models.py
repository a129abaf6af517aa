"""botocore's service models as the server needs them: routes of REST services, operations, shapes. Loaded once each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

_LOADER = Loader()


@cache
def service_model(service: str) -> ServiceModel:
    """The model of a service by boto3's name. Raises botocore's UnknownServiceError."""
    return ServiceModel(_LOADER.load_service_model(service, "service-2"), service_name=service)


def protocol(service: str) -> str:
    """rest-json, rest-xml, json or query: the form in which botocore speaks to this service."""
    model = service_model(service)
    known = ("rest-json", "rest-xml", "json", "query")
    offered = model.metadata.get("protocols") or [model.metadata["protocol"]]
    return next((name for name in known if name in offered), str(model.metadata["protocol"]))


@dataclass(frozen=True)
class Route:
    """One operation's method and path; `query` are the constant query arguments that tell it from its neighbours."""

    operation: str
    method: str
    pattern: re.Pattern[str]
    query: frozenset[tuple[str, str]]
    literal: int
    """How many characters of the path are fixed: the more, the better the match."""


@cache
def routes(service: str) -> tuple[Route, ...]:
    """All routes of a REST service, most specific first."""
    model = service_model(service)
    found = [_route(model.operation_model(name)) for name in model.operation_names]
    return tuple(sorted(found, key=lambda route: (-len(route.query), -route.literal)))


def _route(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", re.escape(path))
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
    constant = frozenset(parse_qsl(query, keep_blank_values=True))
    literal = len(re.sub(r"\{[^}]*\}", "", path))
    return Route(operation.name, operation.http["method"], re.compile(pattern + "/?"), constant, literal)


def match(service: str, method: str, path: str, query: dict[str, str]) -> tuple[str, dict[str, str]] | None:
    """The operation that a method and a still percent-encoded path mean, with the path's parameters (encoded)."""
    for route in routes(service):
        if route.method != method:
            continue
        found = route.pattern.fullmatch(path)
        if found and all(query.get(name) == value for name, value in route.query):
            return route.operation, found.groupdict()
    return None


def error_shapes(service: str, operation: str) -> dict[str, Any]:
    """The errors that an operation declares: wire code → shape."""
    found: dict[str, Any] = {}
    for shape in service_model(service).operation_model(operation).error_shapes:
        found[shape.metadata.get("error", {}).get("code", shape.name)] = shape
        found[shape.name] = shape
    return found
