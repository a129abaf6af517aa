"""The tools beside sbctl as they have to be called from here: the AWS CLI, curl and dig, on AWS or on what stands in for it."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass

from sbctl.core.moving.takeover import KEY
from sbctl.failover.kit.kit import Kit
from sbctl.probes.name_server import NameServer


@dataclass(frozen=True)
class RunbookTools:
    """What is at hand. `aws` begins every line of the AWS CLI; `endpoint` stands in for AWS ("" for AWS itself).

    `kit` is a file that is there, "" for none; `state` the folder of the state, "" where it is kept elsewhere; `serial` the
    newest generation of the state that can be read.
    """

    aws: str = "aws"
    endpoint: str = ""
    resolver: str = ""
    kit: str = ""
    state: str = ""
    serial: int | None = None

    def get(self, host: str, path: str) -> str:
        """The line that asks a function's address."""
        if not self.endpoint:
            return f"curl -m 3 -i https://{host}{path}"
        return f"curl -m 3 -i -H {shlex.quote(f'Host: {host}')} {shlex.quote(self.endpoint.rstrip('/') + path)}"

    def dig(self, name: str, type_: str) -> str:
        """The line that asks DNS."""
        server = ""
        if self.resolver:
            at = NameServer.of(self.resolver)
            server = f" @{at.host} -p {at.port}"
        return f"dig{server} {name} {type_} +noall +answer"


def read_signal(tools: RunbookTools, kit: Kit, region: str) -> str:
    """The line that reads a region's copy of the takeover signal."""
    return f"{_item(tools, kit, region, 'get-item')} --consistent-read --key {shlex.quote(_compact(_key()))}"


def give_signal(tools: RunbookTools, kit: Kit, region: str) -> tuple[str, str]:
    """Two lines that give the signal to a region as sbctl does: the generation after the newest there, if none came first."""
    read = f"GENERATION=$({read_signal(tools, kit, region)} --query 'Item.generation.N || `0`' --output text)"
    item = {
        **_key(),
        "region": {"S": region},
        "generation": {"N": "@NEXT@"},
        "run": {"S": "by-hand-@RUN@"},
        "by": {"S": "@BY@"},
        "at": {"S": "@AT@"},
    }
    found = shlex.quote(_compact(item))
    for name, value in _IN_SHELL.items():
        found = found.replace(name, f"'{value}'")
    known = '\'{":known":{"N":"\'$GENERATION\'"}}\''
    condition = "'attribute_not_exists(generation) OR generation = :known'"
    write = f"{_item(tools, kit, region, 'put-item')} --item {found} --condition-expression {condition}"
    return read, f"{write} --expression-attribute-values {known}"


_IN_SHELL = {
    "@NEXT@": "$((GENERATION + 1))",
    "@RUN@": "$(date -u +%Y%m%dT%H%M%S)",
    "@BY@": '"$(id -un)"',
    "@AT@": "$(date -u +%Y-%m-%dT%H:%M:%S+00:00)",
}


def _item(tools: RunbookTools, kit: Kit, region: str, verb: str) -> str:
    return f"{tools.aws} dynamodb {verb} --region {region} --table-name {kit.signal_table}"


def _key() -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in KEY.items()}


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
