"""Reads the sections of regions.json, one a kind, and checks their items against the regions and the whole project.

It knows no section by name: the kinds that are passed in say which sections there are and what their items hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import ConfigItem
from sbctl.core.problem import Exit
from sbctl.core.project import Project
from sbctl.desired.config.findings import Findings
from sbctl.desired.config.head import FIELDS
from sbctl.desired.config.table import names_file, read_table
from sbctl.files.misfits import did_you_mean, names_of
from sbctl.files.positions import JsonPath, Source

Sections = Mapping[str, Kind[Any, Any]]
NOT_OVERRIDABLE = frozenset({"name", "regions", "overrides"})


@dataclass(frozen=True)
class ConfigEntry:
    """An item of a section and where it stands; `path` is empty for a default."""

    section: str
    item: ConfigItem
    path: JsonPath = ()
    source: Source | None = None
    """The file that it stands in, where that is another than regions.json."""
    readable: bool = True
    """False for an item that could not be read: only its name stands in for it, so that others find it."""


def sections_of(kinds: Sequence[Kind[Any, Any]]) -> dict[str, Kind[Any, Any]]:
    """The kind that reads each section."""
    return {kind.section: kind for kind in kinds if kind.section}


def read_sections(sections: Sections, findings: Findings) -> dict[str, list[ConfigEntry]]:
    """The items of every section that the file has, and a problem for each key that is neither field nor section."""
    found: dict[str, list[ConfigEntry]] = {}
    for key, given in findings.source.data.items():
        if key in sections:
            found[key] = _read_section(sections[key], given, findings)
        elif key not in FIELDS:
            fix = did_you_mean(key, [*FIELDS, *sections])
            findings.add("unknown-field", (key,), "there is no such field or section", fix)
    return found


def _read_section(kind: Kind[Any, Any], given: Any, findings: Findings) -> list[ConfigEntry]:
    source, items = None, given
    if kind.columns and names_file(given):
        table = read_table(kind, given, findings)
        source, items = (None, []) if table is None else (table.source, [*table.items])
    if not isinstance(items, list):
        findings.add("bad-value", (kind.section,), "a section is a list of items", "Write it as [ … ].")
        return []
    entries = [_read_item(kind, item, (kind.section, index), findings, source) for index, item in enumerate(items)]
    _check_names(entries, findings)
    return entries


def _read_item(
    kind: Kind[Any, Any], given: Any, path: JsonPath, findings: Findings, source: Source | None
) -> ConfigEntry:
    try:
        return ConfigEntry(kind.section, kind.item.model_validate(given, by_alias=True, by_name=False), path, source)
    except ValidationError as error:
        findings.of(source).add_invalid(error, path, kind.item)
    name = given.get("name") if isinstance(given, dict) else None
    stand_in = ConfigItem(name=name if isinstance(name, str) else "")
    return ConfigEntry(kind.section, stand_in, path, source, readable=False)


def _check_names(entries: Iterable[ConfigEntry], findings: Findings) -> None:
    seen: dict[str, ConfigEntry] = {}
    for entry in entries:
        name = entry.item.name
        first = seen.setdefault(name, entry)
        if name and first is not entry:
            own = findings.of(entry.source)
            line = own.source.position(first.path)[0]
            detail = f"{name!r} stands already in line {line}"
            own.add("duplicate-name", (*entry.path, "name"), detail, "Give each item its own name.")


def check_entry(kind: Kind[Any, Any], entry: ConfigEntry, project: Project, findings: Findings) -> None:
    """Check an item's regions and overrides, then what its kind finds in it, in every region that differs."""
    findings = findings.of(entry.source)
    codes = [region.region for region in project.by_priority]
    for index, code in enumerate(entry.item.regions or ()):
        if code not in codes:
            fix = did_you_mean(code, codes)
            findings.add("wrong-region", (*entry.path, "regions", index), f"the project has no region {code!r}", fix)
    _ask(kind, entry.item, entry.path, project, findings)
    for code in entry.item.overrides:
        path = (*entry.path, "overrides", code)
        merged = _overridden(kind, entry.item, code, codes, path, findings)
        if merged is not None:
            _ask(kind, merged, path, project, findings)


def remarked(kind: Kind[Any, Any], entry: ConfigEntry, project: Project, notes: Findings) -> None:
    """Note what a kind has to say of an item that is sound."""
    notes = notes.of(entry.source)
    for field, said, can in kind.remarks(entry.item, project):
        notes.add("item-remark", (*entry.path, *field.split(".")), said, can, worth=Exit.DONE)


def _overridden(
    kind: Kind[Any, Any], item: ConfigItem, code: str, codes: Sequence[str], path: JsonPath, findings: Findings
) -> ConfigItem | None:
    """The item as an override makes it, when that is sound."""
    if code not in codes:
        findings.add("wrong-region", path, f"the project has no region {code!r}", did_you_mean(code, codes))
        return None
    if item.regions is not None and code not in item.regions:
        fix = f"Add {code} to the item's regions, or remove the override."
        findings.add("bad-override", path, f"the item is not deployed in {code}", fix)
        return None
    fields = set(names_of(kind.item)) - NOT_OVERRIDABLE
    unknown = [field for field in item.overrides[code] if field not in fields]
    for field in unknown:
        fix = did_you_mean(field, fields)
        findings.add("bad-override", (*path, field), "cannot be overridden", fix)
    if unknown:
        return None
    try:
        local = item.in_region(code)
        # what the override makes of the item holds for its own region alone
        return None if local is None else local.model_copy(update={"regions": [code]})
    except ValidationError as error:
        findings.add_invalid(error, path, kind.item)
        return None


def _ask(kind: Kind[Any, Any], item: ConfigItem, path: JsonPath, project: Project, findings: Findings) -> None:
    """Note what the kind itself finds; a finding of an override that does not name an overridden field repeats."""
    in_override = "overrides" in path
    for field, wrong, fix in kind.check(item, project):
        place: JsonPath = tuple(int(part) if part.isdecimal() else part for part in field.split("."))
        if not in_override or findings.source.has((*path, *place[:1])):
            label = f" ({item.name})" if item.name else ""
            findings.add("bad-item", (*path, *place), f"{wrong}{label}", fix)
