"""What refers to each other, and rests on something that was not read, is left out whole."""

from __future__ import annotations

from sbctl.core.address import Address, Link
from sbctl.core.kinds.spec import Desired, Spec
from sbctl.core.state import State
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.planning.planner import Planner


class Flow(Spec):
    """It names what it needs."""

    other: Link
    function: Link | None


def test_what_comes_before_in_a_circle_is_left_out_too() -> None:
    function = Address.of("lambda_function", "us-east-1", "lookup")
    first, last = (Address.of("connect_flow", "us-east-1", name) for name in ("after-hours", "inbound"))
    desired = [
        Desired(address=first, spec=Flow(other=last.ref("arn"), function=None)),
        Desired(address=last, spec=Flow(other=first.ref("arn"), function=function.ref("arn"))),
    ]
    world = ObservedWorld(absent={first, last}, unread={function: "unreachable"})
    planner = Planner({}, desired, State(), world)
    planner._leave_out([first, last])
    assert planner._left_out == {function, first, last}
