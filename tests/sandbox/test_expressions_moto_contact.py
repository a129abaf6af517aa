"""Where moto parses update expressions: another version of moto fails here first and by name."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import pytest

from sbctl.sandbox.moto_bridge.expressions import remember_expressions
from tests.sandbox.conftest import Sandbox

EXPRESSION = "SET a = a + :n REMOVE b[0], b[1]"


def shown(node: Any) -> Any:
    """A tree as nested lists."""
    children = getattr(node, "children", None)
    return [type(node).__name__, *map(shown, children)] if children is not None else repr(node)


def test_the_points_of_contact_exist() -> None:
    """An expression is parsed by UpdateExpressionParser.make, and a Validator copies the tree before it works on it."""
    from moto.dynamodb.parsing.validators import Validator

    parser: Any = import_module("moto.dynamodb.parsing.expressions").UpdateExpressionParser
    assert list(inspect.signature(parser.make).parameters) == ["expression_str"]
    assert "self.node_to_validate = deepcopy(expression)" in inspect.getsource(Validator.__init__)


def test_an_expression_is_parsed_once() -> None:
    """The second time it comes from memory, and what is no expression is refused each time."""
    from moto.dynamodb.exceptions import InvalidUpdateExpression

    remember_expressions()
    remember_expressions()
    parser: Any = import_module("moto.dynamodb.parsing.expressions").UpdateExpressionParser
    assert parser.make(EXPRESSION) is parser.make(EXPRESSION)
    for _ in range(2):
        with pytest.raises(InvalidUpdateExpression):
            parser.make("SET a")


def test_no_request_changes_what_is_remembered(sandbox: Sandbox) -> None:
    """The same expression with other values does its own work each time, and its tree is afterwards what it was."""
    remember_expressions()
    parser: Any = import_module("moto.dynamodb.parsing.expressions").UpdateExpressionParser
    before = shown(parser.make(EXPRESSION))
    client = sandbox.client("dynamodb")
    client.create_table(
        TableName="trees",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    sandbox.world.clock.advance(5)
    for name in ("x", "y"):
        client.put_item(
            TableName="trees",
            Item={"id": {"S": name}, "a": {"N": "1"}, "b": {"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}]}},
        )
    for name, number, expected in (("x", "1", "2"), ("y", "5", "6")):
        found = client.update_item(
            TableName="trees",
            Key={"id": {"S": name}},
            UpdateExpression=EXPRESSION,
            ExpressionAttributeValues={":n": {"N": number}},
            ReturnValues="ALL_NEW",
        )["Attributes"]
        assert (found["a"], found["b"]) == ({"N": expected}, {"L": [{"N": "3"}]})
    assert shown(parser.make(EXPRESSION)) == before
