"""A flow as Mermaid: the exact text of a small one, and labels that mean nothing to Mermaid."""

from __future__ import annotations

import re

import pytest

from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.pictures.mermaid import escaped, mermaid
from tests.unit.flows.pictures.samples import action, content, inbound

SMALL = """\
flowchart TD
  b1["Get customer input<br/>#34;1 or 2#34;"]
  b2["Play prompt<br/>#34;One#34;"]
  b3(["Disconnect / hang up"])
  b4["Play prompt<br/>#34;Never#34;"]
  b1 ==>|"key 1"| b2
  b1 -.->|"errors"| b3
  b2 ==> b3
  b4 --> b3
  linkStyle 1 stroke:#8c959f,stroke-width:1px
  classDef promptBlock fill:#ddf4ff,stroke:#0969da,color:#1f2328
  class b1,b2,b4 promptBlock
  classDef endBlock fill:#eaeef2,stroke:#57606a,color:#1f2328
  class b3 endBlock
  classDef unreachableBlock stroke-dasharray:4 3,opacity:0.6
  class b4 unreachableBlock
"""


def test_the_whole_text_of_a_small_flow() -> None:
    """Main edges are thick, errors dotted and one, what no call comes to is dashed."""
    errors = dict.fromkeys(("NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded"), "end")
    tree = content(
        action("ask", "GetParticipantInput", "end", errors, [("Equals", "1", "one")], Text="1 or 2"),
        action("one", "MessageParticipant", "end", Text="One"),
        action("loose", "MessageParticipant", "end", Text="Never"),
        action("end", "DisconnectParticipant"),
    )
    assert mermaid(picture_of(tree)) == SMALL


@pytest.mark.parametrize(
    "text",
    [
        'a "b" `c`',
        "end",
        "1. first",
        "- one",
        "a|b{c}[d](e)<f>#g;&h",
        "%%{init: {}}%%",
        "$$x$$",
        "*a* _b_ ~c~ \\n",
        "fa:x",
    ],
)
def test_labels_hold_nothing_that_mermaid_knows(text: str) -> None:
    """Neither its brackets and comments nor Markdown, HTML, formulas and icons; the letters stay."""
    assert not re.search(r"[\"`|{}\[\]<>#;&%$*_~\\]|^[-+]|^\d+\.|fa:", re.sub(r"#\d+;", "", escaped(text)))
    assert re.sub(r"#(\d+);", lambda code: chr(int(code[1])), escaped(text)) == text


def test_a_flow_without_blocks_is_still_a_flowchart() -> None:
    """Mermaid draws it as one block."""
    assert mermaid(picture_of({"Actions": "none"})) == 'flowchart TD\n  b0["no blocks"]\n'


def test_every_block_and_edge_is_there_once() -> None:
    """Of a usual flow."""
    picture = picture_of(inbound())
    lines = mermaid(picture).splitlines()
    assert sum(1 for line in lines if re.match(r"  b\d+[\[({]", line)) == len(picture.blocks)
    assert sum(1 for line in lines if re.match(r"  b\d+ (-->|==>|-\.->)", line)) == len(picture.edges)
