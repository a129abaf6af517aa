"""Which requests are for a function URL: their Host header says <id>.lambda-url.<region>.on.aws.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sbctl.sandbox.wire.identify import Request

HOST = re.compile(r"([a-z0-9]+)\.lambda-url\.([a-z0-9-]+)\.on\.aws\.?(?::\d{1,5})?")


@dataclass(frozen=True)
class FunctionUrl:
    """Which function URL a request is for."""

    url_id: str
    region: str

    @property
    def host(self) -> str:
        return f"{self.url_id}.lambda-url.{self.region}.on.aws"


def place_of(request: Request) -> FunctionUrl | None:
    """The function URL that a request's Host header names; None when it names none."""
    found = HOST.fullmatch(request.headers.get("host", "").lower())
    return FunctionUrl(found[1], found[2]) if found else None
