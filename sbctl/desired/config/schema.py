"""The JSON schemas of regions.json and failover-rules.json, for completion and checking in editors.

Made from the same models that read the files, only when asked for: building a schema is slow.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sbctl.core.kinds.resource import Kind
from sbctl.core.moving.rules import Rules
from sbctl.desired.config.items import NOT_OVERRIDABLE, sections_of
from sbctl.desired.config.models import Head

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
REGIONS_SCHEMA = "regions.schema.json"
RULES_SCHEMA = "failover-rules.schema.json"


def schemas(kinds: Sequence[Kind[Any, Any]]) -> tuple[Schema, Schema]:
    """The schemas of regions.json and of failover-rules.json."""
    return regions_schema(kinds), {"$schema": DIALECT, **Rules.model_json_schema(by_alias=True)}


def regions_schema(kinds: Sequence[Kind[Any, Any]]) -> Schema:
    """The head, and one array a section."""
    sections = sections_of(kinds)
    models: list[type[BaseModel]] = [Head, *dict.fromkeys(kind.item for kind in sections.values())]
    names, together = models_json_schema([(model, "validation") for model in models], by_alias=True)
    definitions: Schema = together["$defs"]
    head = definitions.pop(_name(names[(Head, "validation")]))
    for section, kind in sorted(sections.items()):
        reference = names[(kind.item, "validation")]
        item = definitions[_name(reference)]
        item["properties"]["overrides"] = _overrides(item)
        told, array = {"description": _first_line(kind.item)}, {"type": "array", "items": reference}
        head["properties"][section] = told | ({"anyOf": [array, _of_file(kind)]} if kind.columns else array)
    head["title"] = "regions.json of sbctl"
    return {"$schema": DIALECT, **head, "$defs": definitions}


def write_schemas(folder: Path, kinds: Sequence[Kind[Any, Any]]) -> list[Path]:
    """Write both schemas into a folder; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in zip((REGIONS_SCHEMA, RULES_SCHEMA), schemas(kinds), strict=True):
        path = folder / name
        path.write_text(as_text(schema), encoding="utf-8")
        written.append(path)
    return written


def as_text(schema: Schema) -> str:
    """A schema as it stands in the repository."""
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _of_file(kind: Kind[Any, Any]) -> Schema:
    """A section that stands in a CSV file."""
    file = {"type": "string", "description": f"CSV file beside this one. Columns: {', '.join(kind.columns)}."}
    return {"type": "object", "properties": {"file": file}, "required": ["file"], "additionalProperties": False}


def _overrides(item: Schema) -> Schema:
    """Region → the item's own fields, none of them required."""
    fields = {name: field for name, field in item["properties"].items() if name not in NOT_OVERRIDABLE}
    return {
        "type": "object",
        "description": "Fields that differ in one region, by its code.",
        "additionalProperties": {"type": "object", "properties": fields, "additionalProperties": False},
    }


def _name(reference: Schema) -> str:
    return str(reference["$ref"]).rsplit("/", 1)[-1]


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]
