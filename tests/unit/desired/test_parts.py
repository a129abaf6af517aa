"""The parts under the config: positions in JSON, the region table, the expander, packages."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbctl.desired.config import region_table
from sbctl.desired.files.packages import pack
from sbctl.files.misfits import did_you_mean
from sbctl.files.positions import dotted, parse_json, walk
from tests.unit.desired.conftest import Folder

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(TREES)
def test_walk_finds_every_path(tree: Any) -> None:
    """Every path of any JSON text is found at the place where its value or its key stands."""
    text = json.dumps(tree, indent=1)
    walked = walk(text)
    assert not walked.repeated
    for path, value in _paths(tree, ()):
        rest = text[walked.offsets[path] :]
        found, _ = json.JSONDecoder().raw_decode(rest)
        assert found == (path[-1] if path and isinstance(path[-1], str) else value)


def _paths(tree: Any, path: tuple[Any, ...]) -> Any:
    yield path, tree
    members = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in members:
        yield from _paths(value, (*path, key))


def test_position_counts_lines_and_columns() -> None:
    """Positions count from 1, through tabs, Windows line ends and braces in texts; what is not there has its parent's."""
    source = parse_json("f.json", '{\r\n\t"a": "}]",\r\n\t"b": [1,\r\n\t\t{"c": 2}]\r\n}')
    assert source.position(("b", 1, "c")) == (4, 4)
    assert source.position(("b", 1, "missing", "deep")) == source.position(("b", 1)) == (4, 3)
    assert source.at(("a",)) == "f.json:2"


def test_dotted_path() -> None:
    """Paths read as in the error messages of other tools."""
    assert dotted(("queues", 1, "overrides", "us-west-2", "hours")) == "queues[1].overrides.us-west-2.hours"


@pytest.mark.parametrize(
    ("source", "replica", "offered"),
    [
        ("us-east-1", "us-west-2", True),
        ("eu-west-2", "eu-central-1", True),
        ("ap-northeast-1", "ap-northeast-3", True),
        ("ap-northeast-3", "ap-northeast-1", False),
        ("us-east-1", "eu-west-2", False),
    ],
)
def test_global_resiliency_pairs(source: str, replica: str, offered: bool) -> None:
    """Global Resiliency goes between the pairs that AWS names, and from Tokyo to Osaka one way only."""
    assert region_table.offers_global_resiliency(source, replica) is offered


def test_region_table_is_consistent() -> None:
    """Each region with Connect exists, and eu-west-1 is none of them."""
    assert region_table.CONNECT | region_table.CONNECT_REPLICA_ONLY <= region_table.REGIONS
    assert not region_table.offers_connect("eu-west-1")
    assert region_table.offers_connect("eu-west-1", extra=["eu-west-1"])


def test_did_you_mean() -> None:
    """A remedy names the choice most alike, without regard to case, else all of them."""
    assert did_you_mean("us-esat-1", ["us-east-1", "us-west-2"]) == "Did you mean 'us-east-1'?"
    assert did_you_mean("maxcontacts", ["maxContacts"]) == "Did you mean 'maxContacts'?"
    assert did_you_mean("zzz", ["b", "a"]) == "Use one of a, b."


@pytest.fixture
def project(folder: Callable[[], Folder]) -> Folder:
    return folder()


def addresses(project: Folder) -> set[str]:
    return {str(desired.address) for desired in project.load().desired}


def test_expander_skips_what_a_region_does_not_have(project: Folder) -> None:
    """A data-only region has no Connect resources but functions and data, and `regions` limits an item."""
    project.change('"eu-west-2"', '"eu-west-1", "connect": false')
    project.change('"name": "Support"', '"name": "Support", "regions": ["us-west-2"]')
    found = addresses(project)
    assert "test_lambda.eu-west-1.lookup" in found
    assert "test_replica.eu-west-1.customers" in found
    assert {name for name in found if name.startswith("test_queue")} == {
        "test_queue.us-east-1.sales",
        "test_queue.us-west-2.sales",
        "test_queue.us-west-2.support",
    }


def test_defaults_stand_in_for_a_section(project: Folder) -> None:
    """A kind's own items are used when the file has no section of it, and only then."""
    project.change('"hours": [\n    { "name": "24x7" }\n  ],', "").change("24x7", "Default")
    assert "test_hours.us-east-1.default" in addresses(project)
    project.change('"queues": [', '"hours": [],\n"queues": [')
    assert {problem.code for problem in project.problems()} == {"bad-item"}


def test_fourth_region_is_one_line(project: Folder) -> None:
    """Another region in the file gives every regional item there."""
    before = addresses(project)
    project.change('"priority": 3 }', '"priority": 3 },\n{"name": "Canada", "region": "ca-central-1", "priority": 4}')
    assert {name for name in addresses(project) - before} == {
        "test_hours.ca-central-1.24x7",
        "test_lambda.ca-central-1.lookup",
        "test_queue.ca-central-1.sales",
        "test_queue.ca-central-1.support",
        "test_replica.ca-central-1.customers",
    }


def test_active_active_with_weights(project: Folder) -> None:
    """Active-active shares equally without weights, or as all the weights say; a weight for some is refused."""
    project.change("active-passive", "active-active")
    assert {region.weight for region in project.load().project.by_priority} == {100}
    latency = project.regions.replace('"strategy"', '"routing": "latency", "strategy"')
    for number in (1, 2, 3):
        project.change(f'"priority": {number}', f'"priority": {number}, "weight": {number}')
        if number < 3:
            assert {problem.code for problem in project.problems()} == {"weights-missing"}
    assert [region.weight for region in project.load().project.by_priority] == [1, 2, 3]
    project.regions = latency
    assert project.load().project.routing == "latency"


def test_sources_are_found_from_anywhere(project: Folder) -> None:
    """A function's package says where its folder is, beside the config and not beside whoever runs sbctl."""
    (package,) = project.load().project.packages.values()
    assert Path(package.source, "handler.py").is_file()
    assert Path(package.source).parent == project.root / "lambdas"


def test_digest_follows_meaning(project: Folder) -> None:
    """Formatting a file anew leaves the digest as it is; a changed value or Lambda source changes it."""
    before = project.load().digest
    project.regions = json.dumps(json.loads(project.regions))
    assert project.load().digest == before
    project.change('"maxContacts": 100', '"maxContacts": 99')
    changed = project.load().digest
    assert changed != before
    (project.root / "lambdas/lookup/handler.py").write_text("handler = None\n")
    assert project.load().digest != changed


def test_package_is_reproducible(tmp_path: Path) -> None:
    """The same sources give the same bytes, whatever their order, times and modes; tests and caches stay out."""
    packed = []
    for name, order in (("one", ["handler.py", "a/b.py"]), ("two", ["a/b.py", "handler.py"])):
        folder = tmp_path / name / "lookup"
        for part in [*order, "__pycache__/handler.pyc", "tests/test_it.py", "test_handler.py", ".hidden"]:
            path = folder / part
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {Path(part).name}\n")
            path.chmod(0o600 if name == "one" else 0o644)
            os.utime(path, (len(part) * 1e6, len(name) * 1e6))
        packed.append(pack(folder))
    assert packed[0].zip == packed[1].zip
    assert packed[0].sha256 == base64.b64encode(hashlib.sha256(packed[0].zip).digest()).decode()
    with zipfile.ZipFile(io.BytesIO(packed[0].zip)) as archive:
        assert archive.namelist() == ["a/b.py", "handler.py"]
        assert {entry.external_attr >> 16 & 0o777 for entry in archive.infolist()} == {0o644}


@pytest.mark.parametrize("link", ["lambdas/lookup/secret.py", "lambdas/lookup/more"])
def test_a_package_holds_nothing_from_elsewhere(project: Folder, link: str) -> None:
    """A link that leads out of the function's folder is a problem: it would deploy files that nobody reviews."""
    outside = project.root.parent / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("key = 1\n")
    target = outside / "secret.py" if link.endswith(".py") else outside
    (project.root / link).symlink_to(target)
    (problem,) = project.problems()
    assert problem.code == "lambda-outside"
    assert link in problem.detail


def test_a_function_is_not_a_link_to_another_folder(project: Folder) -> None:
    """The folder of a function must stand in lambdas/ itself."""
    (project.root / "lambdas/lookup").rename(project.root.parent / "moved")
    (project.root / "lambdas/lookup").symlink_to(project.root.parent / "moved")
    assert [problem.code for problem in project.problems()] == ["lambda-outside"]
