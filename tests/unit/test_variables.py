"""The environment variables of the global options: each stands in the help, and what is typed wins over it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from sbctl.cli.options import GLOBAL_NAMES
from sbctl.main import cli


def called(*arguments: str, **variables: str) -> Result:
    """`sbctl ARGUMENTS` with these variables set."""
    return CliRunner().invoke(cli, arguments, env=variables)


def missing_file(done: Result) -> str:
    """Where the first file that is missing was looked for."""
    return str(json.loads(done.stdout)["problems"][0]["at"])


@pytest.mark.parametrize("name", GLOBAL_NAMES)
def test_the_help_names_the_variable_of_each_global_option(name: str) -> None:
    """All of them, as `sbctl --help` prints them."""
    words = " ".join(called("--help").output.split())
    assert f"[env var: SBCTL_{name.upper()}" in words


def test_what_is_typed_wins_over_the_environment_wherever_it_stands(tmp_path: Path) -> None:
    """The variable counts where nothing is typed, before the command's name and after it."""
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    variables = {"SBCTL_CONFIG": there, "SBCTL_OUTPUT": "json"}
    assert missing_file(called("config", "check", **variables)) == f"{there}/regions.json"
    assert missing_file(called("--config", here, "config", "check", **variables)) == f"{here}/regions.json"
    assert missing_file(called("config", "check", "--config", here, **variables)) == f"{here}/regions.json"


@pytest.mark.parametrize("variables", [{"SBCTL_YES": "maybe"}, {"SBCTL_LOCK_TIMEOUT": "-1"}, {"SBCTL_OUTPUT": "yaml"}])
def test_a_value_that_cannot_be_is_refused_with_its_variable(variables: dict[str, str]) -> None:
    """Exit code 2, and the message names the variable: nobody typed the option."""
    done = called("state", "list", **variables)
    assert done.exit_code == 2
    assert f"env var: '{next(iter(variables))}'" in done.output


@pytest.mark.parametrize("resolver", ["127.0.0.1:99999", "[::1", "a b", "127.0.0.1:²", ":53"])
def test_a_resolver_that_is_none_is_refused_as_usage(resolver: str) -> None:
    """Before anything is asked: a page of regions that look lost would be the answer otherwise."""
    for done in (called("--resolver", resolver, "status"), called("status", SBCTL_RESOLVER=resolver)):
        assert done.exit_code == 2
        assert "resolver" in done.output.lower()


def test_options_of_one_command_have_no_variable() -> None:
    """What is left in the environment must not turn a planned failover into a forced one; where the kit is may stand there."""
    failover = cli.get_command(click.Context(cli), "failover")
    assert failover is not None
    with failover.make_context("failover", ["--dry-run"], parent=click.Context(cli, info_name="sbctl")) as context:
        assert context.auto_envvar_prefix is None
        own = [option for option in failover.params if option.name not in GLOBAL_NAMES]
        assert [option.name for option in own if option.envvar] == ["kit_place"]


@pytest.mark.parametrize(
    "url",
    [
        "foo",
        "http://",
        "http://[::",
        "ftp://host",
        "http://x y",
        "http://host:port",
        "http://host:99999",
        "//host",
        "http:host",
    ],
)
def test_an_endpoint_that_reaches_nobody_is_refused_as_usage(url: str) -> None:
    """Typed or in the environment; nothing was asked, so that nothing "may have taken effect"."""
    for done in (called("--endpoint-url", url, "plan"), called("plan", SBCTL_ENDPOINT_URL=url)):
        assert done.exit_code == 2
        assert "is not of the form http://HOST:PORT" in " ".join(done.output.split())


@pytest.mark.parametrize("url", ["http://127.0.0.1:4566", "https://[::1]:4566/", "http://localhost/path", ""])
def test_an_endpoint_passes(url: str, tmp_path: Path) -> None:
    """Then the config that is not there is what is wrong."""
    place = str(tmp_path / "here")
    assert missing_file(called("--endpoint-url", url, "--output", "json", "--config", place, "plan")) != ""


def test_a_lock_timeout_that_is_no_number_is_refused() -> None:
    """It would be waited for without end."""
    assert called("plan", SBCTL_LOCK_TIMEOUT="nan").exit_code == 2
    assert called("--lock-timeout", "nan", "plan").exit_code == 2
