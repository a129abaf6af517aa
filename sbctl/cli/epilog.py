"""How the help of every command ends: examples, then exit codes with what they mean here. Fits 80 columns."""

from __future__ import annotations

import textwrap

COLUMNS = 76


def epilog_of(examples: str, codes: str) -> str:
    """An epilog for click. `examples`: one a line; `codes`: "0 done, 2 usage", folded as needed."""
    lines = [f"  {line.strip()}" for line in examples.strip().splitlines()]
    title = "Example:" if len(lines) == 1 else "Examples:"
    folded = textwrap.fill(f"Exit codes: {codes}.", COLUMNS, break_on_hyphens=False)
    # click folds paragraphs unless a backspace stands before them.
    return "\n".join(["\b", title, *lines, "", "\b", folded])
