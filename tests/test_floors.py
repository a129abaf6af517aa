"""The house keeps its floors: imports point down only, and a few libraries live in one room each."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house import PAGE, ROOMS, drawn

ROOT = Path(__file__).parent.parent / "sbctl"
FLOORS = {room.name.rstrip("/"): room.floor for room in ROOMS}
TOP = 10
BUDGET = 15
"""Files of a folder, `__init__.py` left out."""
LARGER = {
    "resources": (35, "one file a kind, and nothing else"),
    "ui/draw": (18, "one file a view"),
    "sandbox/awslambda": (18, "one file a group of operations, as AWS has them"),
    "sandbox/dynamodb": (17, "one file a group of operations, as AWS has them"),
    "sandbox/route53": (19, "one file a group of operations, as AWS has them"),
    "sandbox/s3": (20, "one file a group of operations, as AWS has them"),
}
"""Folders that hold more, how many at most, and why."""
SEPARATE = [{room.name.rstrip("/"), other.rstrip("/")} for room in ROOMS for other in room.beside]
ONLY_IN = {
    "boto3": {"aws", "sandbox"},
    "botocore": {"aws", "sandbox"},
    "moto": {"sandbox"},
    "cheroot": {"sandbox"},
    "dns": {"probes"},
    "rich": {"ui"},
    "jinja2": {"ui"},
    "pygal": {"ui"},
    "click": {"cli", "commands", "main.py"},
}


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of a file's syntax; every test here looks at it."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, with the line."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def room(module: str) -> str:
    """`sbctl.engine.plan` → `engine`; `sbctl.app` → `app`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def files() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def own_room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def offences() -> Iterator[str]:
    for path in files():
        mine = own_room(path)
        for line, module in imports(path):
            reason = offence(mine, module)
            if reason:
                yield f"sbctl/{where(path)}:{line} imports {module}: {reason}"


def offence(mine: str, module: str) -> str:
    root = module.split(".")[0]
    if root in ONLY_IN and mine not in ONLY_IN[root]:
        return f"{root} belongs to {', '.join(sorted(ONLY_IN[root]))}"
    if root != "sbctl" or room(module) in ("", "__version__", mine):
        return ""
    other = room(module)
    if mine == "sandbox":
        return "the sandbox shares no code with the product"
    if other == "sandbox":
        return "" if mine == "local_sandbox.py" else "only local_sandbox.py knows the sandbox"
    other = f"{other}.py" if f"{other}.py" in FLOORS else other
    if FLOORS.get(other, TOP) > FLOORS.get(mine, TOP):
        return f"{mine} is below {other}"
    if any({mine, other} <= group for group in SEPARATE):
        return f"{mine} and {other} do not know each other"
    return ""


def test_imports_point_down() -> None:
    """No file imports from a higher floor, from a neighbour that it must not know, or a library of another room."""
    assert list(offences()) == []


def named_kinds(source: str) -> Iterator[tuple[int, str]]:
    """The names of kinds among the texts of a file, docstrings left out, with the line."""
    kinds = {path.stem for path in (ROOT / "resources").glob("*.py") if not path.stem.startswith("_")}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in kinds:
            yield node.lineno, str(node.value)


def modules() -> dict[str, Path]:
    """Every module of sbctl, with its file."""
    named = {path: path.relative_to(ROOT.parent).with_suffix("").parts for path in files()}
    return {".".join(parts[:-1] if parts[-1] == "__init__" else parts): path for path, parts in named.items()}


def imported(path: Path, known: Mapping[str, Path]) -> set[str]:
    """The modules of sbctl that a file imports, wherever in it."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            found |= {name if name in known else node.module for name in names}
    return found & known.keys()


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Not even inside of functions."""
    known = modules()
    graph = {name: imported(path, known) - {name} for name, path in known.items()}
    TopologicalSorter(graph).prepare()


def folder(path: Path) -> str:
    return path.relative_to(ROOT).parent.as_posix()


def known_both_ways(edges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of folders that import from each other, neither inside the other."""
    found = set(edges)
    inside = {(one, other) for one, other in found if f"{other}/".startswith(f"{one}/") or one == "."}
    apart = found - inside - {(other, one) for one, other in inside}
    return sorted((one, other) for one, other in apart if one < other and (other, one) in apart)


def test_no_two_folders_know_each_other() -> None:
    """Of two folders side by side one is below the other, also within a floor."""
    known = modules()
    edges = {
        (folder(path), folder(known[name]))
        for path in known.values()
        for name in imported(path, known)
        if folder(path) != folder(known[name])
    }
    assert known_both_ways(edges) == []


def test_folders_that_know_each_other_are_noticed() -> None:
    """The check can fail; a folder and one inside of it may know each other."""
    assert known_both_ways([("a/b", "a/c"), ("a/c", "a/b"), ("a", "a/b"), ("a/b", "a")]) == [("a/b", "a/c")]


def test_a_circle_is_noticed() -> None:
    """The check can fail."""
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


def private(name: str, known: Iterable[str]) -> list[str]:
    """Which of these modules are private to another folder than that of the module `name`."""
    return [one for one in known if "._" in one and not name.startswith(f"{one.partition('._')[0]}.")]


def test_no_folder_imports_private_modules_of_another() -> None:
    """What begins with an underscore is its folder's own."""
    known = modules()
    found = {name: private(name, imported(path, known)) for name, path in known.items()}
    assert {name: ones for name, ones in found.items() if ones} == {}
    assert private("sbctl.engine.session", ["sbctl.resources._calls"])


def test_no_folder_is_crowded() -> None:
    """About fifteen files a folder; each exception has its reason and its own limit."""
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in files() if path.name != "__init__.py")
    most = {folder: LARGER.get(folder, (BUDGET, ""))[0] for folder in counts}
    assert {folder: count for folder, count in counts.items() if count > most[folder]} == {}
    assert all(counts[folder] > BUDGET for folder in LARGER), "an exception that is needed no more"


def test_the_engine_names_no_kind() -> None:
    """What is special about a kind is a fact of the kind: the engine finds kinds by their facts."""
    engine = [path for path in files() if own_room(path) == "engine"]
    named = [f"{where(path)}:{line} {kind}" for path in engine for line, kind in named_kinds(path.read_text("utf-8"))]
    assert named == []
    known = modules()
    assert [
        where(path) for path in engine if any(one.startswith("sbctl.resources") for one in imported(path, known))
    ] == []


def test_a_named_kind_is_noticed() -> None:
    """The check can fail."""
    assert list(named_kinds('ROLE = "iam_role"')) == [(1, "iam_role")]


def test_the_map_shows_every_room_as_it_is() -> None:
    """The drawing is made of the table that imports are held against. When this fails: python -m tests.house."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == drawn(page)
    rooms = {path.relative_to(ROOT).parts[0] for path in files()} - {"sandbox", "__init__.py", "__main__.py"}
    assert rooms == FLOORS.keys()


def test_an_upward_import_is_noticed() -> None:
    """The check can fail: core importing the engine is an offence, and so is boto3 in the engine."""
    assert offence("core", "sbctl.engine.planning.planner")
    assert offence("engine", "boto3")
    assert offence("sandbox", "sbctl.core.address")


def test_core_needs_only_the_standard_library_and_pydantic() -> None:
    """Floor 0 is pure."""
    allowed = set(sys.stdlib_module_names) | {"pydantic", "pydantic_core", "sbctl"}
    found = [
        f"{where(path)}:{line} {module}"
        for path in files()
        if own_room(path) == "core"
        for line, module in imports(path)
        if module.split(".")[0] not in allowed
    ]
    assert found == []


def test_help_loads_neither_boto3_nor_moto_nor_pydantic() -> None:
    """`sbctl --help` is light: it imports no command, no AWS library and no models."""
    code = (
        "import sys\n"
        "from sbctl.main import cli\n"
        "try:\n    cli(['--help'], prog_name='sbctl')\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'boto3', 'botocore', 'moto', 'pydantic', 'rich', 'yaml', 'tenacity'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {sorted(heavy)}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "deploy" in done.stdout


def test_no_patching_in_tests() -> None:
    """Tests reach into nothing: fakes are shipped beside the real thing."""
    words = ("mock" + ".patch", "monkeypatch" + ".setattr", "unittest" + ".mock")
    found = [
        f"{path.relative_to(ROOT.parent)}:{number}"
        for path in sorted((ROOT.parent / "tests").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(word in line for word in words)
    ]
    assert found == []
