"""What every kind in sbctl/resources/ must be, from its facts alone: no call is made. New kinds join by themselves."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import botocore.session
import pytest
from pydantic import BaseModel

from sbctl.checks.severity import UNRANKED, severity
from sbctl.cli.nouns import noun
from sbctl.core.kinds.compare import changes, replaced_by
from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.values import from_json, plain, to_json

SHELF: dict[str, Kind[Any, Any]] = discover("sbctl.resources", "RESOURCE")
every_kind = pytest.mark.parametrize("name", sorted(SHELF))


@cache
def operations(service: str) -> frozenset[str]:
    """All operations that AWS has for a service."""
    return frozenset(botocore.session.get_session().get_service_model(service).operation_names)


def sources(module: ModuleType) -> Iterator[str]:
    """The source of a kind's file and of the shared files that it imports, direct and further."""
    seen: set[str] = set()
    pending = [module]
    while pending:
        current = pending.pop()
        if current.__name__ in seen or current.__file__ is None:
            continue
        seen.add(current.__name__)
        source = Path(current.__file__).read_text(encoding="utf-8")
        yield source
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sbctl.resources"):
                pending += _shared(node)


def _shared(node: ast.ImportFrom) -> Iterator[ModuleType]:
    """The modules of the folders below resources/ that are imported: what kinds are made of, and no kind."""
    folder = importlib.import_module(str(node.module))
    parts = [getattr(folder, alias.name) for alias in node.names] if hasattr(folder, "__path__") else [folder]
    return (part for part in parts if isinstance(part, ModuleType) and part.__name__.count(".") > 2)


def words(source: str) -> set[str]:
    """The text constants of a file, without those of `calls`, where every operation is named anyway."""
    tree = ast.parse(source)
    declared = {
        id(constant)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "calls" for target in node.targets)
        for constant in ast.walk(node)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in declared
    }


@every_kind
def test_facts_are_complete(name: str) -> None:
    """A kind is called as its file is, and says what people and documents need."""
    kind = SHELF[name]
    assert kind.name == name
    assert kind.scope in ("regional", "global")
    assert kind.docs.startswith("https://docs.aws.amazon.com/")
    assert noun(kind.name) == noun(kind.name).lower()
    assert kind.title
    assert kind.spec.__doc__


def test_nouns_and_sections_are_unique() -> None:
    """No two kinds share a command or a section."""
    for facts in ([noun(name) for name in SHELF], [kind.section for kind in SHELF.values() if kind.section]):
        assert len(facts) == len(set(facts))


@every_kind
def test_declared_fields_exist(name: str) -> None:
    """Whatever a spec says of its fields names fields that it has."""
    kind = SHELF[name]
    spec = kind.spec
    named = spec.replace_on | spec.owned_maps | spec.create_only | spec.as_sets | spec.deferred | spec.as_is
    named |= spec.confidential | spec.personal | spec.unlisted | {*spec.taken_back, *spec.stays}
    assert named <= set(spec.model_fields)
    assert spec.trusted <= spec.unlisted, "only what a list leaves out is taken as recorded"
    assert not kind.within or kind.within in spec.model_fields
    assert not kind.columns or (kind.item is not None and {*kind.columns} <= fields_of(kind.item))


@every_kind
def test_what_a_list_leaves_out_is_read_by_itself(name: str) -> None:
    """Without `complete` an unlisted field would be None in every plan; without the field, nobody calls it."""
    kind = SHELF[name]
    assert overrides(kind, "complete") == bool(kind.spec.unlisted)


@every_kind
def test_guards_say_what_they_guard(name: str) -> None:
    """What a refusal says of a deletion belongs to a kind whose deletions are refused."""
    kind = SHELF[name]
    assert kind.protected or not kind.loses


def overrides(kind: Kind[Any, Any], method: str) -> bool:
    """Whether a kind has a method of its own in place of the contract's."""
    return getattr(type(kind), method) is not getattr(Kind, method)


def fields_of(item: type[BaseModel]) -> set[str]:
    """The fields of a config item, as the file has them and as Python does."""
    return {*item.model_fields} | {field.alias for field in item.model_fields.values() if field.alias}


@every_kind
def test_declared_calls_are_operations_of_aws(name: str) -> None:
    """Policies are made of these names, so each must be one that AWS knows."""
    for call in SHELF[name].calls:
        service, _, operation = call.partition(":")
        assert operation in operations(service), call


@every_kind
def test_no_call_is_declared_in_vain(name: str) -> None:
    """Every declared operation is named where calls are made, so that policies allow nothing needless."""
    module = importlib.import_module(f"sbctl.resources.{name}")
    used = set().union(*(words(source) for source in sources(module)))
    assert {call.partition(":")[2] for call in SHELF[name].calls} <= used


@every_kind
def test_examples_survive_a_plan_file(name: str) -> None:
    """A spec written to JSON and read again is the same spec."""
    for example in SHELF[name].examples:
        assert type(example).model_validate(from_json(to_json(plain(example)))) == example


@every_kind
def test_examples_are_one_resource_before_and_after(name: str) -> None:
    """Both have the same key, and the change between them can be made in place."""
    kind = SHELF[name]
    before, after = kind.examples
    assert kind.key(before) == kind.key(after)
    assert not replaced_by(kind, changes(kind, plain(after), plain(before), {}))


@every_kind
def test_an_example_equals_itself(name: str) -> None:
    """Comparing a spec with itself finds no change."""
    kind = SHELF[name]
    for example in kind.examples:
        assert changes(kind, plain(example), plain(example), plain(example)) == ()


@every_kind
def test_a_field_that_may_be_none_says_what_none_means(name: str) -> None:
    """Taken back, stays, or as it is: what sbctl applied and the config no longer says is one of these three."""
    spec = SHELF[name].spec
    said = [*spec.taken_back, *spec.stays, *spec.as_is]
    optional = {field for field, info in spec.model_fields.items() if type(None) in get_args(info.annotation)}
    assert sorted(said) == sorted(optional - spec.replace_on - spec.create_only)


@every_kind
def test_severity_ranks_every_field_that_can_drift(name: str) -> None:
    """A kind that is not ranked, or whose rest is not, would sort last whatever it breaks."""
    kind = SHELF[name]
    address = kind.address("us-east-1", "any")
    assert [field for field in kind.spec.model_fields if severity(kind, address, field).why == UNRANKED.why] == []
