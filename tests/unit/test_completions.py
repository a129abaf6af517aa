"""What a shell completes after each word, from the project's files; nothing where they cannot be read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete

from sbctl.commands.failover.drill_context import DRILLS
from sbctl.core.kinds.discover import discover
from sbctl.core.state import Record, State
from sbctl.main import cli
from sbctl.store.state.envelope import seal
from sbctl.store.state.journal import JournalEntry

ROOT = Path(__file__).parents[2]
REGIONS = ["eu-west-2", "us-east-1", "us-west-2"]
SALES, SUPPORT, TABLE = (
    "connect_queue.us-west-2.sales",
    "connect_queue.us-west-2.support",
    "dynamodb_table.global.customers",
)
FAILOVER, DRILL = "failover-20260301T030000-1a2b", "drill-20260401T030000-9c9c"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The default project with a state, half of it in the journal, and two runs."""
    for name in ("config", "flows"):
        shutil.copytree(ROOT / name, tmp_path / name)
    state = State(lineage="a", serial=3, project="enterprise").with_record(Record(address=SALES))
    (tmp_path / "state/runs").mkdir(parents=True)
    (tmp_path / "state/generations").mkdir()
    (tmp_path / "state/sbctl.json").write_bytes(seal(state.with_record(Record(address=TABLE))))
    entry = JournalEntry(lineage="a", serial=3, put=Record(address=SUPPORT))
    (tmp_path / "state/journal.jsonl").write_text(entry.as_line(), encoding="utf-8")
    (tmp_path / "state/failover-kit.json").write_text("{}", encoding="utf-8")
    for run in (FAILOVER, DRILL):
        (tmp_path / f"state/runs/{run}.run").touch()
    for serial in (2, 3):
        (tmp_path / f"state/generations/{serial:08}.json").touch()
    return tmp_path


def completed(project: Path, line: str) -> list[str]:
    """What the last word of a line may become."""
    *words, last = line.split(" ")
    shell = BashComplete(cli, {}, "sbctl", "_SBCTL_COMPLETE")
    return [one.value for one in shell.get_completions(["--config", str(project / "config"), *words], last)]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("failover --to ", REGIONS),
        ("failover --to us-", ["us-east-1", "us-west-2"]),
        ("failover --rejoin eu", ["eu-west-2"]),
        ("plan --region ", ["all", *REGIONS]),
        ("plan --region us-west-2 --region us", ["us-east-1"]),
        ("doctor --to us-w", ["us-west-2"]),
        ("runbook --from us-e", ["us-east-1"]),
        ("sandbox fault add --region eu", ["eu-west-2"]),
        ("verify-replication --table ", ["connect-config-global", "customers-global"]),
        ("verify-replication --bucket ", ["recordings"]),
        ("state show ", [SALES, SUPPORT, TABLE]),
        ("state show connect_queue.us-west-2.su", [SUPPORT]),
        (f"state forget {SALES} connect", [SUPPORT]),
        ("deploy --allow dyn", [TABLE]),
        ("queue show ", [SALES, SUPPORT]),
        ("table show ", [TABLE]),
        ("explain que", ["queue"]),
        ("explain dynamodb_table.", [TABLE]),
        ("state restore ", ["2", "3"]),
        ("history show ", [DRILL, FAILOVER]),
        ("failback --run fail", [FAILOVER]),
        ("drill report ", [DRILL]),
        ("drill run region", ["region-loss"]),
        ("runbook region", ["region-down"]),
        ("flow render S", ["SalesInbound", "SupportInbound"]),
        ("flow lint SalesInbound A", ["AfterHours"]),
        ("help sta", ["state", "status"]),
        ("help state re", ["rebuild", "rename", "restore"]),
        ("failover --mode f", ["forced"]),
        ("config schema data", ["data"]),
    ],
)
def test_a_word_is_completed(project: Path, line: str, values: list[str]) -> None:
    """By what the project has, and once each."""
    assert sorted(completed(project, line)) == values


def test_a_kit_is_completed_by_those_at_hand_else_as_a_file(project: Path) -> None:
    """The shell itself completes files."""
    kit = str(project / "state/failover-kit.json")
    assert completed(project, f"status --kit {project}/st") == [kit]
    shell = BashComplete(cli, {}, "sbctl", "_SBCTL_COMPLETE")
    assert [one.type for one in shell.get_completions(["status", "--kit"], "/elsewhere/")] == ["file"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"regions": 1}', '{"regions": [1]}', '{"state": {"records": 1}}', "\ud800"]
)
def test_a_file_that_cannot_be_read_completes_nothing(project: Path, content: str) -> None:
    """And says nothing: the command will say it."""
    for name in ("config/regions.json", "state/sbctl.json"):
        (project / name).write_bytes(content.encode("utf-8", "surrogatepass"))
    for line in ("failover --to ", "verify-replication --table ", "state show "):
        assert completed(project, line) == []


def test_nothing_is_completed_without_a_project(tmp_path: Path) -> None:
    """Nor is anything made there."""
    for line in ("failover --to ", "state show ", "history show ", "flow render ", "state restore "):
        assert completed(tmp_path, line) == []
    assert list(tmp_path.iterdir()) == []


def test_the_names_of_drills_are_those_of_their_files(project: Path) -> None:
    """They are completed without a look into the files."""
    assert completed(project, "drill run ") == sorted(one.name for one in discover(DRILLS, "DRILL").values())


@pytest.mark.parametrize("line", ["queue show ", "state show "])
def test_what_is_in_the_folder_that_the_files_name_is_completed_from_below(
    project: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """regions.json says where the state is, and is itself found above."""
    before = completed(project, line)
    file = project / "config" / "regions.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "state": "kept"}), encoding="utf-8")
    (project / "state").rename(project / "kept")
    (project / "below").mkdir()
    monkeypatch.chdir(project / "below")
    shell = BashComplete(cli, {}, "sbctl", "_SBCTL_COMPLETE")
    assert [one.value for one in shell.get_completions(line.split(), "")] == before != []


def test_no_library_of_aws_is_loaded(project: Path) -> None:
    """It would make each press of the key take a second."""
    asked = (
        "import sys; from click.shell_completion import BashComplete; from sbctl.main import cli;"
        "found = BashComplete(cli, {}, 'sbctl', 'X').get_completions(['failover', '--to'], '');"
        "print(len(found), {'boto3', 'moto', 'jinja2', 'pygal'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "set()"]


VALUES = {"REGION", "RUN", "ADDRESS"}


def parameters(group: click.Group, path: str) -> Iterator[tuple[str, click.Parameter]]:
    for name in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), name)
        if isinstance(found, click.Group):
            yield from parameters(found, f"{path} {name}")
        elif found is not None:
            yield from ((f"{path} {name} {one.name}", one) for one in found.params)


def test_every_parameter_of_such_a_value_is_completed() -> None:
    """A region, a run or an address; but for regions of what has no project yet."""
    free = {"sbctl init regions", "sbctl adopt region"}
    missing = {
        where
        for where, one in parameters(cli, "sbctl")
        if (one.metavar or (one.name or "").upper()).strip("[].") in VALUES and one._custom_shell_complete is None
    }
    assert missing == free
