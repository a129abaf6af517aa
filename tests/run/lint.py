"""`python -m tests.run.lint`: format and lint of the files that differ from main; of all, when none does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.run.changed import changed_files

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Exit code 1 when ruff has something to say."""
    files = changed_files(ROOT) or ["."]
    sys.stdout.write("lint of all files\n" if files == ["."] else f"lint of {len(files)} changed files\n")
    sys.stdout.flush()
    runs = (["format", "--check"], ["check"])
    # --force-exclude: files that are named are checked even where the settings leave them out.
    codes = [
        subprocess.run([sys.executable, "-m", "ruff", *run, "--quiet", "--force-exclude", *files], cwd=ROOT).returncode
        for run in runs
    ]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
