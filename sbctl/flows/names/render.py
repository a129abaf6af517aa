"""A flow as one region gets it: placeholders become references to that region's resources, or the region's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.core.address import Address, Joined, Ref
from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Region
from sbctl.flows.names.placeholders import BY_ID, KINDS, PATTERN, REGION_WORDS, plain_name, unescaped


def render(document: FlowDocument, region: Region) -> dict[str, Any]:
    """The content as a tree whose leaves may be references. Raises SbctlError for an unknown kind of placeholder."""
    found: dict[str, Any] = _filled(dict(document.content), region, document)
    return found


def _filled(value: Any, region: Region, document: FlowDocument) -> Any:
    if isinstance(value, str):
        return _text(value, region, document)
    if isinstance(value, Mapping):
        return {key: _filled(item, region, document) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, region, document) for item in value]
    return value


def _text(text: str, region: Region, document: FlowDocument) -> str | Ref | Joined:
    parts: list[str | Ref] = []
    end = 0
    for found in PATTERN.finditer(text):
        parts.append(unescaped(text[end : found.start()]))
        parts.append(_one(found.group(1), plain_name(found.group(2) or ""), region, document))
        end = found.end()
    parts.append(unescaped(text[end:]))
    return _together([part for part in parts if part != ""])


def _together(parts: list[str | Ref]) -> str | Ref | Joined:
    if all(isinstance(part, str) for part in parts):
        return "".join(str(part) for part in parts)
    return parts[0] if len(parts) == 1 else Joined(parts=tuple(parts))


def _one(kind: str, name: str, region: Region, document: FlowDocument) -> str | Ref:
    if kind == "region":
        return region.region
    if kind == "region-name":
        return region.name
    of = BY_ID.get(kind, kind)
    if of not in KINDS:
        raise SbctlError(unknown_kind(kind, document))
    resource, output = KINDS[of]
    return Address.of(resource, region.region, name).ref("id" if kind in BY_ID else output)


def unknown_kind(kind: str, document: FlowDocument) -> Problem:
    """The problem of a placeholder that stands for nothing."""
    known = ", ".join([*(f"${{{name}:NAME}}" for name in KINDS), *(f"${{{name}}}" for name in REGION_WORDS)])
    return Problem(
        code="unknown-placeholder",
        summary="A flow has a placeholder of an unknown kind",
        detail=f"flow {document.name}: ${{{kind}}}",
        at=document.at,
        fix=f"Use one of {known}. Write $${{{kind}}} where it is text.",
        exit=Exit.USAGE,
    )
