"""The end of `make demo`: agents sign in, and a VIP customer calls the number of the deployed centre.

Run after a deploy on the sandbox. It seeds the customer whom the function customer_lookup finds, lets agents of us-east-1 take
calls, and calls by `sbctl sandbox call`; its exit code is the command's.
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
SBCTL = (sys.executable, "-m", "sbctl")


def main() -> int:
    """Seed, sign in, call."""
    environment = json.loads(_output("--output", "json", "sandbox", "env"))["data"]
    os.environ.update({name: str(value) for name, value in environment.items()})
    _seed()
    _run("sandbox", "agents", "start", "--region", REGION, "--per-queue", "2")
    number = _number()
    called = [number] if number else ["--flow", FLOW, "--region", REGION]
    whom = number or f"the flow {FLOW}, since no number is claimed"
    sys.stdout.write(f"\nA VIP customer, {CUSTOMER}, calls {whom}:\n\n")
    sys.stdout.flush()
    return _run("sandbox", "call", *called, "--from", CUSTOMER, "--press", "")


def _seed() -> None:
    """The customer, in the table that customer_lookup reads."""
    client = boto3.client("dynamodb", region_name=REGION)
    tables = [name for name in client.list_tables()["TableNames"] if name.endswith("customers-global")]
    for table in tables:
        item = {"CustomerId": {"S": CUSTOMER}, "Tier": {"S": "VIP"}, "Name": {"S": "Jane"}, "Language": {"S": "en"}}
        client.put_item(TableName=table, Item=item)


def _number() -> str:
    """The first number that a flow answers; "" where there is none."""
    client = boto3.client("connect", region_name=REGION)
    found: list[Any] = client.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"]
    return str(found[0]["PhoneNumber"]) if found else ""


def _output(*words: str) -> str:
    return subprocess.run([*SBCTL, *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def _run(*words: str) -> int:
    return subprocess.run([*SBCTL, *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
