"""Stubs of functions that imported flows call and a project lacks: code that answers, and says in its log what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.core.text.slug import mark

LONGEST = 48
NAME = re.compile(r"[A-Za-z0-9_-]{1,48}")
"""What the config takes as the name of a function."""
FILE = "handler.py"
DESCRIPTION = "Stub of sbctl flow import: put the code of the function in its place"
_CODE = '''"""A stub. sbctl flow import wrote it, since imported flows call {name} and this project did not have it.

Put the function's own code in its place. Until then it answers {{"stub": "true"}}, which flows read as $.External.stub.
"""

import logging

LOG = logging.getLogger()


def handler(event, context):
    """Answer the flow, and say that nothing was looked up."""
    LOG.warning("%s is a stub of sbctl flow import: put the code of the function in its place", "{name}")
    return {{"stub": "true"}}
'''


def fitting(name: str, project: str) -> str:
    """The name that a project gives to a function of AWS: without the project's prefix, no longer than the config takes."""
    text = name.removeprefix(f"{project}-")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - len(mark(name)) - 1]}-{mark(name)}"


def item(name: str) -> dict[str, Any]:
    """The config item of a stub."""
    return {"name": name, "description": DESCRIPTION}


def code(names: Iterable[str]) -> Mapping[str, bytes]:
    """The files of stubs, by their path in the project."""
    return {f"lambdas/{name}/{FILE}": _CODE.format(name=name).encode() for name in names}
