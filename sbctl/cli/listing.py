"""Groups whose help folds the line of a command instead of cutting it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

WHOLE = 1000


class Listing(click.Group):
    """A group of commands."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(WHOLE)) for name, one in found if one is not None and not one.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class LazyListing(Listing):
    """A group whose commands are made when they are called: `makers` by name. Help makes all of them."""

    def __init__(self, name: str, makers: Mapping[str, Callable[[], click.Command]], **settings: Any) -> None:
        super().__init__(name, **settings)
        self._makers = makers

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._makers})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self._makers and cmd_name not in self.commands:
            self.add_command(self._makers[cmd_name]())
        return super().get_command(ctx, cmd_name)
