"""`flow draw` and `flow diff` over files: formats, files that are written, sides, exit codes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sbctl.commands.data.flow import ComparedTold, PictureTold
from sbctl.main import cli
from tests.unit.flows.pictures.samples import inbound, large

OTHER = "Good day."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one flow and one that cannot be read; the current directory."""
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "Inbound.json").write_text(json.dumps(inbound()), encoding="utf-8")
    (flows / "Broken.json").write_text("{", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str = OTHER) -> None:
    """The flow with another greeting."""
    tree = inbound()
    tree["Actions"][0]["Parameters"]["Text"] = text
    path.write_text(json.dumps(tree), encoding="utf-8")


def run(*arguments: str, code: int = 0, stdin: str | None = None) -> Result:
    done = CliRunner().invoke(cli, ["flow", *arguments], input=stdin, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def data(*arguments: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "-o", "json", code=code).stdout)["data"]
    return found


def problem(*arguments: str) -> str:
    done = run(*arguments, "-o", "json", code=2)
    return str(json.loads(done.stdout)["problems"][0]["code"])


@pytest.mark.usefixtures("project")
def test_a_flow_is_drawn_whatever_else_is_broken() -> None:
    """By its name in any case, as a path, and from standard input; -o text is what people get."""
    drawn = run("draw", "inbound").stdout
    assert drawn.splitlines()[:2] == ["Inbound  (flows/Inbound.json), 9 blocks", '1  Play prompt  "Welcome to Acme."']
    assert run("draw", "flows/Inbound.json", "-o", "text").stdout == drawn
    assert run("draw", "-", stdin=json.dumps(inbound())).stdout.splitlines()[1:] == drawn.splitlines()[1:]


def test_every_format_is_printed_or_written(project: Path) -> None:
    """The name of the file says the format where -o does not."""
    assert run("draw", "Inbound", "-o", "mermaid").stdout.startswith("flowchart TD\n")
    assert run("draw", "Inbound", "-o", "svg").stdout.startswith("<svg ")
    assert run("draw", "Inbound", "-o", "html").stdout.startswith("<!doctype html>")
    for name, begin in (
        ("a.svg", "<svg "),
        ("a.html", "<!doctype html>"),
        ("a.mmd", "flowchart"),
        ("a.txt", "1  Play"),
    ):
        run("draw", "Inbound", "--out", name)
        assert (project / name).read_text(encoding="utf-8").startswith(begin)
    told = data("draw", "Inbound", "--out", "b.svg")
    assert told["written"] == "b.svg"
    assert PictureTold.model_validate(told).as_json() == told


@pytest.mark.usefixtures("project")
def test_what_cannot_be_drawn_is_told() -> None:
    """No such flow, a file that is none, a format of another command, a folder that is a file."""
    assert problem("draw", "Outbound") == "unknown-flow"
    assert problem("draw", "flows/Broken.json") == "flow-unreadable"
    assert problem("diff", "Inbound", "--from", "sideways") == "unknown-side"
    assert problem("diff", "Inbound", "--from", "git:HEAD") == "no-revision"
    assert "has no format svg" in run("render", "Inbound", "-o", "svg", code=2).output
    assert "cannot be written" in run("draw", "Inbound", "--out", "flows/Inbound.json/a.svg", code=1).output


def test_damaged_parts_are_told_and_the_rest_is_drawn(project: Path) -> None:
    """A draft that somebody exported: what cannot be read is a note with its line, on stderr."""
    tree = inbound()
    tree["Actions"][2]["Transitions"] = "none"
    (project / "draft.json").write_text(json.dumps(tree, indent=1), encoding="utf-8")
    done = run("draw", "draft.json")
    assert 'Play prompt  "Welcome to Acme."' in done.stdout
    assert "Note: A part of the flow is damaged, and not drawn" in done.stderr
    assert "draft.json:" in done.stderr


def test_what_mermaid_draws_only_with_higher_limits_is_told(project: Path) -> None:
    """The text is printed all the same, and stdout holds nothing else."""
    (project / "large.json").write_text(json.dumps(large(120)), encoding="utf-8")
    done = run("draw", "large.json", "-o", "mermaid")
    assert done.stdout.startswith("flowchart TD\n")
    assert "maxEdges" in done.stderr
    assert run("draw", "Inbound", "-o", "mermaid").stderr == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("flow", "diff", "AfterHours", "--from", "draft:nowhere"), "draft:nowhere; the config has "),
        (("flow", "render", "AfterHours", "--region", "nowhere"), "--region nowhere; the config has "),
    ],
)
def test_an_unknown_region_is_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    """As it was written: with its option, or in a side."""
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["init", "--account", "123456789012"]).exit_code == 0
    done = CliRunner().invoke(cli, [*words, "-o", "json"])
    (problem,) = json.loads(done.stdout)["problems"]
    assert (done.exit_code, problem["code"]) == (2, "unknown-region")
    assert problem["detail"].startswith(said)


@pytest.mark.usefixtures("project")
def test_the_name_of_a_file_must_say_a_format() -> None:
    """Unless -o does: nothing is written that nobody can open."""
    assert problem("draw", "Inbound", "--out", "flow.png") == "no-picture-format"
    run("draw", "Inbound", "--out", "flow.xml", "-o", "svg")
    assert Path("flow.xml").read_text(encoding="utf-8").startswith("<svg ")
    assert not Path("flow.png").exists()


def test_two_files_are_compared(project: Path) -> None:
    """With --exit-code a difference is 3; JSON tells the parts that differ; layout alone is none."""
    write(project / "new.json")
    sides = ("diff", "Inbound", "--from", "file", "--to", "new.json")
    told = data(*sides)
    assert told["flow"] == "Inbound"
    (change,) = told["changes"]
    assert change["before"] == {"Text": "Welcome to Acme."}
    assert change["after"] == {"Text": OTHER}
    assert change["notice"] == f'callers hear "{OTHER}" instead of "Welcome to Acme."'
    assert ComparedTold.model_validate(told).as_json() == told
    assert f'callers hear "{OTHER}"' in run(*sides, "--exit-code", code=3).stdout
    moved = inbound() | {"Metadata": {"entryPointPosition": {"x": 1, "y": 1}}}
    (project / "moved.json").write_text(json.dumps(moved), encoding="utf-8")
    told = data("diff", "Inbound", "--from", "file", "--to", "moved.json", "--exit-code")
    assert (told["same"], told["layout_differs"], told["changes"]) == (True, True, [])


def test_a_comparison_has_pictures_of_its_own(project: Path) -> None:
    """With the colours of what differs, and the sentences on the page."""
    write(project / "new.json")
    sides = ("diff", "Inbound", "--from", "file", "--to", "new.json")
    assert 'class="block prompt changed start"' in run(*sides, "-o", "svg").stdout
    assert "class b1 changedBlock" in run(*sides, "-o", "mermaid").stdout
    page = run(*sides, "-o", "html").stdout
    assert "callers hear &#34;Good day.&#34; instead of" in page


def test_a_revision_of_git_is_a_side(project: Path) -> None:
    """A Python flow too, with what it reads beside it."""
    builder = "from pathlib import Path\nfrom sbctl.flows.builder import FlowBuilder\n"
    text = "(Path(__file__).parent / 'words.txt').read_text()"
    (project / "flows" / "Broken.json").unlink()
    (project / "flows" / "hi.py").write_text(
        f"{builder}FLOW = FlowBuilder('Hi').play({text}).disconnect()\n", encoding="utf-8"
    )
    (project / "flows" / "words.txt").write_text("Old words.", encoding="utf-8")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "First")):
        subprocess.run(["git", *who, *words], cwd=project, check=True)
    write(project / "flows" / "Inbound.json")
    (project / "flows" / "words.txt").write_text("New words.", encoding="utf-8")
    (change,) = data("diff", "Inbound", "--from", "git:HEAD", "--to", "file")["changes"]
    assert change["notice"] == f'callers hear "{OTHER}" instead of "Welcome to Acme."'
    (change,) = data("diff", "Hi", "--from", "git:HEAD", "--to", "file")["changes"]
    assert change["notice"] == 'callers hear "New words." instead of "Old words."'
    assert problem("diff", "Inbound", "--from", "git:nowhere") == "no-revision"
    assert problem("diff", "Inbound", "--from", "git:--output=x") == "no-revision"
