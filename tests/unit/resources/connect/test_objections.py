"""AWS's objections to a flow in words that people can follow, whatever shape they come in."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.resources.content.flow_content import STUB, explained


def said(members: dict[str, Any], content: dict[str, Any] = STUB) -> str:
    error = AwsError("InvalidContactFlowException", "as it came", service="connect", members=members)
    return explained(error, content).message


@pytest.mark.parametrize("member", ["problems", "Problems"])
def test_actions_are_named(member: str) -> None:
    """By their identifiers and not by numbers, for flows and for modules."""
    objection = {"message": "Actions[0].Parameters is wrong; Actions[7] is none"}
    assert said({member: [objection]}) == "action 'end'.Parameters is wrong; Actions[7] is none"


@pytest.mark.parametrize(
    "found", [None, "text", 5, {}, {"message": None}, [], [None], ["x"], [{"text": "x"}], [{"message": ""}]]
)
def test_what_is_no_objection_leaves_the_message(found: Any) -> None:
    """Damaged members of an error are passed over."""
    assert said({"problems": found}) == "as it came"


def test_an_action_without_a_name() -> None:
    """Of a content that others wrote."""
    assert said({"problems": {"message": "Actions[0] is wrong"}}, {"Actions": [{}]}) == "action None is wrong"
