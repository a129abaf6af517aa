"""Everything of a contact centre that the config has words for, by kind, read and never written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.aws_error import AwsError
from sbctl.core.events import Listener, PhaseStarted
from sbctl.core.paging import pages
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.resource import AwsCalls, Live
from sbctl.core.sought import Sought
from sbctl.engine.adoption.functions import Function, look_at_functions, variables
from sbctl.engine.targets import Kinds
from sbctl.resources._dynamodb import table_names

CALLS: frozenset[str] = frozenset({"connect:GetPromptFile"})
"""Beside those of the kinds: the audio of prompts."""
INSTANCE = "connect_instance"
STORAGE = "connect_storage"
BUCKET = "s3_bucket"
TABLE = "dynamodb_table"
REPLICA = "dynamodb_replica"
FUNCTION = "connect_lambda"
WITHIN = (
    "connect_hours",
    "connect_queue",
    FUNCTION,
    "connect_prompt",
    "connect_flow_module",
    "connect_flow",
    "connect_routing_profile",
    STORAGE,
)
"""What is taken over of an instance, each after what its items name; flows and modules name each other."""
READS: frozenset[str] = frozenset(
    {
        INSTANCE,
        *WITHIN,
        BUCKET,
        TABLE,
        REPLICA,
        "iam_role",
        "lambda_function",
        "route53_health_check",
        "route53_record",
        "route53_zone",
    }
)
"""Kinds that are read."""
UNSAYABLE_STORAGE = (
    "AGENT_EVENTS",
    "ATTACHMENTS",
    "CONTACT_EVALUATIONS",
    "CONTACT_TRACE_RECORDS",
    "EMAIL_MESSAGES",
    "MEDIA_STREAMS",
    "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS",
    "REAL_TIME_CONTACT_ANALYSIS_SEGMENTS",
    "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS",
    "SCREEN_RECORDINGS",
)
"""Types of storage of which the config does not speak."""


@dataclass(frozen=True)
class Wish:
    """What a user names beside the instance."""

    tables: Sequence[str] = ()
    buckets: Sequence[str] = ()
    variables: frozenset[str] = frozenset()
    """Environment variables of functions whose values may be written into the config."""


@dataclass(frozen=True)
class Estate:
    """An instance, what is in it and what it works with, by kind."""

    region: str
    account: str
    instance: Live[Any]
    things: Mapping[str, Sequence[Live[Any]]]
    functions: Mapping[str, Function] = field(default_factory=dict)
    """By ARN."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Buckets that may not be looked at, or are not in the region, with the reason."""
    storage: Sequence[str] = ()
    """Types of data that the instance stores, and of which the config does not speak."""


def discover(kinds: Kinds, aws: AwsCalls, region: str, alias: str, wish: Wish, listen: Listener) -> Estate:
    """Read the instance with this alias, or id, and all that it works with.

    Raises SbctlError when there is no such instance, or no table, bucket or variable that the wish names.
    """
    instance = _instance(kinds, aws, region, alias)
    things: dict[str, Sequence[Live[Any]]] = {}
    for name in WITHIN:
        listen(PhaseStarted(f"reading every {kinds[name].title} of {instance.spec.alias}"))
        things[name] = list(kinds[name].list(aws, region, instance.ids["id"]))
    listen(PhaseStarted("reading functions, tables and buckets"))
    functions = look_at_functions(aws, region, [str(live.spec.function_arn) for live in things[FUNCTION]])
    names = {name for one in functions.values() for name in variables(one)}
    buckets_there, tables_there = _bucket_names(aws, region), set(table_names(aws, region))
    missing = [
        *_missing("variable", "--variable", f"the functions of {instance.spec.alias}", sorted(wish.variables), names),
        *_missing("bucket", "--bucket", region, wish.buckets, buckets_there),
        *_missing("table", "--table", region, wish.tables, tables_there),
    ]
    if missing:
        raise SbctlError(*missing)
    named = {value for one in functions.values() for value in variables(one).values()}
    stored = [str(live.spec.bucket) for live in things[STORAGE]]
    buckets, refused = _buckets(kinds, aws, region, [*stored, *wish.buckets, *sorted(named & buckets_there)])
    tables = frozenset(wish.tables) | (named & tables_there)
    return Estate(
        region=region,
        account=str(aws.call("sts", "GetCallerIdentity", region)["Account"]),
        instance=instance,
        things={
            **things,
            BUCKET: buckets,
            TABLE: list(kinds[TABLE].find(aws, region, region, Sought(tables))),
            REPLICA: list(kinds[REPLICA].find(aws, region, region, Sought(tables))),
        },
        functions=functions,
        refused=refused,
        storage=[kind for kind in UNSAYABLE_STORAGE if _stores(aws, region, instance.ids["id"], kind)],
    )


def _instance(kinds: Kinds, aws: AwsCalls, region: str, alias: str) -> Live[Any]:
    there = list(kinds[INSTANCE].list(aws, region, ""))
    chosen = [live for live in there if alias in (live.spec.alias, live.ids["id"])]
    if not chosen:
        known = ", ".join(sorted(live.spec.alias for live in there)) or "none there"
        raise SbctlError(_unknown("instance", "--instance", f"{alias} in {region}; the account has {known}"))
    return chosen[0]


def _bucket_names(aws: AwsCalls, region: str) -> set[str]:
    tokens = ("ContinuationToken", "ContinuationToken")
    rows = pages(aws, "s3", "ListBuckets", region, "Buckets", tokens, MaxBuckets=1000, BucketRegion=region)
    return {str(row["Name"]) for row in rows}


def _buckets(kinds: Kinds, aws: AwsCalls, region: str, names: Iterable[str]) -> tuple[list[Live[Any]], dict[str, str]]:
    """Those of these buckets that may be looked at, each once, and why others may not."""
    found, refused = [], {}
    for name in dict.fromkeys(names):
        try:
            lives = list(kinds[BUCKET].find(aws, region, "", Sought(frozenset({name}))))
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


def _stores(aws: AwsCalls, region: str, instance: str, kind: str) -> bool:
    ask = {"InstanceId": instance, "ResourceType": kind}
    tokens = ("NextToken", "NextToken")
    return any(pages(aws, "connect", "ListInstanceStorageConfigs", region, "StorageConfigs", tokens, **ask))


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
