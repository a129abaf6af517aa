"""The problems of flow files."""

from __future__ import annotations

from sbctl.core.problem import Exit, Problem

SUMMARY = "A flow file cannot be read"


def unreadable(file: str, detail: str, fix: str, line: int | None = None) -> Problem:
    """A file, or a flow in it, that cannot be read."""
    return Problem(
        code="flow-unreadable",
        summary=SUMMARY,
        detail=detail,
        at=f"{file}:{line}" if line else file,
        fix=fix,
        exit=Exit.USAGE,
    )


def passed_over(file: str, detail: str, fix: str) -> Problem:
    """A file of a folder that is not read: a note."""
    return Problem(code="flow-passed-over", summary="File passed over", detail=detail, at=file, fix=fix, exit=Exit.DONE)


def old_format(file: str, blocks: str, line: int | None) -> Problem:
    """An export of the designer before 2019-10-30."""
    return Problem(
        code="flow-old-format",
        summary="The flow is in the old export format",
        detail=f"The console no longer imports this format, since 2026-03-31. {blocks}".strip(),
        at=f"{file}:{line}" if line else file,
        fix='Open the flow in the console and export it again, or write its blocks as "Actions".',
        exit=Exit.USAGE,
    )
