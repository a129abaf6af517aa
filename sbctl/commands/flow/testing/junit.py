"""Results as JUnit XML, which CI systems read: a suite for each region, a case for each test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from sbctl.checks.flow_tests.result import FlowTestResult
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.secrets import redacted
from sbctl.store.files.atomic import write_atomic
from sbctl.ui.console import safe


def write_junit(path: Path, results: Sequence[FlowTestResult]) -> None:
    """Raises SbctlError where the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, junit(results))
    except OSError as error:
        problem = Problem(
            code="not-written",
            summary="The file cannot be written",
            detail=str(error),
            at=str(path),
            fix="Name a file in a folder that you may write to.",
            exit=Exit.USAGE,
        )
        raise SbctlError(problem) from error


def junit(results: Sequence[FlowTestResult]) -> bytes:
    """The XML document."""
    suites = ElementTree.Element("testsuites", _counts(results) | {"name": "sbctl flow test"})
    for region in dict.fromkeys(one.region for one in results):
        own = [one for one in results if one.region == region]
        suite = ElementTree.SubElement(suites, "testsuite", {"name": region} | _counts(own))
        for one in own:
            named = {"name": one.name, "classname": region, "time": f"{one.seconds:.3f}"}
            case = ElementTree.SubElement(suite, "testcase", named)
            where = f"block {one.block}: " if one.block else ""
            if one.outcome == "failed":
                ElementTree.SubElement(case, "failure", {"message": _text(f"{where}{one.why}")})
            elif one.outcome != "passed":
                ElementTree.SubElement(case, "error", {"message": _text(one.why)})
    ElementTree.indent(suites)
    return bytes(ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)) + b"\n"


def _counts(results: Sequence[FlowTestResult]) -> dict[str, str]:
    outcomes = [one.outcome for one in results]
    failed = outcomes.count("failed")
    passed = outcomes.count("passed")
    return {
        "tests": str(len(outcomes)),
        "failures": str(failed),
        "errors": str(len(outcomes) - failed - passed),
        "time": f"{sum(one.seconds for one in results):.3f}",
    }


def _text(text: str) -> str:
    """Without control characters, which XML 1.0 has no form for."""
    return safe(redacted(text))
