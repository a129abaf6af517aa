"""`python -m tests.release`: refuse what may not be released, then build and try. `--package`: build and try only."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.release.package import build, tried
from tests.release.ready import faults, look

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    """The exit code."""
    said = [] if "--package" in arguments else faults(look(ROOT))
    for line in said:
        sys.stderr.write(f"not released: {line}\n")
    if said:
        return 1
    wheel = build(ROOT)
    tried(wheel, ROOT / "constraints.txt")
    sys.stdout.write(f"built and tried: {wheel.relative_to(ROOT)} and its sdist\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
