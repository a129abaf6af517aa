"""Steps of one's own in failover-rules.json: each mistake with its line, all at once; what may be right is let through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sbctl.core.problem import Problem, SbctlError
from sbctl.desired.load import Loaded
from tests.unit.desired.conftest import Folder

ARN = "arn:aws:secretsmanager:${to}:123456789012:secret:carrier"
GOOD: dict[str, Any] = {
    "name": "carrier",
    "after": "signal",
    "https": {
        "url": "https://carrier.example/${to}",
        "headers": {"Authorization": "Bearer ${env:TOKEN}"},
        "body": {"to": "${to}"},
    },
}


@pytest.fixture
def project(folder: Callable[[], Folder]) -> Folder:
    return folder()


def load(project: Folder, *steps: dict[str, Any]) -> Loaded:
    project.rules = {"steps": [*steps]}
    return project.load()


def problems(project: Folder, *steps: dict[str, Any]) -> list[Problem]:
    with pytest.raises(SbctlError) as caught:
        load(project, *steps)
    return list(caught.value.problems)


def without(step: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name not in names}


def https(**more: Any) -> dict[str, Any]:
    return {**GOOD, "https": {**GOOD["https"], **more}}


TAKEN: dict[str, dict[str, Any]] = {
    "all of it": {
        **GOOD,
        "timeoutSeconds": 20.5,
        "retry": 3,
        "required": False,
        "modes": ["forced"],
        "regions": ["us-west-2"],
        "drills": False,
        "undo": {"command": ["./undo", "${from}"]},
    },
    "a secret of the target": https(headers={"X-Api-Key": f"${{{ARN}}}"}),
    "a key within a secret": https(headers={"X-Api-Key": f"${{{ARN}:token}}"}),
    "one region's secret, for that region": {
        **https(headers={"X-Api-Key": f"${{{ARN.replace('${to}', 'us-west-2')}}}"}),
        "regions": ["us-west-2"],
    },
    "a URL that is a secret": https(url="${env:HOOK}"),
    "this machine": https(url="http://127.0.0.1:8080/x"),
    "a literal": https(body="costs $${to}"),
    "a function": {"name": "f", "before": "moved", "lambda": "carrier-function", "payload": {"a": 1}},
    "a command": {"name": "c", "before": "signal", "command": ["./x"], "env": {"TOKEN": "${env:OTHER}"}},
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_can_work_is_taken(project: Folder, case: str) -> None:
    """It stands in the project's rules as it was written."""
    [step] = load(project, TAKEN[case]).project.rules.steps
    assert step.name == TAKEN[case]["name"]


# case: (step, code, text on the line, part of the detail)
REFUSED: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "no place": (without(GOOD, "after"), "bad-value", "{", "neither before nor after"),
    "two places": ({**GOOD, "before": "moved"}, "bad-value", "{", "both before and after"),
    "unknown place": ({**GOOD, "after": "sginal"}, "unknown-name", "sginal", "sginal"),
    "nothing to do": (without(GOOD, "https"), "bad-value", "{", "none of command, lambda and https"),
    "two things to do": ({**GOOD, "lambda": "f"}, "bad-value", "{", "lambda and https are given"),
    "payload of no function": ({**GOOD, "payload": {"a": 1}}, "bad-value", '"payload"', "belongs to lambda"),
    "environment of no command": ({**GOOD, "env": {"A": "b"}}, "bad-value", '"env"', "belongs to command"),
    "plain http": (https(url="http://carrier.example/"), "bad-value", "carrier.example", "https://"),
    "no host": (https(url="https:///x"), "bad-value", "https:///x", "a host"),
    "no URL": (https(url="https://[::1/"), "bad-value", "https://[", "no URL"),
    "unknown placeholder": (https(body="${target}"), "unknown-name", "${target}", "${target} is no placeholder"),
    "other region's secret": (
        https(body=f"${{{ARN.replace('${to}', 'us-east-1')}}}"), "wrong-region", "secretsmanager", "the secret is in us-east-1",
    ),
    "other region's function": (
        {"name": "f", "after": "moved", "lambda": "arn:aws:lambda:us-east-1:123456789012:function:f"},
        "wrong-region", "arn:aws:lambda", "the function is in us-east-1",
    ),
    "a secret as a literal": (https(headers={"Authorization": "Bearer abc"}), "secret-in-file", "Bearer abc", "secret"),
    "a hook's address": (
        https(url="https://hooks.slack.com/services/T0/B0/x"), "secret-in-file", "hooks.slack.com", "secret",
    ),
    "a secret as an argument": (
        {"name": "c", "after": "moved", "command": ["./x", "${env:TOKEN}"]}, "bad-value", "env:TOKEN", "arguments",
    ),
    "a mechanism's name": ({**GOOD, "name": "signal"}, "duplicate-name", '"signal"', "a mechanism's step"),
    "unknown region": ({**GOOD, "regions": ["us-wset-2"]}, "wrong-region", "us-wset-2", "us-wset-2"),
    "a command as one text": ({"name": "c", "after": "moved", "command": "./x"}, "bad-value", '"./x"', "a list"),
    "a CA by a relative path": (https(caFile="ca.pem"), "bad-value", "ca.pem", "from any folder"),
    "too many attempts": ({**GOOD, "retry": 11}, "bad-value", "11", "at most 10"),
    "undo without action": ({**GOOD, "undo": {}}, "bad-value", '"undo"', "none of command"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_work_is_refused(project: Folder, case: str) -> None:
    """The problem stands on the line that it is about, says what is wrong, and what to do."""
    step, code, on_line, detail = REFUSED[case]
    [problem] = problems(project, step)
    assert problem.code == code
    assert detail in problem.detail
    assert problem.fix
    text = (project.root / "config/failover-rules.json").read_text().splitlines()
    assert on_line in text[int(problem.at.rpartition(":")[2]) - 1]


def test_all_at_once(project: Folder) -> None:
    """One damaged step hides none of the others' mistakes, and a name that is used twice is one of them."""
    broken = ({**GOOD, "retry": "x"}, {**GOOD, "after": "sginal"}, GOOD)
    assert [one.code for one in problems(project, *broken)] == ["bad-value", "unknown-name", "duplicate-name"]


def test_what_may_surprise_is_a_note(project: Folder) -> None:
    """A place of another mechanism, and more time than a forced move gives."""
    loaded = load(project, {**GOOD, "after": "records", "timeoutSeconds": 60})
    details = " ".join(note.detail for note in loaded.notes)
    assert "standby-takeover has no step 'records'" in details
    assert "30 s and not 60 s" in details
