"""The files that the repository ships: the default config, its schemas, flows and Lambda sources, with the real kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind
from sbctl.desired.config.schema import REGIONS_SCHEMA, RULES_SCHEMA, as_text, schemas
from sbctl.desired.load import Loaded, load_project

ROOT = Path(__file__).parents[3]
Kinds = tuple[Kind[Any, Any], ...]


@pytest.fixture(scope="module")
def kinds() -> Kinds:
    return tuple(discover("sbctl.resources", "RESOURCE").values())


@pytest.fixture(scope="module")
def loaded(kinds: Kinds) -> Loaded:
    return load_project(ROOT / "config", kinds, ROOT / "flows", ROOT / "lambdas")


def test_default_config_is_sound(loaded: Loaded) -> None:
    """The config of a fresh clone has no problems and puts an instance and three queues into each of three regions."""
    names = [str(desired.address) for desired in loaded.desired]
    for region in ("us-east-1", "us-west-2", "eu-west-2"):
        assert f"connect_instance.{region}.enterprise" in names
        assert {f"connect_queue.{region}.{name}" for name in ("sales", "vip-sales", "support")} <= set(names)


def test_every_resource_of_an_item_knows_its_line(loaded: Loaded) -> None:
    """What an item of the file asks for points at the line of that item."""
    text = (ROOT / "config/regions.json").read_text().splitlines()
    queue = next(desired for desired in loaded.desired if str(desired.address) == "connect_queue.us-west-2.vip-sales")
    assert '"VIP-Sales"' in text[int(queue.at.rsplit(":", 1)[1]) - 1]


def test_loading_twice_gives_the_same(loaded: Loaded, kinds: Kinds) -> None:
    """Nothing that is wanted depends on when it was read: digest and resources are equal."""
    again = load_project(ROOT / "config", kinds, ROOT / "flows", ROOT / "lambdas")
    assert again.digest == loaded.digest
    assert [desired.values for desired in again.desired] == [desired.values for desired in loaded.desired]


@pytest.mark.parametrize("name", [REGIONS_SCHEMA, RULES_SCHEMA])
def test_schema_in_the_repository_is_current(name: str, kinds: Kinds) -> None:
    """The schemas in config/schema/ are those of the models; when this fails, run `make schema`."""
    current = dict(zip((REGIONS_SCHEMA, RULES_SCHEMA), schemas(kinds), strict=True))
    assert (ROOT / "config/schema" / name).read_text(encoding="utf-8") == as_text(current[name])


def test_schema_knows_every_section_and_its_overrides(kinds: Kinds) -> None:
    """Each kind's section is in the schema with its item, whose overrides take the item's own fields."""
    regions, _ = schemas(kinds)
    sections = {kind.section for kind in kinds if kind.section}
    assert sections <= regions["properties"].keys()
    item = regions["$defs"][regions["properties"]["queues"]["items"]["$ref"].rsplit("/", 1)[1]]
    override = item["properties"]["overrides"]["additionalProperties"]["properties"]
    assert "maxContacts" in override
    assert "name" not in override


@pytest.mark.parametrize("file", ["regions.json", "failover-rules.json"])
def test_config_files_name_their_schema(file: str) -> None:
    """Editors find the schema beside the file."""
    schema = json.loads((ROOT / "config" / file).read_text())["$schema"]
    assert (ROOT / "config" / schema).is_file()


@pytest.mark.parametrize("name", [REGIONS_SCHEMA, RULES_SCHEMA])
def test_every_field_of_the_schema_is_described(name: str) -> None:
    """An editor shows it beside the field; those of parts too."""
    schema = json.loads((ROOT / "config/schema" / name).read_text(encoding="utf-8"))
    parts = {"": schema, **schema["$defs"]}
    found = [
        f"{part}.{field}"
        for part, model in parts.items()
        for field, what in model.get("properties", {}).items()
        if not what.get("description")
    ]
    assert found == []
