"""Flows are read from whatever holds them, and what cannot be read is told with its line and hides nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.problem import Exit, Problem
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.load import unread_folders
from sbctl.flows.reading.read import named_twice, read_flows

ENDS = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
CONTENT: dict[str, Any] = {"Version": "2019-10-30", "StartAction": "end", "Actions": [ENDS]}
TEXT = json.dumps(CONTENT)
BUILT = "from sbctl.flows.builder import FlowBuilder\nFLOW = FlowBuilder('Built').disconnect()\n"


def read(*paths: Path | str, **options: Any) -> tuple[list[FlowFile], list[Problem]]:
    return read_flows(paths, **options)


def of(folder: Path, tree: Any, name: str = "f.json") -> list[FlowFile]:
    """The flows of a file with this value; nothing is wrong with it."""
    (folder / name).write_text(json.dumps(tree))
    files, problems = read(folder / name)
    assert problems == []
    return files


WRAPPERS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "export": (CONTENT, [("f", "CONTACT_FLOW")]),
    "own": ({"name": "W", "type": "AGENT_HOLD", "content": CONTENT}, [("W", "AGENT_HOLD")]),
    "flow": ({"ContactFlow": {"Name": "D", "Type": "CUSTOMER_HOLD", "Content": TEXT}}, [("D", "CUSTOMER_HOLD")]),
    "console's type": ({"name": "W", "type": "queueTransfer", "content": CONTENT}, [("W", "QUEUE_TRANSFER")]),
    "module": ({"ContactFlowModule": {"Name": "M", "Content": TEXT, "Settings": "{}"}}, [("M", "MODULE")]),
    "content": ({"Content": TEXT, "Description": None}, [("f", "CONTACT_FLOW")]),
    "content as a value": ({"Content": CONTENT}, [("f", "CONTACT_FLOW")]),
    "list": (
        [{"Content": TEXT}, {"ContactFlow": {"Name": "D", "Type": "AGENT_HOLD", "Content": TEXT}}, CONTENT],
        [("f 1", "CONTACT_FLOW"), ("D", "AGENT_HOLD"), ("f 3", "CONTACT_FLOW")],
    ),
    "answer of a search": (
        {"ContactFlows": [{"Name": "S", "Type": "AGENT_HOLD", "Content": TEXT}, {"Name": "without"}]},
        [("S", "AGENT_HOLD")],
    ),
    "resource": (
        {"Type": "AWS::Connect::ContactFlow", "Properties": {"Name": "C", "Type": "AGENT_HOLD", "Content": TEXT}},
        [("C", "AGENT_HOLD")],
    ),
    "template": (
        {
            "Resources": {
                "A": {"Type": "AWS::Connect::ContactFlow", "Properties": {"Name": "A", "Content": {"Fn::Sub": TEXT}}},
                "B": {"Type": "AWS::Connect::ContactFlowModule", "Properties": {"Name": "B", "Content": TEXT}},
                "Q": {"Type": "AWS::Connect::Queue", "Properties": {"Name": "Q"}},
            }
        },
        [("A", "CONTACT_FLOW"), ("B", "MODULE")],
    ),
}


@pytest.mark.parametrize(("tree", "expected"), WRAPPERS.values(), ids=WRAPPERS.keys())
def test_whatever_holds_flows_is_read(tmp_path: Path, tree: Any, expected: list[tuple[str, str]]) -> None:
    """By what its wrapper states, else by the file's name."""
    files = of(tmp_path, tree)
    assert [(file.document.name, file.document.type) for file in files] == expected
    assert all(file.document.content == CONTENT for file in files)


@pytest.mark.parametrize(
    ("metadata", "types", "expected", "where"),
    [
        ({"type": "customerQueue"}, [], "CUSTOMER_QUEUE", "metadata"),
        ({"type": "AGENT_HOLD"}, [], "AGENT_HOLD", "metadata"),
        ({"type": "new"}, [], "CONTACT_FLOW", "guessed"),
        (7, [], "CONTACT_FLOW", "guessed"),
        ({}, ["EndFlowModuleExecution"], "MODULE", "guessed"),
        ({}, ["DequeueContactAndTransferToQueue", "MessageParticipantIteratively"], "CUSTOMER_QUEUE", "guessed"),
        ({}, ["MessageParticipantIteratively"], "CUSTOMER_HOLD", "guessed"),
        ({}, ["MessageParticipantIteratively", "CreateCallbackContact"], "CUSTOMER_QUEUE", "guessed"),
        ({}, ["CompleteOutboundCall"], "OUTBOUND_WHISPER", "guessed"),
        ({}, ["TransferContactToAgent"], "QUEUE_TRANSFER", "guessed"),
        ({}, ["EndFlowExecution"], "CUSTOMER_WHISPER", "guessed"),
        ({}, ["EndFlowExecution", "DisconnectParticipant"], "CONTACT_FLOW", "guessed"),
    ],
)
def test_the_type_of_an_export(tmp_path: Path, metadata: Any, types: list[str], expected: str, where: str) -> None:
    """By the console's Metadata, else by the blocks; a guess is told as one."""
    actions = [{"Identifier": kind, "Type": kind} for kind in types]
    (file,) = of(tmp_path, {**CONTENT, "Metadata": metadata, "Actions": actions})
    assert (file.document.type, file.type_from, bool(file.note)) == (expected, where, where == "guessed")


@pytest.mark.parametrize(
    ("tree", "status"),
    [
        ({**CONTENT, "Metadata": {"status": "saved"}}, "SAVED"),
        ({**CONTENT, "Metadata": {"status": "DRAFT"}}, "SAVED"),
        ({**CONTENT, "Metadata": {"status": "published"}}, "PUBLISHED"),
        ({"ContactFlow": {"Status": "SAVED", "Content": TEXT}}, "SAVED"),
        ({"name": "x", "status": "PUBLISHED", "content": {**CONTENT, "Metadata": {"status": "saved"}}}, "PUBLISHED"),
    ],
)
def test_the_status_of_a_flow(tmp_path: Path, tree: Any, status: str) -> None:
    """By its wrapper, else by the console's Metadata."""
    assert [file.status for file in of(tmp_path, tree)] == [status]


def test_places_are_lines_and_columns_of_the_file(tmp_path: Path) -> None:
    """Also with Windows line ends and a byte order mark; JSON in a text stands on the line of its member."""
    (tmp_path / "a.json").write_bytes(
        b'\xef\xbb\xbf{"content": {\r\n "StartAction": "a",\r\n "Actions": [\r\n  {"Identifier": "a", "Type": "b"}]}}'
    )
    (tmp_path / "b.json").write_text(json.dumps({"Name": "x", "Content": TEXT}, indent=1))
    (tmp_path / "c.py").write_text(BUILT)
    files, problems = read(*(tmp_path / name for name in ("a.json", "b.json", "c.py")))
    assert problems == []
    at = [file.at(("Actions", 0, "Type")).removeprefix(f"{tmp_path}/") for file in files]
    assert at == ["a.json:4:23", "b.json:3:2", "c.py"]


BAD: dict[str, tuple[bytes, str, str]] = {
    "no JSON": (b'{\n"Actions": [}', ":2", "Expecting value"),
    "no UTF-8": (b'{\n\n"Version": "\xfc"}', ":3", "line 3 is not in UTF-8"),
    "empty": (b"", ":1", "Expecting value"),
    "no flow": (b"{}", "", "it holds no flow"),
    "a number": (b"5", "", "it holds no flow"),
    "no actions": (b'{"Version": "2019-10-30", "StartAction": "a"}', ":1", "Actions: is required"),
    "too deep": (b'{"Actions":\n' + b"[" * 200 + b"]" * 200 + b"}", ":2", "more than 100 deep"),
    "a key twice": (b'{"Actions": [],\n"Version": "a",\n"Version": "b"}', ":3", "'Version' stands twice"),
    "start an object": (b'{"Actions": [],\n"StartAction": {}}', ":2", "StartAction: {} is an object"),
    "actions an object": (b'{\n"Actions": {}}', ":2", "Actions: {} is an object"),
    "an action that is none": (b'{"Actions": [\n5]}', ":2", "Actions[0]: 5 is a number"),
    "wrapper in a wrapper": (
        json.dumps({"name": "a", "content": {"ContactFlow": {"Content": TEXT}}}, indent=1).encode(),
        ":3",
        "a wrapper in a wrapper",
    ),
    "text that is no JSON": (b'{"Name": "a",\n"Content": "{"}', ":2", "its content is no JSON text"),
    "a name that is none": (b'{"Name": 5,\n"Content": "{}"}', ":2", "it holds no flow"),
    "old": (
        b'{"modules": [{"type": "PlayPrompt"}],\n"version": "1", "start": "a"}',
        ":1",
        "PlayPrompt is MessageParticipant",
    ),
    "an intrinsic function": (
        b'{"Properties": {"Content":\n{"Fn::GetAtt": ["a", "b"]}}}',
        ":1",
        "Fn::GetAtt, which only CloudFormation",
    ),
}


@pytest.mark.parametrize(("content", "line", "said"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_told_and_the_others_are_read(tmp_path: Path, content: bytes, line: str, said: str) -> None:
    """With its line, and with the exit code of wrong input."""
    (tmp_path / "a.json").write_bytes(content)
    (tmp_path / "b.json").write_text(TEXT)
    files, problems = read(tmp_path / "a.json", tmp_path / "b.json")
    assert [file.document.name for file in files] == ["b"]
    (problem,) = problems
    assert problem.at == f"{tmp_path}/a.json{line}"
    assert said in problem.detail
    assert problem.exit == Exit.USAGE
    assert problem.fix


def test_one_bad_flow_of_a_file_hides_no_other_of_it(tmp_path: Path) -> None:
    """A list is read flow by flow."""
    (tmp_path / "a.json").write_text(json.dumps([{"Content": "{"}, {"Content": TEXT}]))
    files, problems = read(tmp_path / "a.json")
    assert (len(files), len(problems)) == (1, 1)


def test_a_lenient_reader_gets_flows_with_their_misfits(tmp_path: Path) -> None:
    """What does not fit is told with its path."""
    (tmp_path / "a.json").write_text(json.dumps({**CONTENT, "StartAction": {}}))
    files, problems = read(tmp_path / "a.json", lenient=True)
    assert problems == []
    assert [one.path for file in files for one in file.misfits] == [("StartAction",)]


def test_folders_patterns_and_standard_input(tmp_path: Path) -> None:
    """A folder is read to its end, without hidden files; what holds no flow is passed over with a note."""
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("a.json", "sub/b.json", ".hidden.json", ".git/c.json"):
        (tmp_path / name).write_text(TEXT)
    (tmp_path / "package.json").write_text("{}")
    files, problems = read(tmp_path)
    assert [file.document.name for file in files] == ["a", "b"]
    assert [(one.code, one.exit) for one in problems] == [("flow-passed-over", Exit.DONE)]
    files, problems = read(f"{tmp_path}/**/[ab].json", tmp_path / "a.json", "-", stdin=lambda: TEXT.encode())
    assert [file.document.name for file in files] == ["a", "b", "flow"]
    assert (problems, files[-1].at()) == ([], "<stdin>:1:1")


VIEW = {"Head": {"Title": "Survey"}, "Template": {"Type": "Form"}, "Actions": ["Submit"]}
OTHERS: dict[str, Any] = {
    "view": VIEW,
    "view without actions": {"Template": {}, "Actions": []},
    "view as it is created": {"Name": "survey", "Status": "PUBLISHED", "Content": VIEW},
    "view as it is described": {"View": {"Name": "survey", "Content": VIEW}},
    "trigger of another service": {"Name": "nightly", "Actions": [{"JobName": "copy"}]},
    "list of names": {"Actions": ["connect:DescribeContactFlow"]},
}
"""What lies beside flows, and has actions of another sort."""


@pytest.mark.parametrize("tree", OTHERS.values(), ids=OTHERS.keys())
def test_actions_of_another_sort_are_no_flow(tmp_path: Path, tree: Any) -> None:
    """A folder with views and flows is linted without false errors."""
    (tmp_path / "a.json").write_text(TEXT)
    (tmp_path / "other.json").write_text(json.dumps(tree))
    files, problems = read(tmp_path, lenient=True)
    assert [file.document.name for file in files] == ["a"]
    assert [one.code for one in problems] == ["flow-passed-over"]


@pytest.mark.parametrize("left_out", ["Version", "StartAction", "Actions"])
def test_a_flow_that_lacks_a_member_is_still_one(tmp_path: Path, left_out: str) -> None:
    """So that the linter tells what is missing."""
    tree = {name: value for name, value in CONTENT.items() if name != left_out}
    (tmp_path / "f.json").write_text(json.dumps(tree))
    assert len(read(tmp_path, lenient=True)[0]) == 1


@pytest.mark.parametrize("path", ["none.json", "none/*.json", "empty"])
def test_a_path_that_names_nothing_is_a_problem(tmp_path: Path, path: str) -> None:
    """A mistyped path must not look like sound flows."""
    (tmp_path / "empty").mkdir()
    files, problems = read(tmp_path / path)
    assert (files, [one.exit for one in problems]) == ([], [Exit.USAGE])


def test_python_files_are_run_when_they_are_named_or_in_a_project(tmp_path: Path) -> None:
    """Elsewhere a folder's Python files are nobody's to run; those that build flows are told."""
    (tmp_path / "a.py").write_text(BUILT)
    (tmp_path / "other.py").write_text("raise SystemExit\n")
    files, problems = read(tmp_path)
    assert (files, [one.code for one in problems]) == ([], ["flow-passed-over"])
    assert [file.document.name for file in read(tmp_path / "a.py")[0]] == ["Built"]
    (tmp_path / "other.py").unlink()
    assert [file.document.name for file in read(tmp_path, flows_folder=tmp_path)[0]] == ["Built"]


def test_folders_among_a_projects_flows_are_told(tmp_path: Path) -> None:
    """Their flows would never be deployed, and nobody would know. What holds no flows is no matter."""
    for name in ("sales/a.json", "modules/m.json", "data/x.csv", ".git/b.json", "lib/helper.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(TEXT)
    (tmp_path / "link").symlink_to(tmp_path.parent)
    notes = unread_folders(tmp_path)
    assert [(one.at, one.exit) for one in notes] == [(str(tmp_path / name), Exit.DONE) for name in ("link", "sales")]
    assert unread_folders(tmp_path / "none") == []


def test_what_a_python_file_prints_is_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output is for the command's own data, such as JSON; what the file says goes to standard error."""
    (tmp_path / "a.py").write_text(f"print('building')\n{BUILT}")
    assert [file.document.name for file in read(tmp_path / "a.py")[0]] == ["Built"]
    assert capsys.readouterr() == ("", "building\n")


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    """Nor is one to nothing; the others are read."""
    flows = tmp_path / "flows"
    flows.mkdir()
    (tmp_path / "secret.json").write_text(TEXT)
    (flows / "a.json").write_text(TEXT)
    (flows / "b.json").symlink_to(tmp_path / "secret.json")
    (flows / "c.json").symlink_to("nowhere")
    for paths in ([flows], [flows / "a.json", flows / "b.json", flows / "c.json"]):
        files, problems = read(*paths, flows_folder=flows)
        assert [file.document.name for file in files] == ["a"]
        assert [Path(one.at).name for one in problems] == ["b.json", "c.json"]


def test_two_flows_of_one_name_are_both_read(tmp_path: Path) -> None:
    """And told; a flow and a module may share a name."""
    wrapped = {"name": "Same", "type": "CONTACT_FLOW", "content": CONTENT}
    module = {"ContactFlowModule": {"Name": "Same", "Content": TEXT}}
    files = of(tmp_path, [wrapped, module]) + of(tmp_path, wrapped, "g.json")
    assert len(files) == 3
    assert [one.at for one in named_twice(files)] == [f"{tmp_path}/g.json"]
