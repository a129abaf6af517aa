"""Load one constant from every module of a folder: how kinds, checks and drills are found. No registry to edit."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def discover(package: str, constant: str) -> dict[str, Any]:
    """Module name → its constant, for every module of `package` that does not begin with an underscore, sorted.

    Raises AttributeError naming the module that lacks the constant.
    """
    folder = importlib.import_module(package)
    found: dict[str, Any] = {}
    for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        if not module.ispkg and not module.name.startswith("_"):
            loaded = importlib.import_module(f"{package}.{module.name}")
            if not hasattr(loaded, constant):
                raise AttributeError(f"{package}.{module.name} must end with the constant {constant}")
            found[module.name] = getattr(loaded, constant)
    return found


def names(package: str) -> list[str]:
    """The module names of a shelf, without importing them."""
    folder = importlib.import_module(package)
    modules = pkgutil.iter_modules(folder.__path__)
    return sorted(info.name for info in modules if not info.ispkg and not info.name.startswith("_"))
