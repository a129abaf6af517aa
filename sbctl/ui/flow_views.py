"""What commands on flows hand to the renderer. Apart from the other views, since a linter runs often and on many files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sbctl.flows.comparing.changes import BlockChange
    from sbctl.flows.lint.diagnostic import Diagnostic
    from sbctl.flows.pictures.picture import Picture


@dataclass(frozen=True)
class FlowDrawn:
    """A flow as an outline, with the file it came from."""

    title: str
    at: str
    picture: Picture


@dataclass(frozen=True)
class FlowCompared:
    """Two contents of a flow compared; `note` is a sentence where no change is noticed."""

    title: str
    before: str
    after: str
    changes: tuple[BlockChange, ...]
    picture: Picture
    note: str = ""


@dataclass(frozen=True)
class FlowsLinted:
    """The findings on flows, errors first; how many flows were read, and of how many the type is a guess."""

    diagnostics: tuple[Diagnostic, ...]
    flows: int
    guessed: int
