"""`sbctl drift --accept`: shows what would be written into which files, asks, and writes. AWS is not touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sbctl.app import App
from sbctl.cli.confirm import DECLINED, confirm, may_ask
from sbctl.core.problem import Exit, Problem
from sbctl.core.project_files import REGIONS_FILE
from sbctl.core.report import Report
from sbctl.desired.load import Loaded, load_project
from sbctl.engine.drift.accept import accept
from sbctl.engine.drift.config_edit import ConfigEdit, Refusal
from sbctl.engine.drift.config_edits import Amended, Load, amended, place_of, write
from sbctl.engine.drift.detect import Drifted
from sbctl.engine.session import Planned
from sbctl.files.positions import dotted, read_json
from sbctl.ui.invocation import as_drawn
from sbctl.ui.render import show_view
from sbctl.ui.views import AcceptShown


def accepted(app: App, planned: Planned, found: tuple[Drifted, ...], report: Report) -> Report:
    """Take what drifted into the config; what cannot be said there is a problem of its own, exit code 4."""
    if not found:
        return report
    config, flows = app.settings.config, app.project_folder / "flows"
    written = read_json(config / REGIONS_FILE).data
    changes = accept(app.kinds, app.session.project, planned.seen, found, written)
    result = amended(config, flows, changes, loader(app))
    rows = [_row(one, config) for one in result.done]
    data = {**report.data, "accepted": rows, "not_expressible": [_refused(one) for one in result.refused]}
    problems = (*report.problems, *map(_problem, result.refused))
    if not result.done:
        return replace(report, data=data, problems=problems)
    # Who is asked sees what cannot be written before it; the problems at the end say it to everybody.
    shown = AcceptShown(tuple(rows), tuple(data["not_expressible"]) if may_ask(app.settings) else ())
    show_view(as_drawn(app.shown(shown), app.invocation), app.settings.output)
    if not confirm(app.settings, app.listen, _question(result)):
        return replace(report, data={**data, "accepted": []}, problems=(*problems, DECLINED))
    write(result)
    return Report(command="drift", data=data, problems=problems, view=AcceptShown(tuple(rows), done=True))


def loader(app: App) -> Load:
    """Loads the project from other folders than its own."""
    kinds, functions, prompts = (
        tuple(app.kinds.values()),
        app.project_folder / "lambdas",
        app.project_folder / "prompts",
    )

    def load(config: Path, flows: Path) -> Loaded:
        return load_project(config, kinds, flows, functions, prompts_folder=prompts)

    return load


def _question(result: Amended) -> str:
    values, files = len(result.done), len(result.files)
    return f"Write {values} value{_s(values)} into {files} file{_s(files)}?"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _row(one: ConfigEdit, config: Path) -> dict[str, Any]:
    return {
        "at": place_of(one, config),
        "path": dotted(one.path),
        "before": one.before,
        "after": one.value,
        "addresses": list(one.addresses),
    }


def _refused(one: Refusal) -> dict[str, Any]:
    return {"addresses": list(one.addresses), "field": one.field, "reason": one.reason}


def _problem(one: Refusal) -> Problem:
    return Problem(
        code="not-expressible",
        summary="This drift cannot be taken into the config",
        detail=f"{one.field}: {one.reason}" if one.field else one.reason,
        at=", ".join(one.addresses),
        fix=f"Put it back with sbctl drift --revert, or {one.instead or 'change the config by hand'}.",
        exit=Exit.PARTIAL,
    )
