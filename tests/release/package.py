"""Builds sdist and wheel, and tries the wheel alone: in a fresh environment, in a folder of its own, without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

COMMANDS = (
    ("init",),
    ("config", "check"),
    ("--sandbox", "--yes", "--quiet", "deploy"),
    ("--sandbox", "plan", "--exit-code"),
    ("sandbox", "down"),
)


def build(root: Path) -> Path:
    """The wheel, beside the sdist from which it was built, in dist/."""
    into = root / "dist"
    for old in into.glob("sbctl_connect-*"):
        old.unlink()
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(into), str(root)], check=True)
    (wheel,) = into.glob("*.whl")
    return wheel


def tried(wheel: Path, constraints: Path) -> None:
    """Raises CalledProcessError at the first command that does not end with 0."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "environment", with_pip=True)
        programs = place / "environment" / ("Scripts" if os.name == "nt" else "bin")
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        subprocess.run([*pip, f"{wheel}[sandbox]", "-c", str(constraints)], check=True, env=environment)
        (place / "project").mkdir()
        for words in COMMANDS:
            sys.stdout.write(f"sbctl {' '.join(words)}\n")
            sys.stdout.flush()
            subprocess.run([str(programs / "sbctl"), *words], check=True, cwd=place / "project", env=environment)
