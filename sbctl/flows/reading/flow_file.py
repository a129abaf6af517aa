"""A flow as it was read: its document, and where each part of it stands in its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sbctl.core.flow_document import FlowDocument
from sbctl.files.positions import JsonPath, Source

Status = Literal["PUBLISHED", "SAVED"]
TypeFrom = Literal["stated", "place", "metadata", "guessed"]


@dataclass(frozen=True)
class Misfit:
    """A part of the content that does not have the form of a flow: its place in the content, what is wrong, what to write."""

    path: JsonPath
    said: str
    fix: str


@dataclass(frozen=True)
class FlowFile:
    """A flow and the place of its content in a file; several flows may come from one file."""

    document: FlowDocument
    source: Source
    """The file: its name as problems say it, and its text; "" for a Python file, whose flows have no lines."""
    inside: JsonPath = ()
    """Where the content stands in the file: ("ContactFlow", "Content"); () for an export of the console."""
    embedded: bool = False
    """Whether the content is JSON in a text of the file; all of it then stands on the line of that text."""
    status: Status = "PUBLISHED"
    """SAVED for a draft, whose content Amazon Connect stores without a check."""
    type_from: TypeFrom = "stated"
    """Where the type is from: the file states it, its folder implies it, the console's Metadata, or its blocks suggest it."""
    note: str = ""
    """What to know of a type that is guessed."""
    misfits: tuple[Misfit, ...] = ()
    """What a reader must be prepared for. Only a lenient reader gets flows that have any."""
    strange: tuple[JsonPath, ...] = ()
    """Members of sbctl's own wrapper that it does not have, by their path in the file."""
    lacks_settings: bool = False
    """Whether it is a module as AWS has it, without the Settings that CreateContactFlowModule demands in its content."""

    own: bool = True
    """Whether sbctl's placeholders may stand in it: a file of a project, a Python file, or sbctl's wrapper."""

    @property
    def text(self) -> str:
        """The text of the file, lines ended by \\n; "" for a Python file."""
        return self.source.text

    @property
    def file(self) -> str:
        """The file as problems name it."""
        return self.source.file

    def at(self, path: JsonPath = ()) -> str:
        """`file:line:column` of a path in the content, or of the nearest thing around it; a Python file has no lines."""
        return self.place(*self.line_column(path))

    def place(self, line: int, column: int) -> str:
        """`file:line:column`; the file alone for line 0."""
        return f"{self.file}:{line}:{column}" if line else self.file

    def line_column(self, path: JsonPath = ()) -> tuple[int, int]:
        """Line and column, from 1, of a path in the content; (0, 0) in a Python file."""
        if not self.text:
            return 0, 0
        return self.source.position(self.inside if self.embedded else (*self.inside, *path))
