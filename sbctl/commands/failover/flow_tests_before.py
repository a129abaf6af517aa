"""What the last flow tests said of the region to which traffic would move: a note, which stops nothing and calls nothing."""

from __future__ import annotations

from sbctl.app import App
from sbctl.checks.preflight.flow_tests import results
from sbctl.core.problem import Exit, Problem
from sbctl.core.text.ages import age


def tested(app: App, target: str) -> tuple[Problem, ...]:
    """The failed tests of the target; none where no test failed, or none ever ran."""
    here = [one for one in results(app.flow_tests.load()) if one.region == target and one.outcome == "failed"]
    if not here:
        return ()
    now = app.world.now()
    rows = [f"{one.name}{f' at block {one.block}' if one.block else ''} ({age(one.age(now))} ago)" for one in here]
    return (
        Problem(
            code="flow-tests-failed",
            summary="Flow tests failed in the region that takes over",
            detail=", ".join(rows),
            at=target,
            fix=f"sbctl flow test --region {target}",
            exit=Exit.DONE,
        ),
    )
