"""Types and sizes of what users write: what JSON says, no guesses, and no number that AWS cannot take."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.written import LARGEST, SMALLEST, WrittenModel
from sbctl.core.moving.rules import Rules
from sbctl.core.problem import Exit, SbctlError
from sbctl.cost.usage import read_usage
from sbctl.desired.config.items import sections_of
from sbctl.desired.config.models import Head
from sbctl.desired.config.schema import schemas
from tests.unit.desired.conftest import Folder

KINDS: tuple[Kind[Any, Any], ...] = tuple(discover("sbctl.resources", "RESOURCE").values())
MODELS: tuple[type[WrittenModel], ...] = (
    Head,
    Rules,
    *dict.fromkeys(kind.item for kind in sections_of(KINDS).values()),
)
WRONG: dict[str, tuple[Any, ...]] = {
    "integer": (True, False, "100", "", 5.5, [], {}, 2**31, -(2**31) - 1, 10**30, -(10**30)),
    "number": (True, False, "100", "", [], {}, 10**400),
    "boolean": ("yes", "true", "", 1, 0, 1.0, [], {}),
    "string": (1, 123456789012, True, 1.5, [], {}),
    "array": ("text", 1, True, {}),
}
Place = tuple[str, ...]


@pytest.fixture
def project(folder: Callable[[], Folder]) -> Folder:
    return folder()


def line_of(text: str, part: str) -> int:
    """The line on which a part of the text stands."""
    return text[: text.index(part)].count("\n") + 1


def fields(schema: dict[str, Any], root: dict[str, Any], place: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every field of a schema, those of the objects within it too, with what may stand there."""
    for name, field in schema.get("properties", {}).items():
        for one in field.get("anyOf", [field]):
            reference = one.get("$ref") or one.get("items", {}).get("$ref")
            yield (*place, name), one
            if reference:
                inner = root["$defs"][reference.rsplit("/", 1)[-1]]
                yield from fields(inner, root, (*place, name) if one.get("$ref") else (*place, name, "0"))


def cases() -> Iterator[tuple[type[WrittenModel], Place, str, Any]]:
    for model in MODELS:
        schema = model.model_json_schema(by_alias=True)
        several = {place for place, _ in fields(schema, schema)}
        for place in several:
            types = {one.get("type") for where, one in fields(schema, schema) if where == place}
            for sort in types & WRONG.keys() if len(types - {"null"}) == 1 else ():
                for value in WRONG[str(sort)]:
                    yield model, place, str(sort), value


def wrapped(place: Place, value: Any) -> Any:
    """A value at its place, and nothing beside it."""
    for name in reversed(place):
        value = [value] if name == "0" else {name: value}
    return value


def test_every_field_refuses_other_types_than_its_own() -> None:
    """No text is read as a number, no true as 1 and no 1 as true; the error stands at the field itself."""
    taken = []
    for model, place, sort, value in cases():
        with pytest.raises(ValueError) as caught:
            model.model_validate(wrapped(place, value), by_alias=True, by_name=False)
        errors: Any = caught.value
        wrong = {tuple(map(str, one["loc"])) for one in errors.errors() if one["type"] != "missing"}
        if not any(where[: len(place)] == place for where in wrong):
            taken.append((model.__name__, place, sort, value))
    assert not taken


def test_the_schemas_say_how_large_a_whole_number_may_be() -> None:
    """Editors refuse what sbctl refuses."""
    for schema in schemas(KINDS):
        text = json.dumps(schema)
        for one in re.findall(r'\{[^{}]*"type": "integer"[^{}]*\}', text):
            field = json.loads(one)
            if "enum" in field:
                continue
            assert field.get("maximum", field.get("exclusiveMaximum", LARGEST + 1)) <= LARGEST, field
            assert field.get("minimum", field.get("exclusiveMinimum", SMALLEST - 1)) >= SMALLEST, field


@pytest.mark.parametrize(
    ("old", "new", "at", "detail", "fix"),
    [
        ('"maxContacts": 100', '"maxContacts": true', "Sales", "maxContacts: true is not a whole number", "without"),
        ('"maxContacts": 100', '"maxContacts": "100"', '"100"', 'maxContacts: "100" is a text', "without quotes"),
        ('"maxContacts": 100', '"maxContacts": 1e30', "1e30", "is not at most 2147483647", "at most 2147483647"),
        ('"maxContacts": 100', '"maxContacts": ' + "9" * 5000, "999", "maxContacts: a number is too large", "JSON"),
        ('"maxContacts": 100', '"maxContacts": NaN', "NaN", "queues[0].maxContacts: NaN is not JSON", "JSON"),
        ('"maxContacts": 100', '"maxContacts": 1e400', "1e400", "queues[0].maxContacts: a number is too", "JSON"),
        ('"isPrimary": true', '"isPrimary": "yes"', "yes", '"yes" is a text, and the field takes true or', "true or"),
        ('"123456789012"', "123456789012", "account", "is a number, and the field takes a text", '"123456789012"'),
    ],
)
def test_a_wrong_type_is_told_in_plain_words(
    project: Folder, old: str, new: str, at: str, detail: str, fix: str
) -> None:
    """With file, line, field and remedy; once; and with no word of Python."""
    project.change(old, new)
    (problem,) = [one for one in project.problems() if one.code in ("bad-value", "config-syntax")]
    assert problem.at == f"config/regions.json:{line_of(project.regions, at)}"
    assert detail in problem.detail
    assert fix in problem.fix
    assert not re.search("input should|valid dictionary|set_int|instance of", problem.detail)


def test_a_whole_number_may_be_written_with_a_point(project: Folder) -> None:
    """5.0 is 5 in JSON, and was always taken."""
    project.change('"maxContacts": 100', '"maxContacts": 100.0')
    queue, *_ = project.load().project.items["queues"]
    found = getattr(queue, "max_contacts")  # noqa: B009 (the test's own kind)
    assert (found, type(found)) == (100, int)


def test_a_number_as_account_is_one_problem(project: Folder) -> None:
    """An account that cannot be read is not compared with that of the state as if it were zeros."""
    project.change('"123456789012"', '"1234"')
    assert [one.code for one in project.problems("123456789012")] == ["bad-value"]


@pytest.mark.parametrize("name", ["regions.json", "failover-rules.json"])
def test_a_file_in_another_encoding(project: Folder, name: str) -> None:
    """The line is told, and what to do."""
    project.load()
    (project.root / "config" / name).write_bytes(b'{\n"a": 1,\r\n"b": "M\xfcnchen"}')
    with pytest.raises(SbctlError) as caught:
        project.read()
    (problem,) = caught.value.problems
    assert problem.at.endswith(f"{name}:3")
    assert (problem.detail, problem.fix) == ("line 3 is not in UTF-8", "Save it as UTF-8.")


@pytest.mark.parametrize(
    ("name", "value", "said", "fix"),
    [
        ("foo", "1", "foo: there is no such field", "Use one of"),
        ("voiceMinuts", "1", "voiceMinuts: there is no such field", "'voiceMinutes'"),
        ("voiceMinutes", "many", 'voiceMinutes: "many" is a text', "a number"),
        (
            "plainChecks",
            "1.5",
            "plainChecks: 1.5 is a number, and the field takes a whole number",
            "without a fraction",
        ),
    ],
)
def test_a_wrong_usage_value_names_its_field(name: str, value: str, said: str, fix: str) -> None:
    """In the same words as the config, with a proposal."""
    with pytest.raises(SbctlError) as caught:
        read_usage("", {name: value})
    (problem,) = caught.value.problems
    assert problem.exit == Exit.USAGE
    assert said in problem.detail
    assert fix in problem.fix


def test_a_usage_file_is_read_as_strictly(tmp_path: Path) -> None:
    """Its problems have lines, too."""
    path = tmp_path / "usage.json"
    path.write_text('{\n"voiceMinutes": "5",\n"tableGb": true}')
    with pytest.raises(SbctlError) as caught:
        read_usage(str(path), {})
    assert [one.at.rpartition(":")[2] for one in caught.value.problems] == ["2", "3"]
    path.write_text('{\n"voiceMinutes": NaN}')
    with pytest.raises(SbctlError, match="Usage profile is not valid JSON"):
        read_usage(str(path), {})


def test_usage_values_are_read_by_their_fields() -> None:
    """Numbers as numbers, and a title of digits as a text."""
    found = read_usage("", {"voiceMinutes": "5e6", "title": "5", "plainChecks": "3", "load": "split"})
    assert (found.voice_minutes, found.title, found.plain_checks, found.load) == (5e6, "5", 3, "split")


@pytest.mark.parametrize(
    ("old", "new", "detail", "fix"),
    [
        ('"example.com"', '""', 'domain: "" does not have the expected form', "of the form"),
        ('"acme"', '"' + "a" * 40 + '"', "has 40 characters, and the field takes at most 32 characters", "at most 32"),
        ('"maxContacts": 100', '"maxContacts": -1', "maxContacts: -1 is not at least 0", "at least 0"),
    ],
)
def test_a_limit_is_told_in_plain_words(project: Folder, old: str, new: str, detail: str, fix: str) -> None:
    """What the value has, and what the field takes."""
    project.change(old, new)
    (problem,) = project.problems()
    assert detail in problem.detail
    assert fix in problem.fix


def test_a_link_in_the_place_of_a_config_file(project: Folder) -> None:
    """It is missing, and the text says that a link leads nowhere."""
    project.load()
    path = project.root / "config/regions.json"
    path.unlink()
    path.symlink_to("gone.json")
    with pytest.raises(SbctlError) as caught:
        project.read()
    (problem,) = caught.value.problems
    assert (problem.code, problem.detail) == ("config-missing", "it is a link to gone.json, which does not exist")
