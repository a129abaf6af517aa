"""Contact with moto's Lambda: the bytes of a function's code, which no operation of the API answers, and what is reserved for it.

Pinned like all contact with moto: tests/sandbox/test_functions.py fails loudly when the point touched here moves.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Deployed:
    """A version's zip, and how many events of the function may run at a time: None where nothing is reserved."""

    code: bytes
    reserved: int | None


def deployed(account: str, region: str, name: str, qualifier: str = "") -> Deployed:
    """A function as it was last given, or one of its versions. Raises KeyError when there is no such function."""
    from moto.awslambda.models import lambda_backends

    functions = lambda_backends[account][region]
    reserved = functions.get_function(name).reserved_concurrency
    code: bytes = functions.get_function(name, qualifier or None).code_bytes
    return Deployed(code, None if reserved is None else int(reserved))
