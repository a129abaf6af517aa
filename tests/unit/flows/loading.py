"""The flows of a folder as a project reads them, by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Problem, SbctlError
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.load import project_flows, project_modules


def load_flows(folder: Path) -> Mapping[str, FlowDocument]:
    """None when there is no folder. Raises SbctlError with every problem."""
    return _sound(*project_flows(folder))


def load_modules(folder: Path) -> Mapping[str, FlowDocument]:
    """Those of a folder of flows. Raises SbctlError with every problem."""
    return _sound(*project_modules(folder))


def _sound(files: list[FlowFile], problems: list[Problem]) -> Mapping[str, FlowDocument]:
    if problems:
        raise SbctlError(*problems)
    return {file.document.name: file.document for file in files}
