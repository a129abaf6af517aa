"""The commands that every kind has: plan, apply, show, list, adopt. Made from its file's name and its contract."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial

import click

from sbctl.cli.epilog import epilog_of
from sbctl.cli.listing import LazyListing

MAKERS = {
    "plan": ("changes", "plan_command"),
    "apply": ("changes", "apply_command"),
    "show": ("read", "show_command"),
    "list": ("read", "list_command"),
    "adopt": ("adopt", "adopt_command"),
}
"""Module of this folder and function, by command: what one needs is not loaded for the others."""


def group_for(noun: str, kind: str) -> click.Group:
    """`sbctl NOUN`: the five commands of one kind, and what a kind has besides."""
    makers: dict[str, Callable[[], click.Command]] = {
        name: partial(_made, module, maker, noun, kind) for name, (module, maker) in MAKERS.items()
    }
    if noun == "flow":
        from sbctl.commands.flow.group import makers as of_flows  # only the kind that has documents has these

        makers |= of_flows()
    return LazyListing(
        noun,
        makers,
        help=f"Plan, apply, show, list or adopt resources of a kind.\n\nThe kind is {kind}.",
        epilog=_examples(noun, kind),
    )


def _made(module: str, maker: str, noun: str, kind: str) -> click.Command:
    made: click.Command = getattr(importlib.import_module(f"sbctl.commands.kind.{module}"), maker)(noun, kind)
    return made


def _examples(noun: str, kind: str) -> str:
    examples = f"""
    sbctl {noun} list --region us-west-2
    sbctl {noun} show {kind}.us-west-2.NAME
    sbctl {noun} plan
    """
    return epilog_of(examples, "0 done, 2 usage or config, 3 differences (with --exit-code), 4 partly done, 5 locked")
