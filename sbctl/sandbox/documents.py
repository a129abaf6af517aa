"""JSON as AWS reads it: what Python's reader takes beyond that, or trips over, is malformed."""

from __future__ import annotations

import json
from typing import Any, NoReturn


def read_document(text: str | bytes) -> Any:
    """Raises ValueError for what is no JSON, for what is no number of JSON, and for what is nested too deep to be read."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
