"""Looks a caller up in the customers table of the function's own region, for contact flows.

Connect waits at most 8 seconds and takes a flat map of texts only, so the timeouts are short, every value is a text,
and an unknown caller is an answer, not an error. When the table does not answer, the
answer says so and the flow goes on.
Nothing about the caller is logged.
https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

log = logging.getLogger()
log.setLevel(logging.INFO)

FIELDS = {"Tier": "tier", "Name": "name", "Language": "language"}
"""Attributes of a customer that flows may see, and what they are called there."""
TIMEOUTS = Config(connect_timeout=1, read_timeout=1, retries={"mode": "standard", "max_attempts": 2})


@cache
def table() -> Any:
    """The customers table; made once for each execution environment."""
    resource = boto3.resource("dynamodb", region_name=os.environ["REGION"], config=TIMEOUTS)
    return resource.Table(os.environ["CUSTOMERS_TABLE"])


def handler(event: Mapping[str, Any], _context: object) -> dict[str, str]:
    """Lambda's entry point."""
    return answer(event, table, os.environ)


def answer(event: Mapping[str, Any], customers: Callable[[], Any], environment: Mapping[str, str]) -> dict[str, str]:
    """The flat map for the flow: `found` is "true", "false" or "unknown" (the table did not answer)."""
    about = {"region": environment.get("REGION", ""), "isPrimary": environment.get("IS_PRIMARY", "")}
    nobody = {**about, "tier": "", "name": "", "language": ""}
    customer_id = identify(event)
    if not customer_id:
        return {**nobody, "found": "false"}
    try:
        item = customers().get_item(Key={"CustomerId": customer_id}).get("Item")
    except (BotoCoreError, ClientError) as error:
        log.error("customers table did not answer: %s", reason(error))
        return {**nobody, "found": "unknown"}
    if item is None:
        return {**nobody, "found": "false"}
    return {**nobody, "found": "true", **{name: str(item[key]) for key, name in FIELDS.items() if key in item}}


def identify(event: Mapping[str, Any]) -> str:
    """The customer id that the flow passes as `customerId`, else the caller's address; empty when neither is there."""
    details = event.get("Details") or {}
    given = (details.get("Parameters") or {}).get("customerId")
    endpoint = (details.get("ContactData") or {}).get("CustomerEndpoint") or {}
    return str(given or endpoint.get("Address") or "")


def reason(error: Exception) -> str:
    """AWS's error code or the kind of failure; never the message, which may repeat what was asked for."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__
