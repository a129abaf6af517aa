"""The end of `make demo`: agents sign in, and a VIP customer calls the number of the deployed centre.

Run after a deploy on the sandbox. It seeds the customer whom the function customer_lookup finds, lets agents of us-east-1 take
calls, claims a number where there is none, and calls by `sbctl sandbox call`; its exit code is the command's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import boto3

REGION = "us-east-1"
CUSTOMER = "+12065550123"
FLOW = "SalesInbound"
CLAIM = "5s"
"""Seconds of the sandbox's time that a claim takes."""
SBCTL = (sys.executable, "-m", "sbctl")


def main() -> int:
    """Seed, sign in, call."""
    environment = json.loads(_output("--output", "json", "sandbox", "env"))["data"]
    os.environ.update({name: str(value) for name, value in environment.items()})
    _seed()
    _run("sandbox", "agents", "start", "--region", REGION, "--per-queue", "2")
    number = _number()
    sys.stdout.write(f"\nA VIP customer, {CUSTOMER}, calls {number}:\n\n")
    sys.stdout.flush()
    return _run("sandbox", "call", number, "--from", CUSTOMER, "--press", "")


def _seed() -> None:
    """The customer, in the table that customer_lookup reads."""
    client = boto3.client("dynamodb", region_name=REGION)
    tables = [name for name in client.list_tables()["TableNames"] if name.endswith("customers-global")]
    for table in tables:
        item = {"CustomerId": {"S": CUSTOMER}, "Tier": {"S": "VIP"}, "Name": {"S": "Jane"}, "Language": {"S": "en"}}
        client.put_item(TableName=table, Item=item)


def _number() -> str:
    """The first number of the region; one is claimed where there is none, and led to the flow.

    sbctl claims numbers that the config names and that are allowed by address, since a release cannot be undone.
    """
    client = boto3.client("connect", region_name=REGION)
    found = client.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"]
    if found:
        return str(found[0]["PhoneNumber"])
    [instance] = client.list_instances()["InstanceSummaryList"][:1]
    wanted = {"TargetArn": instance["Arn"], "PhoneNumberCountryCode": "US", "PhoneNumberType": "TOLL_FREE"}
    number = client.search_available_phone_numbers(**wanted)["AvailableNumbersList"][0]["PhoneNumber"]
    claimed = client.claim_phone_number(TargetArn=instance["Arn"], PhoneNumber=number)["PhoneNumberId"]
    while _status(client, claimed) == "IN_PROGRESS":
        _output("sandbox", "advance", CLAIM)
    flows = client.get_paginator("list_contact_flows").paginate(InstanceId=instance["Id"])
    [flow] = [one["Id"] for page in flows for one in page["ContactFlowSummaryList"] if one["Name"] == FLOW]
    client.associate_phone_number_contact_flow(PhoneNumberId=claimed, InstanceId=instance["Id"], ContactFlowId=flow)
    return str(number)


def _status(client: Any, claimed: str) -> str:
    return str(
        client.describe_phone_number(PhoneNumberId=claimed)["ClaimedPhoneNumberSummary"]["PhoneNumberStatus"]["Status"]
    )


def _output(*words: str) -> str:
    return subprocess.run([*SBCTL, *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def _run(*words: str) -> int:
    return subprocess.run([*SBCTL, *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
