"""What `init` writes deploys as it is, with the user's own head, and overwrites nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.core.problem import Exit, SbctlError
from sbctl.desired.load import load_project
from sbctl.desired.starter import StarterOptions, start

WISHES = StarterOptions("helpdesk", "210987654321", "example.org", ("eu-west-2", "us-west-2"))


def test_a_new_project_is_sound_and_the_users_own(tmp_path: Path) -> None:
    """The config check finds nothing, and head and regions are as asked for."""
    start(tmp_path, WISHES)
    kinds = tuple(discover("sbctl.resources", "RESOURCE").values())
    found = load_project(tmp_path / "config", kinds, tmp_path / "flows", tmp_path / "lambdas", "").project
    assert (found.name, found.account, found.domain) == ("helpdesk", "210987654321", "example.org")
    assert [region.region for region in found.by_priority] == ["eu-west-2", "us-west-2"]
    assert found.primary.name == "EU-West-2"


def test_a_region_without_connect_is_data_only(tmp_path: Path) -> None:
    """eu-west-1 offers no Connect: it gets tables and buckets."""
    start(tmp_path, StarterOptions("helpdesk", "210987654321", "example.org", ("eu-west-2", "eu-west-1")))
    kinds = tuple(discover("sbctl.resources", "RESOURCE").values())
    found = load_project(tmp_path / "config", kinds, tmp_path / "flows", tmp_path / "lambdas", "").project
    assert [region.connect for region in found.by_priority] == [True, False]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file in the way is named, and nothing at all is written."""
    mine = tmp_path / "config" / "regions.json"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(SbctlError) as raised:
        start(tmp_path, WISHES)
    assert [(problem.at, problem.exit) for problem in raised.value.problems] == [(str(mine), Exit.REFUSED)]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]


@pytest.mark.parametrize(
    ("wrong", "options"),
    [
        ({"account": "12"}, ["--account"]),
        ({"project": "Help Desk"}, ["--project"]),
        ({"domain": "nowhere"}, ["--domain"]),
        ({"regions": ("us-east-9",)}, ["--region"]),
        ({"regions": ("us-east-1", "us-east-1")}, ["--region"]),
        ({"regions": ("eu-west-1",)}, ["--region"]),
        ({"account": "x", "domain": "y"}, ["--account", "--domain"]),
    ],
)
def test_all_wrong_options_are_told_at_once(tmp_path: Path, wrong: dict[str, Any], options: list[str]) -> None:
    """Each with its place, and nothing is written."""
    wishes = StarterOptions(**{**WISHES.__dict__, **wrong})
    with pytest.raises(SbctlError) as raised:
        start(tmp_path, wishes)
    assert [problem.at for problem in raised.value.problems] == options
    assert not [*tmp_path.iterdir()]
