"""What kinds, addresses and the config are, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sbctl.ui.console import columns, plain, short

if TYPE_CHECKING:
    from rich.console import Console

    from sbctl.core.kinds.resource import Kind
    from sbctl.ui.views import AddressExplained, ConfigChecked, ExitExplained, KindExplained, KindsListed


def draw_config(console: Console, view: ConfigChecked) -> None:
    project = view.project
    sound = plain("The config is sound.", "good")
    console.print(sound.append_text(plain(f" Project {project.name}, account {project.account}.")))
    table = columns("priority", "region", "role", "Connect")
    for region in project.by_priority:
        role = "primary" if region.is_primary else "standby"
        table.add_row(str(region.priority), region.region, role, "yes" if region.connect else "data only")
    console.print(table)
    console.print(f"{sum(view.counts.values())} resources wanted: " + ", ".join(_counted(view.counts)))


def _counted(counts: Any) -> list[str]:
    return [f"{count} {kind}" for kind, count in sorted(counts.items())]


def draw_kinds(console: Console, view: KindsListed) -> None:
    table = columns("command", "kind", "section", "scope")
    for noun, kind in view.kinds:
        table.add_row(noun, kind.name, plain(kind.section) if kind.section else plain("follows", "quiet"), kind.scope)
    console.print(table)


def draw_kind(console: Console, view: KindExplained) -> None:
    kind = view.kind
    console.print(plain(f"{kind.name}: {kind.title}", "head"))
    console.print(plain(f"  section   {kind.section or 'none of its own: it follows from other sections'}"))
    console.print(plain(f"  AWS page  {kind.docs}"))
    if view.versions:
        console.print(plain(f"  versions  {view.versions}"))
    if kind.section:
        _draw_fields(console, "In regions.json", kind.item.model_json_schema(by_alias=True).get("properties", {}))
    _draw_fields(console, "Values", kind.spec.model_json_schema().get("properties", {}), kind)
    console.print(plain("Calls", "head"))
    for call in sorted(kind.calls):
        console.print(plain(f"  {call}"))


def _draw_fields(console: Console, title: str, fields: dict[str, Any], kind: Kind[Any, Any] | None = None) -> None:
    table = columns("field", title=title)
    table.add_column("type", overflow="fold")
    table.add_column("notes", overflow="fold")
    for name, field in fields.items():
        notes = str(field.get("description", ""))
        if kind is not None and name in kind.spec.replace_on:
            notes = " ".join(["A change needs a new resource.", notes])
        table.add_row(name, _type(field), plain(notes))
    console.print(table)


INTERNAL = {"Ref", "Joined"}
"""How a value that another resource will have is written; to people it is that value."""


def _type(field: dict[str, Any]) -> str:
    if "const" in field:
        return str(field["const"])
    if "enum" in field:
        return " | ".join(str(value) for value in field["enum"])
    if "anyOf" in field:
        options = {_type(option) for option in field["anyOf"]} - INTERNAL
        return " | ".join(sorted(options - {"null"}))
    return str(field.get("type", field.get("$ref", "any"))).rpartition("/")[2]


def draw_exit(console: Console, view: ExitExplained) -> None:
    console.print(plain(f"exit {view.code}: {view.meaning}", "head"))
    if view.remedy:
        console.print(plain(f"  {view.remedy}"))


def draw_address(console: Console, view: AddressExplained) -> None:
    data = view.data
    console.print(plain(str(data["address"]), "head"))
    for name, value in data["wanted"].items():
        if value is not None:
            console.print(plain(f"  {name:22} {short(value, max(30, console.width - 26))}"))
    for title in ("needs", "needed_by"):
        if data[title]:
            console.print(plain(f"  {title.replace('_', ' ')}"))
            for address in data[title]:
                console.print(plain(f"    {address}"))
