"""Whatever an answer lacks or has instead, a kind gives a value, or one of the errors that its callers know."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind, NotReady
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Spec
from sbctl.core.kinds.values import plain, resolve
from sbctl.core.problem import SbctlError
from sbctl.core.state import Record
from tests.sandbox.deployed import EAST, Scene, deployed
from tests.sandbox.layers.damaged import Damaged
from tests.sandbox.layers.in_process import InProcess
from tests.sandbox.layers.refusing import Refusing

KINDS: dict[str, Kind[Any, Any]] = discover("sbctl.resources", "RESOURCE")
CASES, LONG_CASES = 3, 32
"""Of each kind and operation: about five hundred, and five thousand, in all."""
LIKELIHOOD = 0.6
EXPECTED = (AwsError, SbctlError, NotReady)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("damaged")) as found:
        yield found


@pytest.fixture(scope="module")
def aws(scene: Scene) -> InProcess:
    return InProcess(scene.world)


@pytest.fixture(scope="module")
def records(scene: Scene) -> Mapping[str, Record]:
    """One of each kind that is deployed."""
    text = json.loads((scene.state / "sbctl.json").read_text(encoding="utf-8"))
    found = [Record.model_validate(one) for one in text["state"]["records"].values()]
    return {record.at.kind: record for record in found if record.at.region in (EAST, "global")}


def resolved(kind: Kind[Any, Any]) -> list[Spec]:
    """Its examples, with a text in place of each reference."""
    return [type(one).model_validate(resolve(plain(one), lambda _: "reference")) for one in kind.examples]


def operations(kind: Kind[Any, Any], record: Record | None, aws: InProcess) -> dict[str, Callable[[], object]]:
    """Everything that the engine asks of a kind."""
    before, after = resolved(kind)
    region = kind.home or EAST
    ids = dict(record.ids) if record else dict.fromkeys(("id", "arn", "instance", "name", "zone", "home"), "reference")
    applied = record.applied if record else plain(before)
    within = str(applied.get(kind.within, "")) if kind.within else ""
    key = kind.key(kind.spec.model_construct(**applied))
    return {
        "list": lambda: list(kind.list(aws, region, within)),
        "find": lambda: list(kind.find(aws, region, within, Sought(frozenset({key})))),
        "read": lambda: kind.read(aws, region, ids),
        "ready": lambda: kind.ready(aws, region, ids),
        "create": lambda: kind.create(aws, region, before, "11111111-1111-1111-1111-111111111111"),
        "update": lambda: kind.update(aws, region, ids, before, after, plain(before)),
        "delete": lambda: kind.delete(aws, region, ids),
    }


def run(name: str, cases: range, aws: InProcess, records: Mapping[str, Record]) -> None:
    for operation, act in operations(KINDS[name], records.get(name), aws).items():
        for seed in cases:
            aws.layer = (Refusing if seed % 2 else Damaged)(seed, LIKELIHOOD)
            try:
                act()
            except EXPECTED:
                pass
            except Exception as error:
                raise AssertionError(f"{name}.{operation} with seed {seed}: {type(error).__name__}: {error}") from error


@pytest.mark.parametrize("name", sorted(KINDS))
def test_damaged_answers_end_in_known_errors(name: str, aws: InProcess, records: Mapping[str, Record]) -> None:
    """In every operation of every kind."""
    run(name, range(CASES), aws, records)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(KINDS))
def test_many_damaged_answers_end_in_known_errors(name: str, aws: InProcess, records: Mapping[str, Record]) -> None:
    """The same, with more of them."""
    run(name, range(CASES, CASES + LONG_CASES), aws, records)
