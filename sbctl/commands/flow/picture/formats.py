"""The formats of pictures, and the endings of files that name them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sbctl.core.problem import Exit, Problem, SbctlError

FORMATS = ("text", "mermaid", "svg", "html")
SUFFIXES: Mapping[str, str] = {
    ".svg": "svg",
    ".html": "html",
    ".htm": "html",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".txt": "text",
}


def format_for(output: str, out: Path | None) -> str:
    """The format of a picture: as asked for, else as the name of the file says, else text.

    Raises SbctlError for a file whose name says none that there is.
    """
    if output in FORMATS:
        return output
    if out is None:
        return "text"
    if out.suffix.lower() not in SUFFIXES:
        raise SbctlError(
            Problem(
                code="no-picture-format",
                summary="The name of the file says no format of pictures",
                detail=str(out),
                at="--out",
                fix=f"End it with one of {', '.join(SUFFIXES)}, or choose the format with -o.",
                exit=Exit.USAGE,
            )
        )
    return SUFFIXES[out.suffix.lower()]
