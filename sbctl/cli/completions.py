"""What a shell completes: values of options and arguments, from the project's files alone.

Nothing is called and no library of AWS is loaded. A file that is missing or cannot be read completes nothing: the command says what
is wrong with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from sbctl.cli.config_above import config_above
from sbctl.cli.nouns import kind_of_noun
from sbctl.core.project_files import CONFIG_FOLDER, REGIONS_FILE
from sbctl.files.regular import read_text

Found = Callable[[click.Context], Iterable[str]]
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
NAMED = re.compile(r"""\bFlow(?:Builder|Module)?\(\s*(?:name\s*=\s*)?(["'])(?P<name>[^"'\\]+)\1""")
"""The name of a flow in a file of Python, which is not run for it."""
TESTED = re.compile(r"""\bFlowTest\(\s*(?:name\s*=\s*)?(["'])(?P<name>[^"'\\]+)\1""")
"""The same of a flow test."""


def completes(found: Found) -> Complete:
    """For `shell_complete`: those of the values that begin as the word does, the present values of the parameter left out."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            values = sorted(set(found(ctx)))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return []
        given = ctx.params.get(param.name or "")
        taken = set(given) if isinstance(given, tuple) else set()
        return [CompletionItem(value) for value in values if value.startswith(incomplete) and value not in taken]

    return complete


def _config(ctx: click.Context) -> Path:
    """The config folder: as told after the command's name, before it, or the default one."""
    told = ctx.params.get("config") or ctx.find_root().params.get("config")
    return Path(told or config_above(ctx.command_path.partition(" ")[2]) or CONFIG_FOLDER)


def _project(ctx: click.Context) -> Path:
    return _config(ctx).resolve().parent


def _state(ctx: click.Context) -> Path:
    """The folder of the state; of a shared one, that of what stays here."""
    root = ctx.find_root().params
    told = ctx.params.get("state") or root.get("state")
    if told is None and not (ctx.params.get("sandbox") or root.get("sandbox")):
        from sbctl.core.problem import SbctlError  # these load pydantic, and --help loads this module
        from sbctl.store.named_place import named_place

        with suppress(SbctlError):
            told = named_place(_config(ctx), _project(ctx))
    return told if isinstance(told, Path) else _project(ctx) / "state"


def _regions_json(ctx: click.Context) -> Any:
    return json.loads(read_text(_config(ctx) / REGIONS_FILE))


def _regions(ctx: click.Context) -> Iterator[str]:
    yield from (one["region"] for one in _regions_json(ctx)["regions"])


def _regions_or_all(ctx: click.Context) -> Iterator[str]:
    yield "all"
    yield from _regions(ctx)


def _named(section: str) -> Found:
    return lambda ctx: (str(one["name"]) for one in _regions_json(ctx)[section])


def _records(ctx: click.Context) -> dict[str, Any]:
    """The recorded resources by address: those of the state file, and of what happened since it was written."""
    folder = _state(ctx)
    found: dict[str, Any] = dict(json.loads(read_text(folder / "sbctl.json"))["state"]["records"])
    journal = folder / "journal.jsonl"
    if journal.exists():
        puts = re.findall(r'"put":\{"address":"([^"]+)"', read_text(journal))
        found.update({address: {} for address in puts if address not in found})
    return found


def _addresses(ctx: click.Context) -> Iterable[str]:
    noun = ctx.parent.info_name if ctx.parent else ""
    kind = kind_of_noun().get(noun or "", "")
    return (address for address in _records(ctx) if not kind or address.startswith(f"{kind}."))


def _topics(ctx: click.Context) -> Iterator[str]:
    yield from kind_of_noun()
    yield from _addresses(ctx)


def _runs(ctx: click.Context) -> Iterable[str]:
    from sbctl.store.runs.lines import SUFFIX  # which loads pydantic, and --help loads this module

    return (path.name.removesuffix(SUFFIX) for path in (_state(ctx) / "runs").glob(f"*{SUFFIX}"))


def _drill_runs(ctx: click.Context) -> Iterable[str]:
    return (name for name in _runs(ctx) if name.startswith("drill-"))


def _drills(ctx: click.Context) -> Iterable[str]:  # noqa: ARG001
    folder = Path(__file__).parents[1] / "drills" / "catalogue"
    return (path.stem.replace("_", "-") for path in folder.glob("*.py") if not path.stem.startswith("_"))


def _flow_tests(ctx: click.Context) -> Iterator[str]:
    for path in (_project(ctx) / "flows" / "tests").iterdir():
        if path.suffix == ".py" and not path.name.startswith("."):
            yield from (one["name"] for one in TESTED.finditer(read_text(path)))
        elif path.suffix == ".json" and not path.name.startswith("."):
            yield path.stem


def _flows(ctx: click.Context) -> Iterator[str]:
    for path in (_project(ctx) / "flows").iterdir():
        if path.suffix == ".json" and not path.name.startswith("."):
            yield path.stem
        elif path.suffix == ".py" and not path.name.startswith("."):
            yield from (one["name"] for one in NAMED.finditer(read_text(path)))


def _kits(ctx: click.Context) -> Iterable[str]:
    return (str(path) for path in [*Path().glob("*kit*.json"), *_state(ctx).glob("failover-kit.json")])


def _commands(ctx: click.Context) -> Iterable[str]:
    """The commands below those that the words so far name."""
    found: click.Context = ctx.find_root()
    for word in ctx.params.get("words") or ():
        inner = found.command.get_command(found, word) if isinstance(found.command, click.Group) else None
        if inner is None:
            return ()
        found = click.Context(inner, info_name=word, parent=found)
    return found.command.list_commands(found) if isinstance(found.command, click.Group) else ()


def _generations(ctx: click.Context) -> Iterable[str]:
    return (str(int(path.stem)) for path in (_state(ctx) / "generations").glob("*.json") if path.stem.isdecimal())


def kits(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The kits that are at hand; any file where none begins as the word does."""
    return completes(_kits)(ctx, param, incomplete) or [CompletionItem(incomplete, type="file")]


regions = completes(_regions)
regions_or_all = completes(_regions_or_all)
tables = completes(_named("tables"))
buckets = completes(_named("buckets"))
addresses = completes(_addresses)
topics = completes(_topics)
runs = completes(_runs)
drill_runs = completes(_drill_runs)
drills = completes(_drills)
flows = completes(_flows)
flow_tests = completes(_flow_tests)
commands = completes(_commands)
generations = completes(_generations)
