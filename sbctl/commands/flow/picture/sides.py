"""The sides of `flow diff`: a content of a flow from a file, from git, or from AWS, with names in place of ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sbctl.app import App
from sbctl.cli.scope import known_region
from sbctl.commands.deploy.apply_flow import check_account
from sbctl.commands.flow.picture.found import flow_at, flows_folder, is_path, only
from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import Record
from sbctl.core.text.slug import meant
from sbctl.flows.language.facts import MODULE
from sbctl.flows.names.placeholders import KINDS, placeholder
from sbctl.flows.names.reverse import as_before, unrendered
from sbctl.flows.names.words import Words
from sbctl.flows.reading.read import read_flows
from sbctl.resources.content.flow_sides import Version, content_in

HELP = "file, git:REV, region:R, draft[:R], published[:R], or a path"
LIVE = ("published", "draft", "region")


@dataclass(frozen=True)
class Side:
    """A content with the words that name it, and where it is from."""

    said: str
    flow: str
    at: str
    content: Any


def side_of(app: App, name: str, said: str) -> Side:
    """The side that an option names. Raises SbctlError where there is none of the kind, or nothing in it."""
    word, _, rest = said.partition(":")
    if said == "file":
        file = flow_at(app, name)
        return Side(said, file.document.name, file.file, file.document.content)
    if word == "git" and rest:
        return _at_revision(app, name, rest)
    if word in LIVE and not (word == "region" and not rest):
        return _live(app, name, said, rest, "draft" if word == "draft" else "published")
    if is_path(said):
        file = only(*read_flows([said], flows_folder=flows_folder(app), lenient=True), said)
        return Side(said, file.document.name, file.file, file.document.content)
    raise SbctlError(_unknown(said))


def _at_revision(app: App, name: str, revision: str) -> Side:
    from sbctl.commands.flow.picture.at_revision import flows_at  # archives take a moment to load

    file = flow_at(app, name)
    found = flows_at(app.project_folder, Path(file.file), revision)
    flow = next((one for one in found if one.document.name.lower() == file.document.name.lower()), None)
    if flow is None:
        names = ", ".join(one.document.name for one in found) or "no flow"
        raise SbctlError(
            _problem("flow-not-at-revision", "The revision does not have the flow", f"{revision} has {names}", revision)
        )
    return Side(f"git:{revision}", flow.document.name, f"{file.file} at {revision}", flow.document.content)


def _live(app: App, name: str, said: str, region: str, version: Version) -> Side:
    project = app.loaded.project
    flow = _document(app, name)
    chosen = known_region(project, region, said) if region else project.primary.region
    refused = check_account(app)
    if refused:
        raise SbctlError(*refused)
    record = _record(app, flow, chosen)
    words = Words(dict(_names(app, chosen)), chosen, project.account)
    tree = unrendered(_content(app, record, version), chosen, words)
    content = as_before(tree, flow.content, project.region(chosen))
    return Side(said, flow.name, f"{version} in {chosen}", content)


def _document(app: App, name: str) -> FlowDocument:
    project = app.loaded.project
    flows = {flow.name.lower(): flow for flow in (*project.modules.values(), *project.flows.values())}
    return flows[name.lower()] if name.lower() in flows else flow_at(app, name).document


def _record(app: App, flow: FlowDocument, region: str) -> Record:
    kind = "connect_flow_module" if flow.type == MODULE else "connect_flow"
    address = app.kinds[kind].address(region, flow.name)
    record = app.session.known().get(address)
    if record is None or "id" not in record.ids:
        detail = f"{address} is not in the state"
        fix = f"Deploy it first: {app.call} flow apply --region {region}"
        raise SbctlError(_problem("flow-not-deployed", "The flow is not deployed in the region", detail, said_fix=fix))
    return record


def _content(app: App, record: Record, version: Version) -> dict[str, Any]:
    aws = app.clients.standard.read_only
    try:
        found = content_in(aws, record.at.region, record.at.kind, record.ids, version)
    except ValueError as error:
        raise SbctlError(
            _problem("flow-unreadable", "The content in AWS is no JSON", str(error), record.address)
        ) from error
    if not isinstance(found, dict):
        detail = "there is none" if found is None else "it is no JSON object"
        raise SbctlError(_problem("flow-no-content", f"The flow has no {version} content", detail, record.address))
    return found


def _names(app: App, region: str) -> Iterator[tuple[str, str]]:
    """(id or ARN, placeholder) of what the state knows in the region."""
    project = app.loaded.project
    words = {kind: word for word, (kind, _) in KINDS.items()}
    for record in app.session.known().records.values():
        word = words.get(record.at.kind)
        if word is None or record.at.region != region:
            continue
        names = project.names(app.kinds[record.at.kind].section) | _own_names(app, word)
        name = meant(sorted(names), record.at.name)
        if name is not None:
            own = {**record.outputs, **record.ids}
            yield from ((str(own[key]), placeholder(word, name)) for key in ("id", "arn") if key in own)


def _own_names(app: App, word: str) -> frozenset[str]:
    """Names that the config need not list: those of the files in flows/, and of functions."""
    project = app.loaded.project
    return frozenset({"flow": project.flows, "module": project.modules, "lambda": project.packages}.get(word, ()))


def _unknown(said: str) -> Problem:
    return _problem("unknown-side", "There is no such side", said, "--from, --to", said_fix=f"Choose one of {HELP}.")


def _problem(code: str, summary: str, detail: str, place: str = "sbctl flow diff", said_fix: str = "") -> Problem:
    return Problem(
        code=code,
        summary=summary,
        detail=detail,
        at=place,
        fix=said_fix or f"Choose another side: {HELP}.",
        exit=Exit.USAGE,
    )
