"""Flow files become documents, and documents become a region's flow."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sbctl.core.address import Joined, Ref
from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.project import Region
from sbctl.flows.lint.refusals import refusals
from sbctl.flows.names.render import render
from sbctl.flows.reading.load import project_flows
from tests.unit.flows.loading import load_flows

WEST = Region(name="US-West-2", region="us-west-2", is_primary=False, priority=2)
BUILT = "from sbctl.flows.builder import FlowBuilder\nFLOW = FlowBuilder({name!r}).disconnect()\n"
ENDS = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
CONTENT = {"Version": "2019-10-30", "StartAction": "end", "Actions": [ENDS]}


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(SbctlError) as caught:
        load_flows(folder)
    return caught.value.problems


def filled(text: str) -> object:
    """What a text becomes in us-west-2."""
    content = {"Actions": [{"Identifier": "a", "Parameters": {"List": [text]}}]}
    return render(FlowDocument("F", "CONTACT_FLOW", "", content, "f"), WEST)["Actions"][0]["Parameters"]["List"][0]


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("${queue:VIP Sales}", "connect_queue.us-west-2.vip-sales#arn"),
        ("${flow:AfterHours}", "connect_flow.us-west-2.afterhours#arn"),
        ("${hours:24x7}", "connect_hours.us-west-2.24x7#arn"),
        ("${lambda:customer_lookup}", "lambda_function.us-west-2.customer_lookup#arn"),
    ],
)
def test_a_whole_placeholder_is_a_reference(text: str, ref: str) -> None:
    """A text that is one placeholder becomes a reference to the region's own resource."""
    assert filled(text) == Ref.parse(ref)


def test_a_placeholder_in_a_text_is_joined() -> None:
    """Text round a placeholder stays, and several placeholders are kept in order."""
    queue = Ref.parse("connect_queue.us-west-2.sales#arn")
    assert filled("to ${queue:Sales} in ${region}") == Joined(parts=("to ", queue, " in ", "us-west-2"))
    assert filled("${queue:Sales}${queue:Sales}") == Joined(parts=(queue, queue))


def test_the_regions_names_are_filled_in() -> None:
    """Region words become plain text; what is no placeholder stays."""
    assert filled("${region}: ${region-name}, $.External.tier") == "us-west-2: US-West-2, $.External.tier"


def test_an_unknown_placeholder_is_a_problem() -> None:
    """A kind of placeholder that does not exist is refused with the ones that do."""
    with pytest.raises(SbctlError) as caught:
        filled("${colour:red}")
    assert caught.value.problems[0].code == "unknown-placeholder"


def test_wrappers_exports_and_builders_are_read(tmp_path: Path) -> None:
    """A wrapper names its flow, an export is called as its file, a Python file gives its builders."""
    (tmp_path / "a.json").write_text(json.dumps({"name": "Wrapped", "type": "CUSTOMER_QUEUE", "content": CONTENT}))
    (tmp_path / "Export.json").write_text(json.dumps(CONTENT))
    (tmp_path / "b.py").write_text(BUILT.format(name="Built"))
    found = load_flows(tmp_path)
    assert {name: flow.type for name, flow in found.items()} == {
        "Wrapped": "CUSTOMER_QUEUE",
        "Export": "CONTACT_FLOW",
        "Built": "CONTACT_FLOW",
    }
    assert load_flows(tmp_path / "none") == {}


def test_a_projects_export_has_the_type_of_its_metadata(tmp_path: Path) -> None:
    """Whatever its blocks suggest it is an inbound flow where nothing is stated; what it is deployed as is no draft."""
    hold = {"Identifier": "end", "Type": "EndFlowExecution", "Parameters": {}, "Transitions": {}}
    stated = {**CONTENT, "Metadata": {"type": "customerHold", "status": "saved"}, "Actions": [hold]}
    (tmp_path / "Stated.json").write_text(json.dumps(stated))
    (tmp_path / "Silent.json").write_text(json.dumps({**CONTENT, "Actions": [hold]}))
    files, _ = project_flows(tmp_path)
    assert [(file.document.name, file.document.type, file.type_from, file.status) for file in files] == [
        ("Silent", "CONTACT_FLOW", "guessed", "PUBLISHED"),
        ("Stated", "CUSTOMER_HOLD", "metadata", "PUBLISHED"),
    ]


def test_every_fault_of_every_file_is_told_with_its_line(tmp_path: Path) -> None:
    """Bad JSON, a failing Python file, a syntax error and files without flows are all in one error."""
    (tmp_path / "a.json").write_text('{\n  "name": \n}')
    (tmp_path / "b.py").write_text("one = 1\ntwo = one / 0\n")
    (tmp_path / "c.py").write_text("one = 1\n\ntwo = (\n")
    (tmp_path / "d.json").write_text("[]")
    (tmp_path / "e.py").write_text("FLOW = 5\n")
    (tmp_path / "f.json").write_bytes(b"\xff")
    found = problems(tmp_path)
    assert [Path(problem.at).name for problem in found] == [
        "a.json:3",
        "b.py:2",
        "c.py:3",
        "d.json",
        "e.py",
        "f.json:1",
    ]
    assert "ZeroDivisionError" in found[1].detail


@pytest.mark.parametrize(
    ("name", "content", "line", "said", "fix"),
    [
        ("a.json", b'{\n"Version": "\xfc"}', 2, "line 2 is not in UTF-8", "Save it as UTF-8."),
        ("a.json", b"\xff\xfe{\x00}\x00", 1, "it is in UTF-16, not in UTF-8", "Save it as UTF-8."),
        ("a.py", b'one = 1\ntwo = "\xfc"\n', 2, "line 2 is not in UTF-8", "Save it as UTF-8."),
        ("a.json", b'{\n"Version": NaN}', 2, "NaN is not JSON", "Correct the JSON."),
        (
            "a.json",
            b'{"content": {\n"Actions": [\n{"Identifier": "a", "Type": "b",\n"Parameters": []}]}}',
            4,
            "Actions[0].Parameters: [] is a list, and the field takes an object",
            "Write an object: { … }.",
        ),
    ],
)
def test_a_fault_has_its_line_and_no_word_of_python(
    tmp_path: Path, name: str, content: bytes, line: int, said: str, fix: str
) -> None:
    """Encodings, numbers that JSON does not have, and values of another type."""
    (tmp_path / name).write_bytes(content)
    (problem,) = problems(tmp_path)
    assert (problem.at, problem.detail, problem.fix) == (f"{tmp_path / name}:{line}", said, fix)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.symlink_to("nowhere.py"), "it is a link to nowhere.py, which does not exist"),
        (lambda path: path.symlink_to(path.name), "it is a link that leads back to itself"),
        (os.mkfifo, "it is a FIFO (named pipe), not a regular file"),
        (Path.mkdir, "it is a folder, not a regular file"),
    ],
)
@pytest.mark.parametrize("name", ["a.py", "a.json"])
def test_what_is_no_file_is_named(tmp_path: Path, name: str, make: Callable[[Path], None], said: str) -> None:
    """In words, without the name of a class or a number of an error."""
    make(tmp_path / name)
    (problem,) = problems(tmp_path)
    assert problem.detail == said


@pytest.mark.parametrize(
    "python",
    [
        "FLOWS = 5\n",
        "FLOWS = None\n",
        "raise SystemExit(1)\n",
        "raise BaseException('odd')\n",
        "raise GeneratorExit\n",
        "class Silent(Exception):\n    def __str__(self):\n        raise ValueError\n\nraise Silent\n",
        "FLOW = None\n",
    ],
)
def test_a_python_file_of_another_form_is_a_problem(tmp_path: Path, python: str) -> None:
    """Whatever a Python file assigns or raises, the file is named."""
    (tmp_path / "a.py").write_text(python)
    assert [Path(problem.at).name.split(":")[0] for problem in problems(tmp_path)] == ["a.py"]


def test_two_files_with_one_flow_are_refused(tmp_path: Path) -> None:
    """A name that two files define is told with both files."""
    (tmp_path / "a.py").write_text(BUILT.format(name="Same"))
    (tmp_path / "b.py").write_text(BUILT.format(name="Same"))
    (problem,) = problems(tmp_path)
    assert problem.code == "flow-twice"
    assert "a.py" in problem.detail
    assert "b.py" in problem.detail


def test_the_projects_own_flows_have_no_findings() -> None:
    """The flows that come with the project are accepted."""
    found = load_flows(Path(__file__).parents[3] / "flows")
    assert found
    assert [problem.detail for flow in found.values() for problem in refusals(flow)] == []
