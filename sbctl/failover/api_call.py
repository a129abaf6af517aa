"""One API call as a value: shown before it is made, journaled, and written as the line of the AWS CLI that would do the same."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Call:
    """`service` and `operation` as boto3 and AWS call them, `region` where it is made."""

    service: str
    operation: str
    region: str
    params: Mapping[str, Any]

    def as_aws_cli(self) -> str:
        """The same call for the AWS CLI; it can be pasted into a shell."""
        document = json.dumps(self.params, separators=(",", ":"), ensure_ascii=False)
        verb = _WORD.sub("-", self.operation).lower()
        return f"aws {self.service} {verb} --region {self.region} --cli-input-json {shlex.quote(document)}"

    def as_json(self) -> dict[str, Any]:
        return {
            "service": self.service,
            "operation": self.operation,
            "region": self.region,
            "params": dict(self.params),
            "aws_cli": self.as_aws_cli(),
        }
