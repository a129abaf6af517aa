"""Loads a Lambda source as Lambda would: by its file, outside any package."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

LAMBDAS = Path(__file__).parents[3] / "lambdas"


def handler_of(name: str) -> ModuleType:
    """The module lambdas/<name>/handler.py, loaded anew."""
    spec = importlib.util.spec_from_file_location(f"lambda_{name}", LAMBDAS / name / "handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
