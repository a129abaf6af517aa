"""What every command returns: its words, its data, its problems. One renderer makes text of it, another JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sbctl.core.problem import Exit, Problem, worst


@dataclass(frozen=True, kw_only=True)
class Report:
    """`data` is what JSON output shows; `view` is the object that the human renderer draws (a Plan, a State...)."""

    command: str
    data: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    view: Any = None
    finding: Exit = Exit.DONE
    """An exit code that is not a problem: differences found, a drill that did not hold."""

    @property
    def exit(self) -> Exit:
        return worst(self.problems) or self.finding

    @property
    def status(self) -> str:
        """Derived, never set: done, differences, partial, failed..."""
        return self.exit.name.lower().replace("_", "-")

    def as_json(self) -> dict[str, Any]:
        """The envelope `sbctl/1`."""
        return {
            "schema": "sbctl/1",
            "command": self.command,
            "status": self.status,
            "exit": int(self.exit),
            "data": self.data,
            "problems": [problem.as_json() for problem in self.problems],
        }
