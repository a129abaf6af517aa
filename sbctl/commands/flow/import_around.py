"""What an import knows of the project that it brings flows into: names of the config, and the flows that are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sbctl.app import App
from sbctl.core.problem import SbctlError
from sbctl.core.project import Project, Region
from sbctl.core.project_files import REGIONS_FILE
from sbctl.desired.config.flow_names import SECTION_OF
from sbctl.files.positions import Source, read_json
from sbctl.flows.importing.functions import fitting
from sbctl.flows.language.facts import MODULE
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.load import project_flows, project_modules


@dataclass(frozen=True)
class Surroundings:
    """A project, as far as it can be read: what is wrong with its flows is no obstacle to others."""

    app: App
    source: Source
    """regions.json."""

    @classmethod
    def of(cls, app: App) -> Surroundings:
        """Raises SbctlError where regions.json cannot be read."""
        return cls(app, read_json(app.settings.config / REGIONS_FILE))

    @property
    def folder(self) -> Path:
        return self.app.project_folder / "flows"

    @property
    def lambdas(self) -> Path:
        return self.app.project_folder / "lambdas"

    @cached_property
    def flows(self) -> list[FlowFile]:
        """The flows and modules that can be read."""
        found = [project_flows(self.folder, lenient=True), project_modules(self.folder, lenient=True)]
        return [file for files, _ in found for file in files]

    @cached_property
    def project(self) -> Project | None:
        """The project, None where it does not load: what its sections leave to defaults is not known then."""
        try:
            return self.app.loaded.project
        except SbctlError:
            return None

    def names(self, word: str) -> frozenset[str] | None:
        """The names that a kind of placeholder may have; None where they are not known."""
        if word in ("flow", "module"):
            return frozenset(
                one.document.name for one in self.flows if (one.document.type == MODULE) == (word == "module")
            )
        section = SECTION_OF[word]
        given = self.source.data.get(section)
        if isinstance(given, list):
            return frozenset(str(item.get("name")) for item in given if isinstance(item, Mapping))
        return self.project.names(section) if self.project else None

    @property
    def functions(self) -> dict[str, str]:
        """Name of a function in AWS → its name in the project."""
        given = self.source.data.get(SECTION_OF["lambda"])
        items: list[Any] = given if isinstance(given, list) else []
        found: dict[str, str] = {}
        for item in (one for one in items if isinstance(one, Mapping)):
            name = str(item.get("name"))
            overrides = item.get("overrides")
            inner = overrides.values() if isinstance(overrides, Mapping) else ()
            called = [one.get("function") for one in (item, *inner) if isinstance(one, Mapping)]
            found |= {str(one): name for one in called if one}
            found |= {f"{self.name}-{name}": name, name: name}
        return found

    @property
    def name(self) -> str:
        return str(self.source.data.get("project", ""))

    @property
    def account(self) -> str:
        return str(self.source.data.get("account", ""))

    @property
    def home(self) -> Region | None:
        """The only region with an instance."""
        given = self.source.data.get("regions")
        rows = [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []
        connect = [one for one in rows if one.get("connect", True)]
        if len(connect) != 1:
            return None
        return Region(str(connect[0].get("name", "")), str(connect[0].get("region", "")), is_primary=True, priority=1)

    def function_name(self, called: str) -> str:
        """The project's name of a function of AWS."""
        return self.functions.get(called) or fitting(called, self.name)
