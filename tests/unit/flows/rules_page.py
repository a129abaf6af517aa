"""docs/reference/flow-rules.md, made of the rules. `python -m tests.unit.flows.rules_page` writes it; a test compares it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sbctl.flows.lint.practice import RULES as PRACTICE
from sbctl.flows.lint.rule import Rule
from sbctl.flows.lint.rules import ACCEPTANCE, NEVER_IGNORED

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "flow-rules.md"
HEAD = """# Rules of `sbctl flow lint`

An error is what Amazon Connect was seen to refuse, or a document that is no flow. A warning is what only a page or an export says,
or what runs and is likely a slip: AWS decides. The facts behind the rules are data: `sbctl/flows/language/actions.json` has all 68
action types.

- A flow whose type is not stated has it guessed by its blocks; rules for types are warnings then.
- Amazon Connect stores drafts (status SAVED) unchecked, so errors are warnings in them.
- `--strict` makes warnings errors. `--ignore RULE` and `flows[].lint.ignore` in `regions.json` leave findings out, except those
  of {never}.
"""


def page() -> str:
    """The text of the page."""
    never = ", ".join(f"`{name}`" for name in sorted(NEVER_IGNORED))
    practice = {rule.name for rule in PRACTICE}
    acceptance = [rule for rule in ACCEPTANCE if rule.name not in practice]
    parts = [HEAD.format(never=never), _table("What AWS accepts", acceptance)]
    if PRACTICE:
        parts.append(_table("Practice", PRACTICE))
    return "\n".join(parts)


def _table(title: str, rules: Iterable[Rule]) -> str:
    rows = [f"| `{rule.name}` | {rule.level} | {rule.what} | {_link(rule.page)} |" for rule in sorted(rules, key=_name)]
    return "\n".join([f"## {title}", "", "| rule | level | reports | AWS |", "|---|---|---|---|", *rows, ""])


def _name(rule: Rule) -> str:
    return rule.name


def _link(url: str) -> str:
    return f"[{url.rpartition('/')[2].removesuffix('.html')}]({url})" if url else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
