"""Options that several commands share. Global ones may stand before or after the command's name."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sbctl.cli import completions
from sbctl.core.aws.urls import endpoint_fault
from sbctl.core.place import SCHEME, shared_place


class StatePath(click.Path):
    """A folder, or `s3://BUCKET@REGION/PREFIX` with copies after commas. Completes as a folder."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).startswith(SCHEME):
            return Path(str(super().convert(value, param, ctx)))
        try:
            return shared_place(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class EndpointUrl(click.types.StringParamType):
    """`http://HOST[:PORT]` or `https://...`. What is none reaches nobody, and is refused before anything is asked."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        fault = endpoint_fault(text) if text else ""
        if fault:
            self.fail(fault, param, ctx)
        return text


class Resolver(click.types.StringParamType):
    """The address of a DNS server, refused before anything is asked when it is none."""

    name = "resolver"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from sbctl.probes.name_server import NameServer  # sockets, for those who name a resolver

        try:
            return str(NameServer.of(str(value))) if value else ""
        except ValueError as error:
            self.fail(f"{error}; give HOST or HOST:PORT, such as 127.0.0.1:53", param, ctx)


class Seconds(click.FloatRange):
    """A number of seconds; NaN is none, as no time is ever past it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if math.isnan(found):
            self.fail(f"{value!r} is no number of seconds", param, ctx)
        return found


FORMATS = ("human", "json", "markdown", "text", "mermaid", "svg", "html", "sarif", "github")
"""Every command has the first two, and those of the others that it names (`command`)."""
TYPED = "sbctl.typed"
"""In the root context: the words that were typed after "sbctl"."""
PLACE = StatePath(file_okay=False)
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class Chosen(dict[str, Any]):
    """Global options as given so far; later ones win."""

    def with_later(self, later: dict[str, Any]) -> Chosen:
        return Chosen({**self, **{name: value for name, value in later.items() if value is not None}})


class GlobalOption(click.Option):
    """A global option. After a command's name it works and completes, but one line of help stands for all of them.

    Its environment variable counts once, before the command's name: after it, it would win over what was typed before.
    """

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        return super().resolve_envvar_value(ctx) if ctx.parent is None else None

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        if ctx.parent is None:
            return super().get_help_record(ctx)
        if self.name != GLOBAL_NAMES[0]:
            return None
        return (
            "global options",
            "--config --state --profile --endpoint-url --sandbox ..., and their environment variables: see sbctl --help.",
        )


def _option(*names: str, **settings: Any) -> Callable[[Any], Any]:
    variable = "SBCTL_" + names[-1].removeprefix("--").replace("-", "_").upper()
    return click.option(*names, cls=GlobalOption, envvar=variable, show_envvar=True, **settings)


GLOBAL_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    _option("--config", type=click.Path(path_type=Path), help="Folder of the config files. [default: config]"),
    _option(
        "--state",
        type=PLACE,
        metavar="PLACE",
        help="State folder or s3://BUCKET@REGION/PREFIX. [default: state/]",
    ),
    _option("--profile", help="AWS profile (also AWS_PROFILE)."),
    _option(
        "--endpoint-url",
        type=EndpointUrl(),
        metavar="URL",
        help="AWS endpoint for every call (also AWS_ENDPOINT_URL).",
    ),
    _option("--sandbox", is_flag=True, default=None, help="Use the local AWS, and start it if needed."),
    _option("--resolver", type=Resolver(), metavar="HOST:PORT", help="DNS server to use instead of the system's."),
    _option(
        "--lock-timeout",
        type=Seconds(min=0),
        metavar="SECONDS",
        help="Time to wait for the state's lock. [default: 0]",
    ),
    _option(
        "-o",
        "--output",
        type=click.Choice(FORMATS),
        metavar="[human|json|...]",
        help="Output format, some of one command only. [default: human]",
    ),
    _option("-y", "--yes", is_flag=True, default=None, help="Do not ask for confirmation."),
    _option("-v", "--verbose", is_flag=True, default=None, help="Show unchanged resources and every call."),
    _option("--debug", is_flag=True, default=None, help="Show tracebacks."),
    _option("-q", "--quiet", is_flag=True, default=None, help="Hide progress."),
    _option("--no-pager", is_flag=True, default=None, help="Print long lists without PAGER."),
    _option("--show-personal", is_flag=True, default=None, help="Show users' names, e-mail addresses and phones."),
    _option(
        "--log-file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Append events, calls and problems as JSON lines.",
    ),
)
GLOBAL_NAMES = (
    "config",
    "state",
    "profile",
    "endpoint_url",
    "sandbox",
    "resolver",
    "lock_timeout",
    "output",
    "yes",
    "verbose",
    "debug",
    "quiet",
    "no_pager",
    "show_personal",
    "log_file",
)


def global_options(function: Decorated) -> Decorated:
    """Accept the global options after the command's name too."""
    for option in reversed(GLOBAL_OPTIONS):
        function = option(function)
    return function


region_option = click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    shell_complete=completions.regions_or_all,
    help="Region to act on. Repeatable. [default: all]",
)
layout_option = click.option("--layout", is_flag=True, help="Include layout and notes of unchanged flows.")
allow_option = click.option(
    "--allow",
    multiple=True,
    metavar="ADDRESS",
    shell_complete=completions.addresses,
    help="Allow deleting it, or undoing its rollback. Repeatable.",
)
max_deletes_option = click.option(
    "--max-deletes", type=click.IntRange(min=0), help="Maximum number of deletions without --allow."
)
