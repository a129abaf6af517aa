"""A flow test as it was read: its document, and where each part of it stands in its file."""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.core.flow_document import FlowTestDocument
from sbctl.files.positions import JsonPath, Source


@dataclass(frozen=True)
class FlowTestFile:
    """A test and its place. `source` is None for a Python file, whose tests have no lines."""

    document: FlowTestDocument
    source: Source | None = None
    inside: JsonPath = ()
    """Where the content stands in the file."""
    embedded: bool = False
    """Whether the content is JSON in a text of the file; all of it then stands on the line of that text."""

    def at(self, path: JsonPath = ()) -> str:
        """`file:line` of a path in the content."""
        if self.source is None:
            return self.document.at
        return self.source.at(self.inside if self.embedded else (*self.inside, *path))
