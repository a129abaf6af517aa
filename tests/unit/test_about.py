"""`sbctl version` and `sbctl help`, and the short forms of global options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sbctl import __version__
from sbctl.commands.project.version import commit_of
from sbctl.main import cli

COMMIT = "c" * 40


def test_the_version_names_what_a_fault_report_needs() -> None:
    """As JSON by the short option; moto too, since the sandbox is installed here."""
    done = CliRunner().invoke(cli, ["version", "-o", "json"])
    data = json.loads(done.stdout)["data"]
    assert done.exit_code == 0
    assert data["sbctl"] == __version__
    assert all(data[name] for name in ("python", "platform", "boto3", "botocore", "moto"))


@pytest.mark.parametrize(
    ("head", "packed", "expected"),
    [
        (COMMIT, "", COMMIT),
        ("ref: refs/heads/main", f"# pack-refs\n{COMMIT} refs/heads/main\n", COMMIT),
        ("ref: refs/heads/main", f"{COMMIT} refs/heads/other\n", ""),
    ],
)
def test_the_commit_of_a_checkout_is_read_from_its_folder(
    tmp_path: Path, head: str, packed: str, expected: str
) -> None:
    """Detached, or of a branch whose reference is packed; a loose reference wins; an installed sbctl has none."""
    git = tmp_path / ".git"
    git.mkdir()
    (git / "HEAD").write_text(f"{head}\n", encoding="utf-8")
    (git / "packed-refs").write_text(packed, encoding="utf-8")
    assert commit_of(tmp_path) == expected
    assert commit_of(tmp_path / "elsewhere") == ""
    (git / "refs/heads").mkdir(parents=True)
    (git / "refs/heads/main").write_text("d" * 40 + "\n", encoding="utf-8")
    assert commit_of(tmp_path) == (COMMIT if head == COMMIT else "d" * 40)


@pytest.mark.parametrize("words", [["failover"], ["state", "restore"], ["queue", "list"]])
def test_help_shows_what_the_option_shows(words: list[str]) -> None:
    """Of a command, of one in a group, and of one of a kind."""
    asked, shown = (CliRunner().invoke(cli, line) for line in (["help", *words], [*words, "--help"]))
    assert (asked.exit_code, asked.stdout) == (0, shown.stdout)


def test_help_of_nothing_is_that_of_sbctl_and_of_a_near_miss_a_suggestion() -> None:
    """As `sbctl` and `sbctl failovr` answer."""
    assert CliRunner().invoke(cli, ["help"]).stdout == CliRunner().invoke(cli, ["--help"]).stdout
    missed = CliRunner().invoke(cli, ["help", "failovr"])
    assert missed.exit_code == 2
    assert "Did you mean 'failover'?" in missed.output


@pytest.mark.parametrize("options", [["-o", "json", "-y", "-q"], ["-ojson", "-yq"]])
def test_global_options_have_short_forms(options: list[str]) -> None:
    """Before the command and after it; wrong usage speaks JSON by the short form too."""
    for line in ([*options, "version"], ["version", *options]):
        assert json.loads(CliRunner().invoke(cli, line).stdout)["command"] == "version"
