"""Who is written into a failover's history."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = "from sbctl.commands.failover.inputs import operator; print(operator())"
NAMELESS = """
import os, pwd
from sbctl.commands.failover.inputs import operator
os.setuid({})
print(operator())
"""


def ran(code: str, **environment: str) -> str:
    known = {name: text for name, text in os.environ.items() if name not in ("LOGNAME", "USER", "LNAME", "USERNAME")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**known, **environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_operator_is_the_user_of_this_machine() -> None:
    """As the environment calls them."""
    assert ran(NAMED, LOGNAME="kim").startswith("kim@")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become nobody")
def test_a_container_may_know_no_name() -> None:
    """A failover there is by a number, and goes on."""
    assert ran(NAMELESS.format(54321)).startswith("uid-54321@")
