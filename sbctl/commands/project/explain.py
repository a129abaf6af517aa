"""`sbctl explain`: what a kind is, what an address would be, what an exit code means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.nouns import noun
from sbctl.cli.run import command
from sbctl.core.address import Address
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.values import refs, to_json
from sbctl.core.problem import EXITS, Exit, Problem
from sbctl.core.report import Report
from sbctl.core.text.alike import did_you_mean
from sbctl.ui.views import AddressExplained, ExitExplained, KindExplained, KindsListed

EPILOG = epilog_of(
    """
    sbctl explain                         all kinds
    sbctl explain connect_queue           or: sbctl explain queue
    sbctl explain connect_queue.us-west-2.support
    sbctl explain 4                       an exit code
    """,
    "0 done, 2 unknown",
)


@click.command(epilog=EPILOG)
@click.argument("topic", required=False, shell_complete=completions.topics)
@command("explain")
def explain(app: App, topic: str | None) -> Report:
    """Explain a kind, an address or an exit code."""
    if topic is None:
        rows = [{"kind": kind.name, "noun": noun(kind.name), "section": kind.section} for kind in app.kinds.values()]
        named = tuple((noun(kind.name), kind) for kind in app.kinds.values())
        return Report(command="explain", data={"kinds": rows}, view=KindsListed(named))
    if topic.isdecimal():
        return _exit(int(topic))
    if "." in topic:
        return _address(app, topic)
    kind = next((one for one in app.kinds.values() if topic in _topics(one)), None)
    return _kind(kind) if kind is not None else Report(command="explain", problems=(_unknown(app, topic),))


def _topics(kind: Kind[Any, Any]) -> Iterator[str]:
    """The words for a kind. Versions have none of their own, and are told with what they are of."""
    for name in (kind.name, noun(kind.name)):
        yield name
        if kind.versioned:
            yield from (f"{name}_version", f"{name}-version", f"{name}_versions", f"{name}-versions")


def _exit(code: int) -> Report:
    if code not in EXITS:
        return Report(command="explain", problems=(_no_such_exit(code),))
    meaning, remedy = EXITS[Exit(code)]
    data = {"exit": code, "meaning": meaning, "remedy": remedy}
    return Report(command="explain", data=data, view=ExitExplained(code, meaning, remedy))


def _no_such_exit(code: int) -> Problem:
    return Problem(
        code="unknown-exit",
        summary="sbctl has no such exit code",
        detail=str(code),
        at="the exit code",
        fix=f"There are {', '.join(str(int(known)) for known in EXITS)}.",
        exit=Exit.USAGE,
    )


def _kind(kind: Kind[Any, Any]) -> Report:
    data = {
        "kind": kind.name,
        "title": kind.title,
        "section": kind.section,
        "scope": kind.scope,
        "fields": kind.spec.model_json_schema().get("properties", {}),
        "item": kind.item.model_json_schema(by_alias=True).get("properties", {}) if kind.section else {},
        "replaced_by_a_change_of": sorted(kind.spec.replace_on),
        "versions": _versions(kind),
        "calls": sorted(kind.calls),
        "docs": kind.docs,
    }
    return Report(command="explain", data=data, view=KindExplained(kind, _versions(kind)))


def _versions(kind: Kind[Any, Any]) -> str:
    """Where the versions of a kind come from, and what is done with them; "" where AWS keeps none."""
    if not kind.versioned:
        return ""
    return (
        f"each deploy that changes {kind.versioned} makes one in its step; sbctl {noun(kind.name)} rollback NAME --list"
    )


def _address(app: App, topic: str) -> Report:
    wanted = {str(item.address): item for item in app.loaded.desired}
    try:
        item = wanted.get(str(Address.parse(topic)))
    except ValueError:
        item = None
    if item is None:
        fix = did_you_mean(topic.lower(), wanted, "sbctl plan -v lists them.")
        return Report(command="explain", problems=(_no_such(topic, fix),))
    needs = sorted({str(ref.address) for ref in refs(item.values)} | {str(address) for address in item.needs})
    needed_by = sorted(
        name for name, other in wanted.items() if any(r.address == item.address for r in refs(other.values))
    )
    data = {
        "address": str(item.address),
        "wanted": to_json(item.values),
        "needs": needs,
        "needed_by": needed_by,
        "docs": app.kinds[item.address.kind].docs,
    }
    return Report(command="explain", data=data, view=AddressExplained(data))


def _unknown(app: App, topic: str) -> Problem:
    names = [*app.kinds, *(noun(name) for name in app.kinds)]
    return Problem(
        code="unknown-kind",
        summary="There is no such kind",
        detail=topic,
        at="the topic",
        fix=did_you_mean(topic, names, "sbctl explain lists them."),
        exit=Exit.USAGE,
    )


def _no_such(topic: str, fix: str) -> Problem:
    return Problem(
        code="unknown-address",
        summary="The config wants no such address",
        detail=topic,
        at="the topic",
        fix=fix,
        exit=Exit.USAGE,
    )
