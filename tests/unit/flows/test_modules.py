"""Flow modules as files: where they stand, what they may hold, and how deep they run each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import SbctlError
from sbctl.flows.lint.nesting import nesting
from sbctl.flows.lint.refusals import refusals
from tests.unit.flows.loading import load_flows, load_modules

BUILT = 'from sbctl.flows.builder import FlowBuilder\nFLOW = FlowBuilder("Say", type="MODULE").end_module()\n'


def content(kind: str = "MessageParticipant", end: str = "EndFlowModuleExecution", **parameters: str) -> dict[str, Any]:
    """Content of one action and an end."""
    errors = [] if kind == "MessageParticipant" else [{"ErrorType": "NoMatchingError", "NextAction": "end"}]
    following = {"NextAction": "end", "Errors": errors}
    does = {"Identifier": "do", "Type": kind, "Parameters": parameters, "Transitions": following}
    ends = {"Identifier": "end", "Type": end, "Parameters": {}, "Transitions": {}}
    return {"Version": "2019-10-30", "StartAction": "do", "Actions": [does, ends]}


def module(name: str, *runs: str) -> FlowDocument:
    """A module that runs others."""
    actions = [
        {"Identifier": f"a{number}", "Parameters": {"P": f"${{module:{run}}}"}} for number, run in enumerate(runs)
    ]
    return FlowDocument(name, "MODULE", "", {"Actions": actions}, f"flows/modules/{name}.json")


def chains(*modules: FlowDocument) -> list[str]:
    return [problem.detail for problem in nesting({one.name: one for one in modules})]


def lint(tree: dict[str, Any], kind: str = "MODULE") -> list[str]:
    return [problem.detail for problem in refusals(FlowDocument("Say", kind, "", tree, "f"))]


def test_modules_have_a_folder_of_their_own(tmp_path: Path) -> None:
    """A flow and a module may share a name, since each is read from its own folder; settings come with the module."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "Say.json").write_text(json.dumps(content(end="DisconnectParticipant", Text="a")))
    settings = {"InputParameters": ["x"]}
    (tmp_path / "modules" / "Say.json").write_text(json.dumps({"content": content(Text="a"), "settings": settings}))
    assert {name: one.type for name, one in load_flows(tmp_path).items()} == {"Say": "CONTACT_FLOW"}
    (found,) = load_modules(tmp_path).values()
    assert (found.name, found.type, found.settings) == ("Say", "MODULE", settings)


def test_what_the_console_exports_holds_settings_in_its_content(tmp_path: Path) -> None:
    """They are taken out of the content, which is then compared without them."""
    (tmp_path / "modules").mkdir()
    export = {**content(Text="a"), "Settings": {"Transitions": []}}
    (tmp_path / "modules" / "Say.json").write_text(json.dumps(export))
    found = load_modules(tmp_path)["Say"]
    assert (found.settings, "Settings" in found.content) == ({"Transitions": []}, False)


def test_a_built_module_belongs_in_the_folder_of_modules(tmp_path: Path) -> None:
    """There it is read; among the flows it is a problem."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "say.py").write_text(BUILT)
    assert refusals(load_modules(tmp_path)["Say"]) == []
    (tmp_path / "say.py").write_text(BUILT)
    with pytest.raises(SbctlError, match="cannot be read"):
        load_flows(tmp_path)


def test_modules_hold_every_block() -> None:
    """What a calling flow does not support takes its error branch there; a module's end has no place in a flow."""
    assert lint(content(Text="a")) == []
    assert lint(content("TransferToFlow", ContactFlowId="${flow:Main}")) == []
    assert lint(content(end="EndFlowExecution", Text="a")) == []
    assert lint(content(Text="a"), "CONTACT_FLOW") != []


def test_every_flow_runs_modules() -> None:
    """The two guides of AWS disagree about queue flows, so it is no error there."""
    runs = content("InvokeFlowModule", "DisconnectParticipant", FlowModuleId="${module:Say}")
    assert lint(runs, "CONTACT_FLOW") == lint(runs) == lint(runs, "CUSTOMER_QUEUE") == []


def test_five_levels_and_no_circle() -> None:
    """A sixth level and a module that comes to itself again are named with the way that leads there."""
    line = [module(name, after) for name, after in zip("abcde", "bcdef", strict=True)]
    assert chains(*line[1:], module("f")) == []
    assert chains(*line, module("f")) == ["module a: a → b → c → d → e → f"]
    assert chains(module("a", "b"), module("b", "a")) == ["module a: a → b → a", "module b: b → a → b"]
    assert chains(module("a", "a")) == ["module a: a → a"]
    assert chains(module("x", "a", "a"), module("a")) == []
