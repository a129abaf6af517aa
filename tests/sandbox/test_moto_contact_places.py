"""Contact with moto is in moto_bridge/ alone: each file names its test of contact, and moto is pinned everywhere alike."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

from sbctl.sandbox.moto_bridge.backends import MOTO_VERSION

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted((ROOT / "sbctl").rglob("*.py"))
CONTACTS = [
    path
    for path in sorted((ROOT / "sbctl" / "sandbox" / "moto_bridge").glob("*.py"))
    if path.name not in ("__init__.py", "allowed_operations.py")  # a list of names, which touches nothing
]
NAMED_TEST = re.compile(r"tests/sandbox/(test_\w+\.py)")
PIN = re.compile(r"^moto(?:\[[a-z]+\])?==(.+)$")


def names_of_moto(source: Path) -> Iterator[tuple[str, str]]:
    """Each module of moto's that a file imports, and the name that it takes from it ("" for the module)."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "moto":
            yield from ((str(node.module), alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.partition(".")[0] == "moto")
        elif isinstance(node, ast.Call) and "import_module" in (_end(node.func), getattr(node.func, "id", "")):
            texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
            # of a name that is put together, as far as it is written there
            yield from ((str(text).rstrip("."), "") for text in texts[:1] if str(text).partition(".")[0] == "moto")


def _end(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ""


POINTS = sorted({(source.name, *point) for source in CONTACTS for point in names_of_moto(source)})


def test_nothing_else_imports_moto() -> None:
    """Whoever needs moto's inside asks one of the files that are its contact."""
    assert [str(one) for one in SOURCES if one not in CONTACTS and any(names_of_moto(one))] == []


@pytest.mark.parametrize("contact", CONTACTS, ids=lambda path: path.name)
def test_each_contact_names_its_test(contact: Path) -> None:
    """The docstring names a test of contact that is there and that knows the file."""
    named = NAMED_TEST.findall(ast.get_docstring(ast.parse(contact.read_text(encoding="utf-8"))) or "")
    assert named
    assert all((ROOT / "tests" / "sandbox" / name).is_file() for name in named)


@pytest.mark.parametrize(("contact", "module", "name"), POINTS)
def test_what_is_imported_is_there(contact: str, module: str, name: str) -> None:
    """Every module and name that a contact takes from moto exists in the moto that is installed."""
    found = import_module(module)
    assert not name or hasattr(found, name) or import_module(f"{module}.{name}"), f"{contact}: {module}.{name} moved"


def test_the_pins_are_one() -> None:
    """The extra, the constraints, the code and what is installed are one version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        *project["optional-dependencies"]["sandbox"],
        *(ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines(),
    ]
    pins = [found[1] for line in lines if (found := PIN.match(line))]
    assert pins == [MOTO_VERSION, MOTO_VERSION]
    assert version("moto") == MOTO_VERSION
