"""The house keeps its floors: imports point down only, and a few libraries live in one room each."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent / "sbctl"
FLOORS = {
    "core": 0,
    "files": 0,
    "desired": 1,
    "store": 1,
    "aws": 1,
    "probes": 1,
    "resources": 2,
    "checks": 2,
    "engine": 3,
    "cost": 3,
    "permissions": 3,
    "failover": 3,
    "drills": 4,
    "ui": 4,
    "commands": 5,
}
TOP = 6  # app.py and main.py
SEPARATE = [{"desired", "store", "aws", "probes"}, {"resources", "checks"}, {"drills", "ui"}]
ONLY_IN = {
    "boto3": {"aws", "sandbox"},
    "botocore": {"aws", "sandbox"},
    "moto": {"sandbox"},
    "cheroot": {"sandbox"},
    "dns": {"probes"},
    "rich": {"ui"},
    "jinja2": {"ui"},
    "pygal": {"ui"},
    "click": {"commands", "main.py"},
}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
            reason = offence(path, mine, module)
            if reason:
                yield f"sbctl/{where(path)}:{line} imports {module}: {reason}"


def offence(path: Path, mine: str, module: str) -> str:
    root = module.split(".")[0]
    if root in ONLY_IN and mine not in ONLY_IN[root]:
        return f"{root} belongs to {', '.join(sorted(ONLY_IN[root]))}"
    if root != "sbctl" or room(module) in ("", "__version__", mine):
        return ""
    other = room(module)
    if mine == "sandbox":
        return "the sandbox shares no code with the product"
    if other == "sandbox":
        return (
            "" if where(path) == "commands/sandbox_server.py" else "only commands/sandbox_server.py knows the sandbox"
        )
    if other in ("app", "main"):
        return (
            ""
            if (mine in ("app.py", "main.py", "commands") and other == "app") or mine == "__main__.py"
            else "the top is nobody's floor"
        )
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


def private_imports(path: Path) -> Iterator[tuple[int, str]]:
    """What a file imports of the private modules of resources/, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sbctl.resources"):
            for name in (f"{node.module}.{alias.name}" for alias in node.names):
                if "._" in name:
                    yield node.lineno, name


def test_the_engine_names_no_kind() -> None:
    """What is special about a kind is a fact of the kind: the engine finds kinds by their facts."""
    engine = [path for path in files() if own_room(path) == "engine"]
    named = [f"{where(path)}:{line} {kind}" for path in engine for line, kind in named_kinds(path.read_text("utf-8"))]
    assert named == []
    private = [f"{where(path)}:{line} {module}" for path in engine for line, module in private_imports(path)]
    assert private == []


def test_a_named_kind_is_noticed() -> None:
    """The check can fail."""
    assert list(named_kinds('ROLE = "iam_role"')) == [(1, "iam_role")]
    assert list(private_imports(ROOT / "resources" / "connect_hours.py"))


def test_an_upward_import_is_noticed() -> None:
    """The check can fail: core importing the engine is an offence, and so is boto3 in the engine."""
    assert offence(ROOT / "core" / "plan.py", "core", "sbctl.engine.planner")
    assert offence(ROOT / "engine" / "planner.py", "engine", "boto3")
    assert offence(ROOT / "sandbox" / "server.py", "sandbox", "sbctl.core.address")


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
