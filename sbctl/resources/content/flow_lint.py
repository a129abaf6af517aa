"""What a flow's item says of the linter: findings that are not to be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.kinds.spec import WrittenPart
from sbctl.core.text.alike import did_you_mean
from sbctl.flows.lint.rules import NEVER_IGNORED, rules


class IgnoredRule(WrittenPart):
    """A lint rule that does not apply to a flow."""

    rule: str = Field(min_length=1, description="Name of the rule (docs/reference/flow-rules.md).")
    reason: str = Field(min_length=1, description="Why it does not apply.")


class FlowLint(WrittenPart):
    """What the linter leaves out."""

    ignore: list[IgnoredRule] = Field(default=[], description="Rules whose findings are not shown.")


def wrong_excuses(lint: FlowLint, overrides: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """(field, what is wrong, what to do) of rules that there are not or that cannot be ignored, and of what names a region."""
    for region in (code for code, fields in overrides.items() if "lint" in fields):
        yield f"overrides.{region}.lint", "a flow is linted once for all regions", "Write it beside the name."
    for number, one in enumerate(lint.ignore):
        field = f"lint.ignore.{number}.rule"
        if one.rule not in rules():
            fix = did_you_mean(one.rule, rules(), "See docs/reference/flow-rules.md.")
            yield field, f"there is no lint rule {one.rule!r}", fix
        elif one.rule in NEVER_IGNORED:
            yield field, f"{one.rule} cannot be ignored", "Remove the entry, and correct the flow."
