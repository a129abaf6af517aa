"""Objects as bytes and back: pickle, of the sandbox's and moto's classes and a few of Python's, and of nothing else.

The list of modules keeps a save that somebody put together from naming whatever Python has. It is a second bolt, not the
client: the file belongs to the user alone (snapshot/folder.py).
"""

from __future__ import annotations

import io
import logging
import pickle
import re
import threading
import weakref
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType
from typing import Any

LOG = logging.getLogger("sbctl.sandbox")
ALLOWED = (
    "moto",
    "sbctl.sandbox",
    "collections",
    "datetime",
    "decimal",
    "uuid",
    "random",
    "ipaddress",
    "weakref",
    "functools",
)
"""Packages of which classes may be loaded."""
NAMED = frozenset({"requests.structures.CaseInsensitiveDict"})
"""Single classes that may be: the metadata of uploads in parts."""
PLAIN = frozenset(
    {"bytearray", "complex", "dict", "frozenset", "list", "object", "range", "set", "slice", "tuple", "type"}
)
"""Names of builtins that may be."""
LOCKS = (type(threading.Lock()), type(threading.RLock()))
Outside = Callable[[Any], Any]
"""Gives the name of an object that is not to be pickled, or None; and back the object of a name."""


class UnreadableError(Exception):
    """Bytes that are no object of ours."""


def dumped(found: Any, outside: Outside | None = None, reduced: Callable[[Any], Any] | None = None) -> bytes:
    """The bytes of an object. What `outside` names is left out; `reduced` knows how objects are made that pickle does not.

    Raises whatever pickle does of an object that cannot be kept.
    """
    buffer = io.BytesIO()
    pickler = _Pickler(buffer, protocol=5) if outside is None else _Leaving(buffer, outside)
    if reduced is not None:
        pickler.reduced = reduced
    pickler.dump(found)
    return buffer.getvalue()


def tried(found: Any, what: str) -> bytes | None:
    """The bytes of one piece among many; None, and a line in the log, when it cannot be kept: the others are."""
    try:
        return dumped(found)
    except Exception:  # pickle may raise anything
        LOG.exception("%s cannot be kept as it is now", what)
        return None


def loaded(data: bytes, outside: Outside | None = None) -> Any:
    """The object of such bytes; `outside` finds what was left out. Raises UnreadableError."""
    try:
        return _Unpickler(io.BytesIO(data), outside).load()
    except UnreadableError:
        raise
    except Exception as error:  # pickle may raise anything on bytes that are not its own
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


class _Pickler(pickle.Pickler):
    """Locks become new ones, and dictionaries that hold their values weakly are filled again."""

    reduced: Callable[[Any], Any] | None = None

    def reducer_override(self, found: Any) -> Any:
        known = NotImplemented if self.reduced is None else self.reduced(found)
        if known is not NotImplemented:
            return known
        if isinstance(found, weakref.WeakValueDictionary):
            return _weak, (dict(found),)
        if isinstance(found, LOCKS):
            return new_lock, (isinstance(found, LOCKS[1]),)
        if isinstance(found, re.Pattern):
            return pattern, (found.pattern, found.flags)
        named = found if isinstance(found, type | FunctionType | BuiltinFunctionType) else type(found)
        if not _loadable(named.__module__, named.__qualname__):
            raise pickle.PicklingError(f"{named.__module__}.{named.__qualname__} is nothing that a world holds")
        return NotImplemented


class _Leaving(_Pickler):
    """Apart from the other because asking for each object takes its time."""

    def __init__(self, file: io.BytesIO, outside: Outside) -> None:
        super().__init__(file, protocol=5)
        self._outside = outside

    def persistent_id(self, found: Any) -> Any:
        return self._outside(found)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, outside: Outside | None) -> None:
        super().__init__(file)
        self._outside = outside

    def persistent_load(self, name: Any) -> Any:
        if self._outside is None:
            raise UnreadableError(f"nothing is outside, not {name!r} either")
        return self._outside(name)

    def find_class(self, module: str, name: str) -> Any:
        if _loadable(module, name):
            found = super().find_class(module, name)
            # a name can lead out of its module
            if _loadable(getattr(found, "__module__", module), name):
                return found
        raise UnreadableError(f"{module}.{name} is nothing that a world holds")


def _loadable(module: str, name: str) -> bool:
    if module == "builtins":
        return name in PLAIN
    if f"{module}.{name}" in NAMED:
        return True
    return module.split(".")[0] in ALLOWED or module == "sbctl.sandbox" or module.startswith("sbctl.sandbox.")


def new_lock(again: bool) -> Any:
    """A lock in the place of one that was kept; `again`: one that its holder may take again."""
    return threading.RLock() if again else threading.Lock()


def pattern(text: Any, flags: int) -> Any:
    """A regular expression."""
    return re.compile(text, flags)


def _weak(values: dict[Any, Any]) -> Any:
    return weakref.WeakValueDictionary(values)
