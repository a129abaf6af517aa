"""Contact with moto's Lambda: the bytes of a function's code, which no operation of the API answers.

Pinned like all contact with moto: tests/sandbox/test_functions.py fails loudly when the point touched here moves.
"""

from __future__ import annotations


def code_of(account: str, region: str, name: str) -> bytes:
    """The zip that a function was last given. Raises KeyError when there is no such function."""
    from moto.awslambda.models import lambda_backends

    code: bytes = lambda_backends[account][region].get_function(name).code_bytes
    return code
