"""`python -m tests.new_kind NAME [--noun NOUN]`: write the files of a kind. Nothing is overwritten."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tests.new_kind.write import Refused, write_kind

ROOT = Path(__file__).parents[2]


def main() -> int:
    """0 when the files were written, 2 when they were not."""
    parser = argparse.ArgumentParser(prog="make new-kind", description=__doc__, allow_abbrev=False)
    parser.add_argument("name", metavar="NAME", help="of the kind: connect_quick_connect")
    parser.add_argument("--noun", default="", help="AWS's word in its operations. Default: the name's, QuickConnect")
    chosen = parser.parse_args()
    try:
        written = write_kind(ROOT, chosen.name, chosen.noun)
    except Refused as why:
        sys.stderr.write(f"{why}\n")
        return 2
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", *map(str, written)], check=True, cwd=ROOT)
    sys.stdout.write("".join(f"{path.relative_to(ROOT)}\n" for path in written))
    sys.stdout.write(
        "Complete them, then run: make schema; make coverage;"
        " python -m pytest tests/conformance tests/unit/checks/test_severity.py\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
