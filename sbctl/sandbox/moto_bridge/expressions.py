"""Contact with moto's parser of update expressions, which reads each of them twice a request: here once while remembered.

Points touched, checked by tests/sandbox/test_expressions_moto_contact.py: UpdateExpressionParser.make, and that a Validator
works on a copy of the tree, so that nobody changes one that is remembered.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

REMEMBERED = 1024
"""Programs send the same few expressions again and again, with other values."""


def remember_expressions() -> None:
    """Have moto parse an update expression once, and not twice at each request. What it refuses it refuses each time."""
    parser: Any = import_module("moto.dynamodb.parsing.expressions").UpdateExpressionParser
    if not hasattr(parser.make, "cache_info"):
        parser.make = lru_cache(REMEMBERED)(parser.make)
