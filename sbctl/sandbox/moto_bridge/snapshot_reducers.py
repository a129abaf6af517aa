"""Objects in moto's backends that pickle cannot take apart or put together by itself: what they are told by instead.

Points touched, checked by tests/sandbox/test_data_moto_contact.py: the Condition of an SQS queue, SSM's ParameterDict with
its constructor, the private keys of KMS, and dictionaries whose defaults are made by a function without a name.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import Any


def reduced(found: Any) -> Any:
    """How an object is made again, as `__reduce__` tells it; NotImplemented for what needs nothing of the kind."""
    if isinstance(found, FunctionType) and found.__name__ == "<lambda>" and not found.__code__.co_argcount:
        return _factory(found())
    if isinstance(found, threading.Condition):
        return new_condition, ()
    kind = type(found)
    if kind.__name__ == "ParameterDict" and kind.__module__ == "moto.ssm.models":
        return kind, (found.account_id, found.region_name), vars(found), None, iter(found.items())
    if kind.__module__.startswith("cryptography.") and hasattr(found, "private_bytes"):
        return private_key, (_der(found),)
    return NotImplemented


def _factory(made: Any) -> Any:
    """The defaults of dictionaries, told by what they make."""
    if type(made) is dict and not made:
        return factory, (1,)
    if type(made) is defaultdict and not made and made.default_factory is dict:
        return factory, (2,)
    return NotImplemented


def factory(depth: int) -> Callable[[], dict[Any, Any]]:
    """What makes an empty dictionary, or at depth 2 one of dictionaries."""
    return dict if depth == 1 else partial(defaultdict, dict)


def new_condition() -> threading.Condition:
    """A condition in the place of one that was kept; nobody waits for it."""
    return threading.Condition()


def private_key(der: bytes) -> Any:
    """A key of KMS."""
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return load_der_private_key(der, None)


def _der(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    found: bytes = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return found
