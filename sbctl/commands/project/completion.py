"""`sbctl completion`: the completion script of a shell, to be evaluated in its start-up file."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from sbctl.cli.epilog import epilog_of

EPILOG = epilog_of(
    """
    eval "$(sbctl completion bash)"       in ~/.bashrc
    eval "$(sbctl completion zsh)"        in ~/.zshrc
    sbctl completion fish > ~/.config/fish/completions/sbctl.fish
    """,
    "0 done, 2 unknown shell",
)


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell."""
    shell_class = get_completion_class(shell)
    assert shell_class is not None
    click.echo(shell_class(ctx.find_root().command, {}, "sbctl", "_SBCTL_COMPLETE").source())
