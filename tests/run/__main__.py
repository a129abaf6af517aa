"""`python -m tests.run [--seed N] ARGUMENTS`: pytest in an order drawn from a seed, with its temporary files in memory."""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys

import pytest

from tests.run.memory import temporary_files_in_memory


def main() -> int:
    """pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.run", description=__doc__, allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=None, help="of an earlier run, for the same order and examples")
    chosen, arguments = parser.parse_known_args()
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else the temporary files would stay
    # Hundreds of processes are started: without bytecode each would compile sbctl again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    # Hypothesis draws its examples from a seed of its own, which pytest-randomly does not set.
    seeds = [f"--randomly-seed={seed}", f"--hypothesis-seed={seed}"]
    left: list[str] = []
    with temporary_files_in_memory(left=left.append):
        code = int(pytest.main([*seeds, *arguments]))
    for command in left:
        sys.stdout.write(f"a test left this process behind; it was ended: {command}\n")
    return code or int(bool(left))


if __name__ == "__main__":
    sys.exit(main())
