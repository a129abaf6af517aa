"""A name that is nearly right gets the right one as its remedy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sbctl.core.state import Record, State
from sbctl.main import cli
from sbctl.store.state.envelope import seal

ROOT = Path(__file__).parents[2]
QUEUES = ("connect_queue.us-east-1.sales", "connect_queue.us-east-1.support")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's files, and a state of two queues."""
    folder = tmp_path_factory.mktemp("near")
    for name in ("config", "flows", "lambdas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "state").mkdir()
    records = {name: Record(address=name, status="ready") for name in QUEUES}
    (folder / "state" / "sbctl.json").write_bytes(seal(State(lineage="a" * 32, serial=1, records=records)))
    return folder


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("state show connect_queue.us-east-1.sale", QUEUES[0]),
        ("state show sales", "state list"),
        ("state forget connect_queue.us-east-1.suport", QUEUES[1]),
        ("state rename connect_queue.us-east-1.salez connect_queue.us-east-1.new", QUEUES[0]),
        ("flow lint SalesInbund", "SalesInbound"),
        ("flow render supportinbond", "SupportInbound"),
        ("cost --usage orignal", "original"),
        ("explain connect_que", "connect_queue"),
        ("deploy --region us-west2", "us-west-2"),
        ("config schema data deply", "deploy"),
    ],
)
def test_the_remedy_names_what_was_meant(project: Path, line: str, meant: str) -> None:
    """One problem, with the one name that is like it; where none is, the command that lists them."""
    words = ["--config", str(project / "config"), "--yes", "--output", "json", *line.split()]
    done = CliRunner().invoke(cli, words)
    [problem] = json.loads(done.stdout)["problems"]
    assert (done.exit_code, meant in problem["fix"]) == (2, True), problem
