"""The entry point: a table of commands, each imported only when it is used."""

from __future__ import annotations

import difflib
import importlib
import itertools
import json
import os
import sys
import textwrap
from typing import Any

import click

from sbctl import __version__
from sbctl.cli.epilog import epilog_of
from sbctl.cli.nouns import kind_of_noun
from sbctl.cli.options import GLOBAL_OPTIONS, TYPED, Chosen
from sbctl.ui import streams

# Heading → name → (module in sbctl.commands, function, one line of help). Kept here so that --help imports no command.
GROUPS: dict[str, dict[str, tuple[str, str, str]]] = {
    "Set up": {
        "init": ("project.init", "init", "Create a project to start from."),
        "config": ("project.config", "config", "Check the config, or write its JSON schema."),
        "adopt": ("project.adopt", "adopt", "Adopt an existing contact centre."),
        "iam-policy": ("project.iam_policy", "iam_policy", "Generate a least-privilege IAM policy."),
        "cost": ("project.cost", "cost", "Estimate the monthly cost of the config."),
    },
    "Deploy": {
        "plan": ("deploy.plan", "plan", "Show what a deploy would change."),
        "deploy": ("deploy.deploy", "deploy", "Plan, ask, apply and verify."),
        "apply": ("deploy.apply", "apply", "Apply a saved plan, exactly as it was shown."),
        "destroy": ("deploy.destroy", "destroy", "Delete the resources sbctl created."),
    },
    "Verify": {
        "verify-replication": (
            "checks.verify_replication",
            "verify_replication",
            "Measure replication lag, and check its configuration.",
        ),
        "doctor": ("checks.doctor", "doctor", "Check everything that a failover needs."),
        "parity": ("checks.parity", "parity", "Compare regions, and fix differences."),
        "drift": ("checks.drift", "drift", "Detect changes made outside sbctl."),
    },
    "Fail over": {
        "failover": ("failover.failover", "failover", "Move traffic to another region."),
        "failback": ("failover.failback", "failback", "Return from a failover."),
        "drill": ("failover.drill", "drill", "Rehearse failovers: list, run, restore."),
        "runbook": ("failover.runbook", "runbook_", "Print a step-by-step runbook for this deployment."),
        "kit": ("kit.group", "kit", "Show, verify or export the failover kit."),
        "history": ("failover.history", "history", "List past failovers, failbacks and drills."),
    },
    "Look": {
        "status": ("checks.status", "status", "Show region health and the recommended next command."),
        "state": ("state.group", "state", "Show, move, restore or unlock the state."),
        "explain": ("project.explain", "explain", "Explain a kind, an address or an exit code."),
    },
    "Tools": {
        "sandbox": ("sandbox.group", "sandbox", "Run a local AWS: up, down, faults, time, calls."),
        "completion": ("project.completion", "completion", "Print the completion script of a shell."),
        "version": ("project.version", "version", "Show the versions of sbctl and its libraries."),
        "help": ("project.help", "help_", "Show the help of a command."),
    },
}
COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}


class Table(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [*COMMANDS, *kind_of_noun()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in COMMANDS:
            module, function, _ = COMMANDS[cmd_name]
            command: click.Command = getattr(importlib.import_module(f"sbctl.commands.{module}"), function)
            return command
        kind = kind_of_noun().get(cmd_name)
        if kind is None:
            return None
        group: click.Command = importlib.import_module("sbctl.commands.kind.group").group_for(cmd_name, kind)
        return group

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[TYPED] = tuple(args)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            close = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands come first: who asks for help wants one, and the options fill a terminal."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        longest = max(map(len, COMMANDS))
        for heading, commands in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(longest), line) for name, (_, _, line) in commands.items()])
        with formatter.section("Per kind (each with plan, apply, show, list, adopt)"):
            indent = " " * formatter.current_indent
            names = ", ".join(kind_of_noun())
            width = formatter.width - formatter.current_indent
            # Not write_text, which breaks lines within `health-check`.
            lines = textwrap.wrap(names, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
            formatter.write("\n".join(lines) + "\n")


JSON_PAIRS, JSON_WORDS = (("--output", "json"), ("-o", "json")), ("--output=json", "-ojson")
FAILED = 1
USAGE = 2
INTERRUPTED = 130
EPILOG = epilog_of(
    """
    sbctl --sandbox deploy --region all   all of it, on the local AWS
    sbctl plan --exit-code                exit 3 when something differs
    sbctl queue list --region us-west-2   what exists, page by page
    """,
    "0 done, 1 failed, 2 usage or config, 3 differences found, 4 partly done, 5 locked, 6 stale plan,"
    " 7 refused by a guard, 8 a check or drill did not hold, 9 credentials or permission, 130 interrupted",
)


@click.group(
    cls=Table, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="sbctl")
@click.pass_context
def cli(ctx: click.Context, /, **chosen: object) -> None:
    """Deploy, prove, rehearse and fail over an Amazon Connect contact centre across AWS regions."""
    ctx.obj = Chosen(chosen)


for _option in GLOBAL_OPTIONS:
    _option(cli)


def main() -> None:
    """Run sbctl and exit with its code, whatever becomes of its output. Wrong usage speaks JSON too when JSON was asked for."""
    streams.prepare()
    code = _called()
    lost = streams.finish()
    if lost is not None:
        click.echo(f"Error: the output on stdout is not complete: {lost.strerror}", err=True)
    sys.exit(code or (FAILED if lost else 0))


def _called() -> int:
    """The exit code of the command."""
    try:
        return int(cli(prog_name="sbctl", standalone_mode=False) or 0)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        if not wants_json(sys.argv[1:]):
            error.show()
        else:
            click.echo(json.dumps(usage_envelope(error), indent=2))
        return USAGE


def wants_json(arguments: list[str]) -> bool:
    """Whether --output json stands among the arguments, in either spelling, or in the environment."""
    pairs = itertools.pairwise([*arguments, ""])
    asked = any(pair in JSON_PAIRS or pair[0] in JSON_WORDS for pair in pairs)
    return asked or os.environ.get("SBCTL_OUTPUT") == "json"


def usage_envelope(error: click.ClickException) -> dict[str, Any]:
    """The envelope `sbctl/1` of wrong usage; written here so that no model is loaded for it."""
    context = getattr(error, "ctx", None)
    fix = f"{context.command_path if context else 'sbctl'} --help"
    problem = {"code": "usage", "summary": "Wrong usage", "detail": error.format_message(), "at": "", "fix": fix}
    problem["command"] = fix
    command = context.command_path.removeprefix("sbctl").strip() if context else ""
    return {
        "schema": "sbctl/1",
        "command": command,
        "status": "usage",
        "exit": USAGE,
        "data": {},
        "problems": [problem],
    }
