"""The function customer_lookup: what flows get for known, unknown and unanswered callers."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.unit.lambdas.loading import handler_of

lookup = handler_of("customer_lookup")
ENVIRONMENT = {"REGION": "us-west-2", "IS_PRIMARY": "false"}
NUMBER = "+15550100"


class Table:
    """A table of one customer; `error` makes it fail."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked: list[dict[str, str]] = []

    def get_item(self, Key: dict[str, str]) -> dict[str, Any]:  # noqa: N803 - boto3's name
        self.asked.append(Key)
        if self.error:
            raise self.error
        known = {"CustomerId": "c1", "Tier": "VIP", "Name": "Ada", "Points": 7}
        return {"Item": known} if Key["CustomerId"] in ("c1", NUMBER) else {}


def ask(table: Table, parameters: dict[str, str] | None = None, address: str | None = None) -> dict[str, str]:
    endpoint = {"Address": address, "Type": "TELEPHONE_NUMBER"} if address else None
    event = {
        "Name": "ContactFlowEvent",
        "Details": {"Parameters": parameters, "ContactData": {"CustomerEndpoint": endpoint}},
    }
    found: dict[str, str] = lookup.answer(event, lambda: table, ENVIRONMENT)
    return found


def test_known_customer() -> None:
    """A known customer comes with tier and name, as flat texts, and with the region that answered."""
    found = ask(Table(), {"customerId": "c1"})
    assert found == {
        "found": "true", "tier": "VIP", "name": "Ada", "language": "", "region": "us-west-2", "isPrimary": "false",
    }  # fmt: skip


def test_caller_is_known_by_address() -> None:
    """Without a parameter the caller's own address is looked up; with one, the parameter wins."""
    table = Table()
    assert ask(table, None, NUMBER)["found"] == "true"
    ask(table, {"customerId": "c1"}, NUMBER)
    assert table.asked == [{"CustomerId": NUMBER}, {"CustomerId": "c1"}]


@pytest.mark.parametrize(("parameters", "address"), [({"customerId": "nobody"}, None), (None, None), ({}, "+1999")])
def test_unknown_customer_is_no_error(parameters: dict[str, str] | None, address: str | None) -> None:
    """Nobody of that id, or no id at all, is the answer found=false with all keys there."""
    found = ask(Table(), parameters, address)
    assert found["found"] == "false"
    assert found.keys() == ask(Table(), {"customerId": "c1"}).keys()


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url="https://dynamodb", error=f"for {NUMBER}"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": f"key {NUMBER}"}}, "GetItem"),
    ],
)
def test_table_that_does_not_answer(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """When the table fails the flow gets found=unknown, and the log names the failure but not the caller."""
    with caplog.at_level(logging.INFO):
        assert ask(Table(error), None, NUMBER)["found"] == "unknown"
    assert caplog.records
    assert NUMBER not in caplog.text
