"""Exports of another centre, made at random, on their whole way: linted, imported, deployed to three regions, drawn."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.real_flows.generator import FLOW, MODULE, QUEUE_FLOW, Made, Names, flow
from tests.real_flows.samples import SAMPLES
from tests.sandbox.deployed import EAST, WEST, Scene, undeployed

OLD = "arn:aws:connect:eu-central-1:999999999999:instance/0f0f0f0f-0000-4000-8000-000000000000"
FEW, MANY, TIMES = 12, 72, 7
BOT = "arn:aws:lex:eu-central-1:999999999999:bot-alias/ABCDEFGHIJ/KLMNOPQRST"


def _of(kind: str, number: int) -> str:
    return f"{OLD}/{kind}/00000000-0000-4000-8000-{number:012d}"


class Exports:
    """So many flows of a centre that is gone, which name each other, and a map for what they name besides."""

    def __init__(self, count: int, seed: int) -> None:
        rng = random.Random(seed)
        kinds = sorted(SAMPLES)
        types = [MODULE if number % 7 == 0 else QUEUE_FLOW if number % 7 == 1 else FLOW for number in range(count)]
        ids = [_of("flow-module" if one == MODULE else "contact-flow", number) for number, one in enumerate(types)]
        self.map = {
            _of("queue", 1): "${queue:Sales}",
            _of("queue", 2).rpartition("/")[2]: "${queue:Support}",
            _of("operating-hours", 1): "${hours:24x7}",
            "arn:aws:lambda:eu-central-1:999999999999:function:look": "${lambda:customer_lookup}",
            BOT: BOT.replace("eu-central-1", "${region}"),
        }
        arns = list(self.map)
        words = {
            "queue": arns[:2],
            "hours": arns[2:3],
            "lambda": arns[3:4],
            "lex": [BOT],
            "view": ["form"],
            "flow": [one for one, type_ in zip(ids, types, strict=True) if type_ == FLOW],
            "queue_flow": [one for one, type_ in zip(ids, types, strict=True) if type_ == QUEUE_FLOW],
            # A module that names modules could run itself, so none does.
            "module": [one for one, type_ in zip(ids, types, strict=True) if type_ == MODULE],
        }
        self.made: list[Made] = []
        for number, type_ in enumerate(types):
            known = {word: values for word, values in words.items() if (word, type_) != ("module", MODULE)}
            wanted = [kinds[(3 * number + turn) % len(kinds)] for turn in range(3)]
            self.made.append(flow(rng, f"Old {number}", type_, Names(known), wanted, size=4))
            word = "module" if type_ == MODULE else "flow"
            self.map[ids[number]] = f"${{{word}:Old {number}}}"

    def write(self, folder: Path) -> None:
        folder.mkdir()
        for one in self.made:
            (folder / f"{one.name}.json").write_text(json.dumps(one.content), encoding="utf-8")
        (folder / "map.txt").write_text(json.dumps(self.map), encoding="utf-8")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with undeployed(tmp_path) as scene:
        yield scene


def codes(envelope: Mapping[str, Any]) -> set[str]:
    return {one["code"] for one in envelope["problems"]}


def go(scene: Scene, exports: Exports, folder: Path) -> None:
    exports.write(folder)
    paths = [str(path) for path in sorted(folder.glob("*.json"))]
    code, said = scene.run("flow", "lint", *paths)
    assert (code, [one for one in said["data"]["diagnostics"] if one["level"] == "error"]) == (0, [])
    code, said = scene.run("flow", "import", *paths, "--map", str(folder / "map.txt"))
    assert (code, said["data"]["unresolved"]) == (0, []), said["problems"]
    assert len(said["data"]["imported"]) == len(exports.made)
    code, said = scene.run("flow", "lint")
    assert code == 0, said["problems"]
    code, said = scene.run("deploy", "--region", "all")
    assert code == 0, said["problems"]
    code, said = scene.run("plan", "--region", "all", "--exit-code")
    assert (code, said["data"]["summary"]["update"]) == (0, 0), said["problems"]
    for one in exports.made:
        code, said = scene.run("flow", "draw", one.name)
        assert (code, len(said["data"]["blocks"])) == (0, len(one.content["Actions"]))
    for region in (EAST, WEST):
        assert _of_elsewhere(scene, region) == []


def _of_elsewhere(scene: Scene, region: str) -> list[str]:
    """Published flows of a region that name the centre that is gone, or another region's."""
    connect = scene.client("connect", region)
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    pages = connect.get_paginator("list_contact_flows").paginate(InstanceId=instance)
    rows = [row for page in pages for row in page["ContactFlowSummaryList"]]
    wrong = []
    for row in rows:
        found = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=row["Id"])["ContactFlow"]
        others = {EAST, WEST, "eu-west-2", "eu-central-1", "0f0f0f0f"} - {region}
        if row["Name"].startswith("Old ") and any(one in found["Content"] for one in others):
            wrong.append(row["Name"])
    return wrong


def test_a_few_exports_go_the_whole_way(scene: Scene, tmp_path: Path) -> None:
    """Linted, imported with a map, deployed with an empty plan after it, drawn; none names the old centre."""
    go(scene, Exports(FEW, seed=1), tmp_path / "old")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(TIMES))
def test_exports_of_every_action_type_go_the_whole_way(scene: Scene, tmp_path: Path, seed: int) -> None:
    """The same for 72, among them each action type three times; 504 in all."""
    exports = Exports(MANY, seed)
    assert {type_ for one in exports.made for type_ in one.types} >= SAMPLES.keys() - {
        "EndFlowExecution",
        "CompleteOutboundCall",
    }
    go(scene, exports, tmp_path / "old")
