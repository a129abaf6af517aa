"""The pages as a site: mkdocs calls the hooks (`on_…`) of this file. `make docs` builds it into build/site/.

Pages at the top of the checkout join with addresses of their own, and commands and schemas are written from the code. A link to a
file that is no page becomes its name, since the project has no public address to link to.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import click

ROOT = Path(__file__).parents[1]
JOINED = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "explanation/architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security-policy.md",
    "changelog.d/README.md": "changelog-fragments.md",
}
"""Page of the checkout → its address in the site. Pages of docs/ keep theirs."""
COMMANDS = "reference/commands.md"
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s:#]+)(#[^)\s]*)?\)")
WIDTH = 80


def address(path: str) -> str:
    """Where a page of the checkout is in the site; "" for a file that is no page."""
    if path in JOINED:
        return JOINED[path]
    inside = path.removeprefix("docs/")
    return inside if inside != path and path.endswith(".md") else ""


def relinked(text: str, page: str) -> str:
    """A page of the checkout with links that hold in the site."""
    here = PurePosixPath(page).parent
    start = PurePosixPath(address(page)).parent

    def one(found: re.Match[str]) -> str:
        words, link, anchor = found[1], found[2], found[3] or ""
        target = address(os.path.normpath(here / link).replace(os.sep, "/"))
        return f"[{words}]({os.path.relpath(target, start)}{anchor})" if target else words

    return LINK.sub(one, text)


def commands(context: click.Context | None = None) -> Iterator[str]:
    """The help of every command; those that each kind has stand once, for `queue`."""
    from sbctl.cli.nouns import kind_of_noun
    from sbctl.main import cli

    context = context or click.Context(cli, info_name="sbctl", terminal_width=WIDTH - 2, **cli.context_settings)
    yield f"## {context.command_path}\n\n```text\n{context.get_help()}\n```\n"
    group = context.command
    if not isinstance(group, click.Group):
        return
    skipped = set(kind_of_noun()) - {"queue", "flow"} if context.parent is None else set()
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if found is not None and name not in skipped:
            yield from commands(click.Context(found, info_name=name, parent=context))


def command_page() -> str:
    """The page of all commands."""
    head = "# Commands\n\nWhat `--help` says. Every kind of resource has the commands of `queue`, and `flow` has two more.\n"
    return "\n".join([head, *commands()])


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are not below docs/."""
    from mkdocs.structure.files import File

    for page, uri in JOINED.items():
        text = relinked((ROOT / page).read_text(encoding="utf-8"), page)
        files.append(File.generated(config, uri, content=text))
    files.append(File.generated(config, COMMANDS, content=command_page()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Rewrite the links of pages below docs/; those that were joined have been."""
    uri = page.file.src_uri
    joined = uri in {*JOINED.values(), COMMANDS}
    return markdown if joined else relinked(markdown, f"docs/{uri}")
