"""What a drill's problems say of limits that did not hold."""

from __future__ import annotations

import pytest

from sbctl.core.moving.run import Run
from sbctl.drills.runner import _problems

BEHIND = "farther back than the drill's first write"


@pytest.mark.parametrize(("value", "said"), [(BEHIND, BEHIND), (61.5, "61.5 s"), (None, "unknown")])
def test_a_figure_that_is_words_has_no_unit(value: float | str | None, said: str) -> None:
    limit = {"name": "RPO", "value": value, "limit": 60.0, "unit": "s", "held": False}
    (problem,) = _problems(
        Run(id="drill-1", kind="drill", events=()), {"outcome": "deviated", "limits": [limit], "restored": True}
    )
    assert problem.detail == f"RPO: {said}, allowed 60.0 s"
