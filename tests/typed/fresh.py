"""A fresh clone for somebody who has no AWS account and no network.

`make setup` would fetch packages. So the clone is given a virtual environment that is ready: it runs the clone's own code with the
packages of the interpreter that runs the tests. Everything after that, `make` included, is the clone's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = ("sbctl", "aws")


def fresh_clone(folder: Path) -> Path:
    """The repository at HEAD, set up."""
    place = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True)
    _set_up(place)
    return place


def _set_up(place: Path) -> None:
    made = place / ".venv"
    venv.create(made, with_pip=False, symlinks=True)
    (packages,) = made.glob("lib/python*/site-packages")
    running = sysconfig.get_path("purelib")
    (packages / "clone.pth").write_text(f"{place}\nimport site; site.addsitedir({running!r})\n", encoding="utf-8")
    for name in SCRIPTS:
        _, _, body = (Path(sysconfig.get_path("scripts")) / name).read_text(encoding="utf-8").partition("\n")
        script = made / "bin" / name
        script.write_text(f"#!{made}/bin/python\n{body}", encoding="utf-8")
        script.chmod(0o755)
    (made / "ready").touch()


def newcomer(folder: Path) -> dict[str, str]:
    """The environment variables of somebody who never used AWS here; what leaves this machine by HTTPS fails at once.

    PYTEST narrows what `make test` runs to one file: all the tests are not run inside a test.
    """
    home = folder / "home"
    home.mkdir()
    own = {Path(sysconfig.get_path("scripts")), Path(sys.executable).parent}
    path = [part for part in os.environ["PATH"].split(os.pathsep) if Path(part) not in own]
    kept = {name: os.environ[name] for name in ("TMPDIR",) if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "PATH": os.pathsep.join(path),
        "TERM": "xterm-256color",
        "PAGER": "cat",
        "LANG": "C.UTF-8",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTEST": "-p no:cacheprovider tests/unit/test_durations.py",
    }
