"""Processes of functions: forked or started anew, what a function sees, and what is left when something was killed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from sbctl.sandbox.awslambda.processes import Nursery, Process, Started

SOURCE = """
import json, os, sys
brought = __import__("urllib3")
print("a line")

def handler(event, context):
    return {"urllib3": brought.__file__, "variables": dict(os.environ), "folder": os.getcwd(), "pid": os.getpid(),
            "boto3": "boto3" in sys.modules, "utf8": sys.flags.utf8_mode}
"""
Make = Callable[[dict[str, str], int, int, int], Process]


def variables(folder: Path, **more: str) -> dict[str, str]:
    """What the runner sets, as far as the program reads it."""
    names = ("NAME", "VERSION", "MEMORY_SIZE", "LOG_GROUP_NAME", "LOG_STREAM_NAME")
    (folder / "app.py").write_text(SOURCE)
    return {
        **{f"AWS_LAMBDA_FUNCTION_{name}": "1" for name in names},
        "AWS_LAMBDA_LOG_GROUP_NAME": "g",
        "AWS_LAMBDA_LOG_STREAM_NAME": "s",
        "LAMBDA_TASK_ROOT": str(folder),
        "_HANDLER": "app.handler",
        **more,
    }


class Talk:
    """A process with its descriptors."""

    def __init__(self, make: Make, environment: dict[str, str]) -> None:
        theirs_in, self._requests = os.pipe()
        self._answers, theirs_out = os.pipe()
        self._log, theirs_log = os.pipe()
        self.process = make(environment, theirs_in, theirs_out, theirs_log)
        for descriptor in (theirs_in, theirs_out, theirs_log):
            os.close(descriptor)

    def ask(self) -> dict[str, object]:
        """What the handler answers."""
        request = {"arn": "a", "id": "1", "event": {}, "seconds": 60, "now": 0, "speed": 0}
        os.write(self._requests, json.dumps(request).encode() + b"\n")
        with os.fdopen(os.dup(self._answers), "rb") as answers:
            found = json.loads(answers.readline())
        return dict(json.loads(found["payload"]))

    def log(self) -> str:
        """All that was printed, once it has ended."""
        with os.fdopen(os.dup(self._log), "rb") as log:
            return log.read().decode()

    def end(self) -> None:
        """Kill it and close what it was asked by."""
        self.process.end()
        for descriptor in (self._requests, self._answers, self._log):
            os.close(descriptor)


def forked(environment: dict[str, str], requests: int, answers: int, log: int) -> Process:
    """One of a zygote of its own."""
    return Nursery().zygote().forked(environment, requests, answers, log)


@pytest.fixture(params=["forked", "started"])
def make(request: pytest.FixtureRequest) -> Make:
    """Each way to come by a process."""
    if request.param == "forked" and not hasattr(os, "pidfd_open"):
        pytest.skip("this system has no pidfd")
    return forked if request.param == "forked" else Started


def test_both_ways_show_a_function_the_same(make: Make, tmp_path: Path) -> None:
    """Its variables and nothing else, its folder, its log; and it ends when it is told, twice over."""
    environment = variables(tmp_path, COLOUR="réd")
    talk = Talk(make, environment)
    found = talk.ask()
    seen = found["variables"]
    assert isinstance(seen, dict)
    assert {name: seen[name] for name in environment} == environment
    assert set(seen) - set(environment) <= {"LC_CTYPE"}
    assert found["folder"] == str(tmp_path)
    assert talk.process.alive
    talk.process.end()
    assert not talk.process.alive
    assert talk.log().splitlines()[0] == "a line"
    talk.end()


@pytest.mark.parametrize("name", ["urllib3.py", "urllib3/__init__.py"])
def test_what_a_package_brings_comes_first(make: Make, tmp_path: Path, name: str) -> None:
    """A library in the function's own zip is used in place of the one that was imported before."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")
    talk = Talk(make, variables(tmp_path))
    assert talk.ask()["urllib3"] == str(tmp_path / name)
    talk.end()


def test_what_python_reads_at_its_start_holds(make: Make, tmp_path: Path) -> None:
    """A PYTHON variable of the function's settings works."""
    talk = Talk(make, variables(tmp_path, PYTHONUTF8="1"))
    assert talk.ask()["utf8"] == 1
    talk.end()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="this system has no pidfd")
def test_a_zygote_that_was_killed_is_replaced(tmp_path: Path) -> None:
    """The next process comes from another; one that runs is not touched."""
    nursery = Nursery()
    first = nursery.zygote()
    talk = Talk(lambda *given: first.forked(*given), variables(tmp_path))
    os.kill(first.pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitid(os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(OSError, match=r"gone|Broken pipe|reset"):
        Talk(lambda *given: first.forked(*given), variables(tmp_path))
    assert talk.ask()["boto3"]
    assert nursery.zygote() is not first
    talk.end()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="this system has no pidfd")
def test_a_zygote_does_not_hear_ctrl_c(tmp_path: Path) -> None:
    """A terminal sends it to all of a sandbox in the foreground; the zygote ends with the sandbox, and without a traceback."""
    zygote = Nursery().zygote()
    os.kill(zygote.pid, signal.SIGINT)
    talk = Talk(lambda *given: zygote.forked(*given), variables(tmp_path))
    assert talk.ask()["boto3"]
    assert zygote.alive
    talk.end()
    zygote.close()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="this system has no pidfd")
def test_the_zygote_ends_with_its_sandbox(tmp_path: Path) -> None:
    """When the socket closes, as at the death of the process that holds it."""
    zygote = Nursery().zygote()
    talk = Talk(lambda *given: zygote.forked(*given), variables(tmp_path))
    zygote.close()
    assert not zygote.alive
    assert talk.ask()["boto3"]
    talk.end()
