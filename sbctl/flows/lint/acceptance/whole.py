"""The flow as a whole: its version, its size, its identifiers, where its branches lead, and the places of sbctl's placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sbctl.files.misfits import shown
from sbctl.files.positions import JsonPath
from sbctl.flows.language.facts import MODULE, document, flow_types
from sbctl.flows.lint.acceptance.block import Level
from sbctl.flows.lint.acceptance.spelling import did_you_mean, nearest
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.finding import Finding
from sbctl.flows.names.placeholders import KINDS, REGION_WORDS, Placeholder, placeholders

PAGE = "https://docs.aws.amazon.com/connect/latest/devguide/flow-language.html"
Numbered = Sequence[tuple[int, Mapping[str, Any]]]
"""Actions whose shape fits, with their index."""
HOLDERS = (dict, list)
NEARLY = 225
"""Actions from which on a flow is about to become too large."""


def head_findings(content: Mapping[str, Any], kind: str) -> Iterator[Finding]:
    """The version, the type, and members that a flow has not."""
    facts = document()
    if kind not in flow_types() and kind != MODULE:
        fix = did_you_mean(nearest(kind, flow_types()), f"Use one of {', '.join(sorted(flow_types()))}.")
        yield Finding("flow-type-unknown", "error", "", (), f"{shown(kind)} is not a flow type", fix, PAGE)
    version = content.get("Version")
    if version != facts["version"]:
        fix = f'Set "Version": "{facts["version"]}".'
        yield Finding("version", "error", "", ("Version",), f"Version is {shown(version)}", fix, PAGE)
    for name in content:
        if name not in facts["keys"] and not (name == "Settings" and kind == MODULE):
            near = nearest(name, facts["keys"])
            message = f"{name} is not a member of a flow"
            yield Finding(
                "near-miss" if near else "document-key",
                "warning",
                "",
                (name,),
                message,
                did_you_mean(near, "Remove it."),
                PAGE,
            )


def size_findings(content: Mapping[str, Any], kind: str, size: int) -> Iterator[Finding]:
    """How many actions and characters it has."""
    facts, count = document(), len(content["Actions"])
    if not count:
        fix = "Add at least one action, such as DisconnectParticipant."
        yield Finding("actions", "error", "", ("Actions",), "it has no actions", fix, PAGE)
    most, split = facts["max_actions"], "Split it into several flows."
    if count > most:
        message = f"it has {count} actions, and {most} are allowed"
        yield Finding("blocks", "error", "", ("Actions",), message, split, PAGE)
    elif count >= facts["console_export_blocks"]:
        message = f"it has {count} actions; the console exports and imports fewer than {facts['console_export_blocks']}"
        if count > NEARLY:
            message += f", and {most} are allowed"
        yield Finding("blocks", "warning", "", ("Actions",), message, split, PAGE)
    longest = facts["max_characters"]
    if size > longest:
        message = f"it has {size} characters, and {longest} are allowed"
        yield Finding("size", "error" if kind == MODULE else "warning", "", (), message, split, PAGE)


def identifier_findings(actions: Numbered) -> Iterator[Finding]:
    """Identifiers that AWS refuses, and a start that is no action."""
    facts = document()["identifier"]
    longest, forbidden, refused = facts["max"], facts["forbidden_characters"], facts["forbidden"]
    unwanted = frozenset(forbidden)
    seen: set[str] = set()
    for number, action in actions:
        name = action["Identifier"]
        path = ("Actions", number, "Identifier")
        if not 0 < len(name) <= longest or not unwanted.isdisjoint(name) or name in refused:
            fix = f"Use 1 to {longest} characters without {' '.join(forbidden)}."
            yield Finding("identifiers", "error", name, path, f"identifier {shown(name)} is not allowed", fix, PAGE)
        if name in seen:
            message = f"two actions have the identifier {shown(name)}"
            yield Finding("identifiers", "error", name, path, message, "Give each action its own.", PAGE)
        seen.add(name)


def start_findings(content: Mapping[str, Any], names: frozenset[str]) -> Iterator[Finding]:
    """A start that is missing, or is no action."""
    start = content.get("StartAction")
    if start not in names:
        message = "StartAction is missing" if start is None else f"StartAction {shown(start)} does not exist"
        fix = did_you_mean(nearest(str(start or ""), names), "Name the first action.")
        yield Finding("start", "error", "", ("StartAction",), message, fix, PAGE)


def target_findings(actions: Numbered, names: frozenset[str]) -> Iterator[Finding]:
    """Branches to actions that do not exist."""
    for number, action in actions:
        for path, target in _astray(action.get("Transitions") or {}, names):
            fix = did_you_mean(nearest(target, names), "Name an action of this flow.")
            message = f"it goes to {shown(target)}, which does not exist"
            place = ("Actions", number, "Transitions", *path, "NextAction")
            yield Finding("target", "error", action["Identifier"], place, message, fix, PAGE)


def _astray(transitions: Mapping[str, Any], names: frozenset[str]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each branch to none of these, with its place. A next action that is empty is a missing one."""
    following = transitions.get("NextAction")
    if following and following not in names:
        yield (), following
    for member in ("Errors", "Conditions"):
        for number, one in enumerate(transitions.get(member) or ()):
            if one["NextAction"] not in names:
                yield (member, number), one["NextAction"]


def placeholder_findings(actions: Numbered, around: Around) -> Iterator[Finding]:
    """Placeholders that stand for nothing. In an export they are text that callers may hear."""
    for path, block, found in _placeholders(actions):
        if found.kind not in KINDS and found.kind not in REGION_WORDS:
            known = ", ".join([*(f"${{{kind}:NAME}}" for kind in KINDS), *(f"${{{word}}}" for word in REGION_WORDS)])
            message, fix = f"${{{found.kind}}} is not a placeholder", f"Use one of {known}."
        elif found.kind in KINDS and not found.name:
            message, fix = f"{found.text} names nothing", f"Write {found.text[:-1]}:NAME}}."
        else:
            continue
        level: Level = "error" if around.has_placeholders else "warning"
        yield Finding("placeholder", level, block, path, message, fix)


def _placeholders(actions: Numbered) -> Iterator[tuple[JsonPath, str, Placeholder]]:
    """Each placeholder with the place of its text, and the identifier of its action."""
    for number, action in actions:
        texts: list[tuple[JsonPath, str]] = []
        _gather(action, ("Actions", number), texts)
        for path, text in texts:
            for found in placeholders({"Actions": [{"Text": text}]}):
                yield path, action["Identifier"], found


def _gather(value: Any, path: JsonPath, found: list[tuple[JsonPath, str]]) -> None:
    """Add the texts that may hold a placeholder. Most hold none: a path is made only for what does, or has members."""
    for name, one in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(one, str):
            if "${" in one:
                found.append(((*path, name), one))
        elif isinstance(one, HOLDERS):
            _gather(one, (*path, name), found)
