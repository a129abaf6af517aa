"""botocore's service models as the server needs them: protocols, routes of REST services, declared errors. Loaded once each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

_LOADER = Loader()
FORMS = ("rest-json", "rest-xml", "json", "query")
"""The protocols that the sandbox speaks. CBOR, which some models list first, is spoken by no AWS client that we serve."""


@cache
def known_services() -> frozenset[str]:
    """Every service that botocore has a model of, by boto3's names."""
    return frozenset(_LOADER.list_available_services("service-2"))


@cache
def known_regions() -> frozenset[str]:
    """Every region that botocore knows, of all partitions."""
    partitions = _LOADER.load_data("endpoints")["partitions"]
    return frozenset(region for partition in partitions for region in partition["regions"])


@cache
def service_model(service: str) -> ServiceModel:
    """The model of a service by boto3's name. Raises botocore's UnknownServiceError."""
    return ServiceModel(_LOADER.load_service_model(service, "service-2"), service_name=service)


@cache
def protocol(service: str) -> str:
    """The form in which botocore speaks to this service: one of FORMS."""
    metadata = service_model(service).metadata
    offered = metadata.get("protocols") or [metadata["protocol"]]
    return next((name for name in FORMS if name in offered), str(metadata["protocol"]))


@cache
def operation_names(service: str) -> frozenset[str]:
    """All operations that AWS has of a service."""
    return frozenset(service_model(service).operation_names)


@dataclass(frozen=True)
class Route:
    """One operation's method and path; `query` are the constant query arguments that tell it from its neighbours."""

    operation: str
    method: str
    pattern: re.Pattern[str]
    query: frozenset[tuple[str, str]]
    required: frozenset[str]
    """Query arguments and headers that tell an operation of S3 from others on the same path. Empty elsewhere, where a
    missing argument is a mistake to report and not another operation."""
    literal: int
    """How many characters of the path are fixed: the more, the better the match."""
    deprecated: bool


@cache
def routes(service: str) -> Mapping[tuple[str, str], tuple[Route, ...]]:
    """All routes of a REST service by method and first fixed part of the path ("" where it varies), most specific first."""
    model = service_model(service)
    found = [_route(model.operation_model(name)) for name in model.operation_names]
    found.sort(key=lambda route: (-len(route.query), -route.literal, -len(route.required), route.deprecated))
    grouped: dict[tuple[str, str], list[Route]] = {}
    for route in found:
        first = _first(model.operation_model(route.operation).http["requestUri"])
        grouped.setdefault((route.method, "" if "{" in first else first), []).append(route)
    return {key: tuple(group) for key, group in grouped.items()}


def _first(path: str) -> str:
    return path.partition("?")[0].lstrip("/").partition("/")[0]


def _route(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", re.escape(path.rstrip("/")))
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
    return Route(
        operation.name,
        operation.http["method"],
        re.compile(pattern + "/?"),
        frozenset(parse_qsl(query, keep_blank_values=True)),
        _required(operation),
        len(re.sub(r"\{[^}]*\}", "", path)),
        operation.deprecated,
    )


def _required(operation: OperationModel) -> frozenset[str]:
    shape = operation.input_shape
    if shape is None or operation.service_model.service_name != "s3":
        return frozenset()
    places = {name: shape.members[name].serialization for name in shape.required_members}
    located = ("querystring", "header")
    return frozenset(
        place.get("name", name).lower() for name, place in places.items() if place.get("location") in located
    )


def match(
    service: str, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[str, dict[str, str]] | None:
    """The operation that a method and a still percent-encoded path mean, with the path's parameters (encoded)."""
    table = routes(service)
    given = {name.lower() for name in query} | headers.keys()
    for first in dict.fromkeys((_first(path), "")):
        for route in table.get((method, first), ()):
            found = route.pattern.fullmatch(path)
            if found and _fits(route, query, given):
                return route.operation, found.groupdict()
    return None


def _fits(route: Route, query: Mapping[str, str], given: set[str]) -> bool:
    return route.required <= given and all(query.get(name) == value for name, value in route.query)


@cache
def error_shapes(service: str, operation: str) -> Mapping[str, Any]:
    """The errors that an operation declares, by wire code and by name of the shape."""
    found: dict[str, Any] = {}
    if operation in operation_names(service):
        for shape in service_model(service).operation_model(operation).error_shapes:
            found[shape.metadata.get("error", {}).get("code", shape.name)] = shape
            found[shape.name] = shape
    return found
