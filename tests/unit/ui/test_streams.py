"""What is written reaches a stream of any encoding, and a stream that nobody reads changes nothing."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sbctl.ui.streams import STAND_INS, fitting, is_size, opened, stand_in, unread

ROOT = Path(__file__).parents[3]
PLAIN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "LC_", "LANG", "SBCTL_", "COLUMNS"))
}


def drawn(path: Path) -> set[str]:
    """The characters beyond ASCII of a file's texts, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in said]
    return {letter for text in texts if isinstance(text, str) for letter in text if letter > "\x7f"}


def test_every_character_that_sbctl_draws_has_a_stand_in() -> None:
    files = [path for path in (ROOT / "sbctl").rglob("*.py") if "sandbox" not in path.parts]
    own = {
        letter
        for path in files
        if path.name not in ("console.py", "slug.py", "streams.py", "answer.py", "menus.py")
        for letter in drawn(path)
    }
    assert {"→", "…"} <= own
    assert sorted(letter for letter in own if stand_in(letter) == "?") == []


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "a → b ─│┼█ ü 営"),
        ("iso-8859-1", "a -> b -|+# ü ?"),
        ("cp1252", "a -> b -|+# ü ?"),
        ("ascii", "a -> b -|+# ? ?"),
    ],
)
def test_what_an_encoding_lacks_has_a_stand_in(encoding: str, shown: str) -> None:
    assert "a → b ─│┼█ ü 営".encode(encoding, STAND_INS).decode(encoding) == shown


def test_a_question_fits_the_stream_that_it_is_asked_on(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="ascii") as stream:
        assert fitting("Move us-east-1 → us-west-2?", stream) == "Move us-east-1 -> us-west-2?"


def test_output_is_dropped_when_the_reader_of_a_pipe_is_gone() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = opened(writing, sys.__stderr__)  # type: ignore[arg-type]  # pytest has one
    for _ in range(3):
        stream.write("nobody reads this\n" * 10_000)
        stream.flush()
    assert unread(stream)
    os.close(writing)


def sbctl(*arguments: str, encoding: str = "", redirect: str = "", columns: str = "") -> tuple[int, bytes, bytes]:
    """Exit code, stdout and stderr of a real run; `redirect` as a shell reads it."""
    asked = {name: text for name, text in (("PYTHONIOENCODING", encoding), ("COLUMNS", columns)) if text}
    env = {**PLAIN, "PYTHONPATH": str(ROOT), **asked}
    line = 'exec "$0" -m sbctl "$@" ' + redirect
    done = subprocess.run(["sh", "-c", line, sys.executable, *arguments], capture_output=True, env=env, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def project(tmp_path: Path) -> str:
    """A config that is wrong, in a text that no encoding but UTF-8 has all of."""
    config = tmp_path / "config"
    config.mkdir()
    (config / "regions.json").write_text('{"domain": "営業 → ü"}', encoding="utf-8")
    return str(config)


@pytest.mark.parametrize("encoding", ["iso-8859-1"])
def test_a_run_reports_in_the_encoding_that_there_is(project: str, encoding: str) -> None:
    code, out, err = sbctl("--config", project, "config", "check", encoding=encoding)
    assert (code, out) == (2, b"")
    shown = err.decode(encoding)
    assert "?? -> " in shown
    assert "Traceback" not in shown


def test_json_loses_nothing_in_any_encoding(project: str) -> None:
    code, out, _ = sbctl("--config", project, "--output", "json", "config", "check", encoding="ascii")
    assert code == 2
    assert "営業 → ü" in json.dumps(json.loads(out), ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "sane"),
    [
        ("80", True),
        ("1", True),
        ("0", False),
        ("", False),
        ("-5", False),
        ("80x24", False),
        ("²", False),
        ("9" * 5000, False),
    ],
)
def test_a_size_that_no_terminal_has_is_not_believed(text: str, sane: bool) -> None:
    assert is_size(text) is sane


def test_a_width_of_nothing_hides_no_output() -> None:
    """As a serial line or a container without a terminal's size says."""
    assert sbctl("explain", columns="0")[1] == sbctl("explain")[1] != b""


@pytest.mark.parametrize("redirect", ["<&- >&- 2>&-", "| true"])
def test_a_closed_stream_gives_no_traceback(redirect: str) -> None:
    code, _, err = sbctl("explain", redirect=redirect)
    assert code == 0
    assert err == b""


def test_a_closed_stream_keeps_the_exit_code(project: str) -> None:
    assert sbctl("--config", project, "config", "check", redirect=">&- 2>&-")[0] == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_told() -> None:
    code, _, err = sbctl("explain", redirect="> /dev/full")
    assert code == 1
    assert b"not complete" in err
