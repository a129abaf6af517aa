"""Steps of one's own in failover-rules.json: a command, a function of the target region, or an HTTPS call beside the move.

They are part of the rules, and so of the kit: a failover needs no config to run them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from sbctl.core.kinds.spec import WrittenPart

FORCED_SECONDS = 30.0
"""The longest that a step of one's own may take in a forced move."""
Way = Literal["command", "lambda", "https", ""]
WAYS: tuple[Way, ...] = ("command", "lambda", "https")
Word = Annotated[str, StringConstraints(min_length=1)]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class _Part(WrittenPart):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class HttpsCall(_Part):
    """One HTTPS request. Any answer of 2xx is success; redirects are not followed."""

    url: Word = Field(description="https:// address. ${to}, ${from}, ${env:NAME} and ${arn:…} are filled in.")
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field(default="POST", description="HTTP method.")
    headers: dict[HeaderName, str] = Field(default={}, description="Headers by name; values are filled in.")
    body: Any = Field(default=None, description="A text, or a JSON value that is sent as JSON; texts are filled in.")
    ca_file: str = Field(
        default="", description="File of CA certificates (PEM) on the operator's machine. Default: the system's."
    )


class Action(_Part):
    """What is done: exactly one of command, lambda and https."""

    command: list[Word] | None = Field(
        default=None, min_length=1, description="Program and arguments; no shell. Runs on the operator's machine."
    )
    env: dict[VariableName, str] = Field(default={}, description="Environment variables of the command; filled in.")
    function: Word | None = Field(
        default=None, alias="lambda", description="Function of the target region: an item of lambdas, or its AWS name."
    )
    payload: dict[str, Any] | None = Field(
        default=None, description="JSON object for the function; texts are filled in."
    )
    https: HttpsCall | None = Field(default=None, description="HTTPS request.")

    @property
    def ways(self) -> tuple[Way, ...]:
        """Which of the three are there; exactly one in what is valid."""
        found = {"command": self.command, "lambda": self.function, "https": self.https}
        return tuple(way for way in WAYS if found[way] is not None)

    @property
    def way(self) -> Way:
        return self.ways[0] if self.ways else ""


class OwnStep(Action):
    """A step of one's own. In a forced move it runs beside the move, after traffic was ordered, and is never awaited by it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40, description="Name in journals, --skip and reports.")
    before: str = Field(default="", description="Runs before this step of the mechanism.")
    after: str = Field(default="", description="Runs after this step of the mechanism.")
    timeout_seconds: float = Field(
        default=10, gt=0, le=3600, description="For all attempts together. At most 30 count in a forced move."
    )
    retry: int = Field(default=0, ge=0, le=10, description="Further attempts after a failure.")
    required: bool = Field(
        default=True, description="Whether a failure stops a planned move. A forced move is never stopped."
    )
    undo: Action | None = Field(default=None, description="What takes the step back when the move is aborted.")
    modes: list[Literal["planned", "forced"]] = Field(
        default=["planned", "forced"], min_length=1, description="Modes in which it runs."
    )
    regions: list[Word] | None = Field(
        default=None, min_length=1, description="Target regions for which it runs. Default: all."
    )
    drills: bool = Field(default=True, description="Whether drills run it, too.")
    moves_numbers: bool = Field(
        default=False, description="Whether it re-routes calls: drills then judge how long callers were not answered."
    )

    def applies(self, target: str, *, drill: bool) -> bool:
        """Whether a move to this region takes it along, in whatever mode."""
        return (self.regions is None or target in self.regions) and (self.drills or not drill)

    def in_aws(self, named: Callable[[str], str]) -> OwnStep:
        """The step with the names of its functions in AWS."""
        found = self if self.function is None else self.model_copy(update={"function": named(self.function)})
        if found.undo is None or found.undo.function is None:
            return found
        return found.model_copy(update={"undo": found.undo.model_copy(update={"function": named(found.undo.function)})})

    def limit(self, *, forced: bool) -> float:
        """Seconds of real time that it may take."""
        return min(self.timeout_seconds, FORCED_SECONDS) if forced else self.timeout_seconds
