"""Everything of a contact centre that the config has words for, by kind, read and never written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.events import Listener, PhaseStarted
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import Sought
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.engine.adoption.functions import Function, look_at_functions, variables
from sbctl.engine.adoption.ways import named, within
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.planning.unlisted import completed_whole

CALLS: frozenset[str] = frozenset({"connect:GetPromptFile"})
"""Beside those of the kinds: the audio of prompts."""


@dataclass(frozen=True)
class Wish:
    """What a user names beside the instance."""

    tables: Sequence[str] = ()
    buckets: Sequence[str] = ()
    variables: frozenset[str] = frozenset()
    """Environment variables of functions whose values may be written into the config."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """What stands in flows for ids and ARNs: a placeholder or any other text."""


@dataclass(frozen=True)
class Discovered:
    """An instance, what is in it and what it works with, by kind."""

    region: str
    account: str
    instance: Live[Any]
    things: Mapping[str, Sequence[Live[Any]]]
    functions: Mapping[str, Function] = field(default_factory=dict)
    """By ARN."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Buckets that may not be looked at, or are not in the region, with the reason."""
    unsaid: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By kind: what the instance has for which the config has no words."""


def discover(kinds: Kinds, aws: AwsCalls, region: str, alias: str, wish: Wish, listen: Listener) -> Discovered:
    """Read the instance with this alias, or id, and all that it works with.

    Raises SbctlError when there is no such instance, or no table, bucket or variable that the wish names.
    """
    instance = instance_of(kinds, aws, region, alias)
    only = named(kinds)
    bucket, table, replica, storage = (only[way] for way in ("bucket", "table", "replica", "storage"))
    things: dict[str, Sequence[Live[Any]]] = {}
    for name in within(kinds):
        listen(PhaseStarted(f"reading every {kinds[name].title} of {instance.spec.alias}"))
        listed = kinds[name].list(aws, region, instance.ids["id"])
        things[name] = list(completed_whole(kinds[name], aws, region, listed))
    listen(PhaseStarted("reading functions, tables and buckets"))
    functions = look_at_functions(aws, region, [str(live.spec.function_arn) for live in things[only["function"]]])
    names = {name for one in functions.values() for name in variables(one)}
    buckets_there, tables_there = (set(kinds[name].names(aws, region)) for name in (bucket, table))
    missing = [
        *_missing("variable", "--variable", f"the functions of {instance.spec.alias}", sorted(wish.variables), names),
        *_missing("bucket", "--bucket", region, wish.buckets, buckets_there),
        *_missing("table", "--table", region, wish.tables, tables_there),
    ]
    if missing:
        raise SbctlError(*missing)
    used = {value for one in functions.values() for value in variables(one).values()}
    stored = [str(live.spec.bucket) for live in things[storage]]
    buckets, refused = _buckets(kinds[bucket], aws, region, [*stored, *wish.buckets, *sorted(used & buckets_there)])
    tables = frozenset(wish.tables) | (used & tables_there)
    return Discovered(
        region=region,
        account=str(aws.call("sts", "GetCallerIdentity", region)["Account"]),
        instance=instance,
        things={
            **things,
            bucket: buckets,
            table: list(kinds[table].find(aws, region, region, Sought(tables))),
            replica: list(kinds[replica].find(aws, region, region, Sought(tables))),
        },
        functions=functions,
        refused=refused,
        unsaid={name: list(kinds[name].unexpressed(aws, region, instance.ids["id"])) for name in within(kinds)},
    )


def instance_of(kinds: Kinds, aws: AwsCalls, region: str, alias: str) -> Live[Any]:
    """The instance with this alias or id. Raises SbctlError when there is none."""
    there = list(kinds[named(kinds)["instance"]].list(aws, region, ""))
    chosen = [live for live in there if alias in (live.spec.alias, live.ids["id"])]
    if not chosen:
        known = ", ".join(sorted(live.spec.alias for live in there)) or "none there"
        raise SbctlError(_unknown("instance", "--instance", f"{alias} in {region}; the account has {known}"))
    return chosen[0]


def _buckets(
    kind: Kind[Any, Any], aws: AwsCalls, region: str, names: Iterable[str]
) -> tuple[list[Live[Any]], dict[str, str]]:
    """Those of these buckets that may be looked at, each once, and why others may not."""
    found, refused = [], {}
    for name in dict.fromkeys(names):
        try:
            lives = list(kind.find(aws, region, "", Sought(frozenset({name}))))
        except SbctlError as error:
            refused[name] = error.problems[0].detail
            continue
        except AwsError as error:
            if not error.denied:
                raise
            refused[name] = f"the caller may not look at {name}: {error.operation} answered {error.code}"
            continue
        found += lives
        if not lives:
            refused[name] = f"there is no bucket {name}"
    return found, refused


def _missing(what: str, option: str, place: str, wanted: Iterable[str], there: set[str]) -> Iterator[Problem]:
    missing = [name for name in wanted if name not in there]
    if missing:
        detail = f"{', '.join(missing)} in {place}; there are {', '.join(sorted(there)) or 'none'}"
        yield _unknown(what, option, detail)


SUMMARIES: Mapping[str, str] = {
    "instance": "There is no Connect instance of this alias",
    "bucket": "There is no bucket of this name",
    "table": "There is no table of this name",
    "variable": "No function has a variable of this name",
}


def _unknown(what: str, option: str, detail: str) -> Problem:
    return Problem(
        code=f"no-such-{what}",
        summary=SUMMARIES[what],
        detail=detail,
        at=option,
        fix="Name one of them, by its alias or its id." if what == "instance" else "Name one of them.",
        exit=Exit.USAGE,
    )
