"""The way from the files to what is wanted: regions.json, failover-rules.json, flows/, prompts/ and lambdas/ in, `Loaded` out.

Every problem of every file is collected and raised at once; no AWS call is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from sbctl.core.flow_document import FlowDocument
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import ConfigItem, Desired
from sbctl.core.moving.rules import Rules
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.project import Project
from sbctl.core.project_files import REGIONS_FILE
from sbctl.desired.build import build, contradictions, impossible
from sbctl.desired.config.apart import Taken
from sbctl.desired.config.findings import Findings
from sbctl.desired.config.flow_names import missing_in_test, missing_names
from sbctl.desired.config.head import check_account, read_head
from sbctl.desired.config.items import ConfigEntry, check_entry, read_sections, remarked, sections_of
from sbctl.desired.config.models import Head
from sbctl.desired.config.own_steps import check_steps
from sbctl.desired.config.rules import check_residency, read_rules
from sbctl.desired.files.flows import flows_of_project
from sbctl.desired.files.folders import no_config, no_folders
from sbctl.desired.files.recorded import Recorded
from sbctl.desired.files.sources import Sources, packages, recordings
from sbctl.desired.files.tests import tests_of_project
from sbctl.files.positions import Source, read_json
from sbctl.flows.lint.nesting import nesting
from sbctl.flows.reading.read import MODULES

RULES_FILE = "failover-rules.json"
Kinds = Sequence[Kind[Any, Any]]


@dataclass(frozen=True)
class Loaded:
    """A project without problems. `digest` changes when any input does, and not when one is only formatted anew.

    `account_at` is the file and line that name the account.
    """

    project: Project
    desired: tuple[Desired, ...]
    digest: str
    account_at: str
    notes: tuple[Problem, ...] = ()
    """What deserves a word and stops nothing."""


def load_project(
    folder: Path,
    kinds: Kinds,
    flows_folder: Path,
    lambdas_folder: Path,
    deployed_in: str = "",
    prompts_folder: Path | None = None,
    taken: Taken = MappingProxyType({}),
    recorded: Recorded | None = None,
) -> Loaded:
    """Read and check everything, and expand it over the regions. `deployed_in`: the account of the state, if any;
    `taken`: its addresses, with the names of what stands there.

    With `recorded` no Python file is run: flows that no JSON file gives are those, without their content.

    Audio of prompts is in `prompts_folder`; without it, in prompts/ beside the functions.

    Raises SbctlError with all problems, each with file, line and remedy; exit code USAGE.
    """
    problems: list[Problem] = []
    prompts = prompts_folder or lambdas_folder.parent / "prompts"
    problems += no_folders(flows_folder / MODULES, lambdas_folder, prompts)
    regions, rules_source = _config(folder, problems)
    read = flows_of_project(flows_folder, regions, run=recorded is None)
    problems += read.problems
    tested = tests_of_project(flows_folder, run=recorded is None)
    problems += tested.problems
    flows, modules, tests = read.flows, read.modules, tested.tests
    if recorded is not None:
        flows, modules = recorded.beside(flows, modules)
        tests = {**recorded.tests, **tests}
    problems += nesting(modules)
    if regions is None:
        raise SbctlError(*problems)
    rules_findings = Findings(rules_source or Source(RULES_FILE, "", {}))
    findings = Findings(regions)
    sources = Sources(flows, modules, lambdas_folder, prompts, tests)
    reader = _Reader(kinds, findings, rules_findings, sources)
    project = reader.read()
    if project is not None and project.account == regions.data.get("account"):  # and no stand-in for it
        check_account(project.account, deployed_in, findings)
    problems += [*findings.problems, *rules_findings.problems, *reader.flow_problems]
    if problems or project is None:
        raise SbctlError(*problems)
    try:
        wanted = build(kinds, project, reader.places, taken)
    except ValidationError as error:
        raise SbctlError(*impossible(kinds, project, reader.places, regions.file)) from error
    problems = contradictions(kinds, wanted, regions.file)
    if problems:
        raise SbctlError(*problems)
    return Loaded(
        project,
        tuple(wanted),
        _digest(regions, rules_source, project, reader.tables),
        regions.at(("account",)),
        (*reader.notes.problems, *reader.rules_notes.problems, *read.notes, *tested.notes),
    )


def load_regions(folder: Path) -> Project:
    """The regions of a project, whatever is wrong with its items and flows. Raises SbctlError for what is wrong with them."""
    source = read_json(folder / REGIONS_FILE)
    findings = Findings(source)
    head = read_head(findings)
    if head is None or findings:
        raise SbctlError(*findings.problems)
    return _project(head, Rules())


class _Reader:
    """Reads a project step by step, each step on what the ones before it could read."""

    def __init__(
        self,
        kinds: Kinds,
        findings: Findings,
        rules_findings: Findings,
        sources: Sources,
    ) -> None:
        self._sections = sections_of(kinds)
        self._findings = findings
        self._rules_findings = rules_findings
        self._sources = sources
        self._entries: dict[str, list[ConfigEntry]] = {}
        self.flow_problems: list[Problem] = []
        self.notes = Findings(findings.source)
        self.rules_notes = Findings(rules_findings.source)

    def read(self) -> Project | None:
        """The project; with findings it is only fit for further checks. None when no region can be read."""
        rules = read_rules(self._rules_findings)
        head = read_head(self._findings)
        self._entries = read_sections(self._sections, self._findings)
        if head is None:
            return None
        everything = [entry for entries in self._entries.values() for entry in entries]
        sources, findings = self._sources, self._findings
        codes = [region.region for region in head.regions]
        project = replace(
            _project(head, rules),
            flows=sources.flows,
            modules=sources.modules,
            tests=sources.tests,
            packages=packages(everything, codes, sources, findings),
            recordings=recordings(everything, codes, sources, findings),
        )
        project = self._with_defaults(replace(project, items=self._items()))
        for section, entries in self._entries.items():
            for entry in entries:
                if entry.readable:
                    check_entry(self._sections[section], entry, project, self._findings)
                    remarked(self._sections[section], entry, project, self.notes)
        check_residency(rules, project, self._rules_findings)
        check_steps(project, self._rules_findings, self.rules_notes)
        for document in (*sources.flows.values(), *sources.modules.values()):
            self.flow_problems += missing_names(document, project)
        for test in sources.tests.values():
            self.flow_problems += missing_in_test(test, project)
        return project

    @property
    def places(self) -> dict[tuple[str, str], str]:
        """`file:line` of each item of the file, by section and name."""
        return {
            (section, entry.item.name): (entry.source or self._findings.source).at(entry.path)
            for section, entries in self._entries.items()
            for entry in entries
            if entry.path
        }

    @property
    def tables(self) -> dict[str, str]:
        """The texts of the files in which sections stand, by path."""
        sources = (entry.source for entries in self._entries.values() for entry in entries)
        return {source.file: source.text for source in sources if source is not None}

    def _with_defaults(self, project: Project) -> Project:
        for section, kind in self._sections.items():
            if section not in self._entries:
                self._entries[section] = [ConfigEntry(section, item) for item in kind.defaults(project)]
        return replace(project, items=self._items())

    def _items(self) -> dict[str, tuple[ConfigItem, ...]]:
        return {section: tuple(entry.item for entry in entries) for section, entries in self._entries.items()}


def _project(head: Head, rules: Rules) -> Project:
    return Project(
        name=head.project,
        account=head.account,
        domain=head.domain,
        dns=head.dns,
        strategy=head.strategy,
        regions=tuple(entry.as_region() for entry in head.regions),
        rules=rules,
        routing=head.routing or "weighted",
        record=head.record,
        resiliency=head.resiliency,
        tags=head.tags,
    )


def _config(folder: Path, problems: list[Problem]) -> tuple[Source | None, Source | None]:
    """regions.json and failover-rules.json; what they have in common as a fault is told once."""
    wrong = no_config(folder, (REGIONS_FILE, RULES_FILE))
    if wrong is not None:
        problems.append(wrong)
        return None, None
    return _read(folder / REGIONS_FILE, problems), _read(folder / RULES_FILE, problems)


def _read(path: Path, problems: list[Problem]) -> Source | None:
    try:
        return read_json(path)
    except SbctlError as error:
        problems += error.problems
        return None


def _digest(regions: Source, rules: Source | None, project: Project, tables: Mapping[str, str]) -> str:
    inputs: dict[str, Any] = {
        "regions": regions.data,
        "rules": rules.data if rules else {},
        "flows": {name: _flow_text(document) for name, document in project.flows.items()},
        "modules": {name: _flow_text(document) for name, document in project.modules.items()},
        **({"tests": {name: asdict(test) for name, test in project.tests.items()}} if project.tests else {}),
        "recordings": {name: found.sha256 for name, found in project.recordings.items()},
        "packages": {name: package.sha256 for name, package in project.packages.items()},
    }
    if tables:
        inputs["tables"] = [*tables.values()]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def _flow_text(document: FlowDocument) -> Iterable[Any]:
    return [document.type, document.description, document.content, document.settings]
