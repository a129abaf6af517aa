"""When two contents are the same test: order of keys, notes and empty members mean nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.flows.testing.language import mapping

EMPTY: tuple[Any, ...] = (None, {}, [], ())


def same_test(one: Any, other: Any) -> bool:
    """Whether an execution of both does the same."""
    return bool(_meaning(one) == _meaning(other))


def _meaning(content: Any) -> Any:
    if not isinstance(content, Mapping):
        return content
    return _plain({key: value for key, value in content.items() if key != "Metadata"})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        found = {key: _plain(item) for key, item in value.items()}
        return {key: item for key, item in _one_form(found).items() if item not in EMPTY}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _one_form(value: dict[str, Any]) -> dict[str, Any]:
    """Keys are a number or a text, and the way of matching stands in either of two places."""
    if value.get("Type") == "DtmfInput":
        properties = mapping(value.get("Properties"))
        return {**value, "Properties": {**properties, "Value": str(properties.get("Value", ""))}}
    inner = mapping(value.get("Properties")).get("MatchingCriteria")
    if inner is not None and "MatchingCriteria" not in value:
        rest = {key: item for key, item in mapping(value["Properties"]).items() if key != "MatchingCriteria"}
        return {**value, "Properties": rest, "MatchingCriteria": mapping(inner).get("Type", inner)}
    return value
