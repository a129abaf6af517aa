"""A picture as a Mermaid flowchart, valid for Mermaid 10 and 11. https://mermaid.js.org/syntax/flowchart.html"""

from __future__ import annotations

import re

from sbctl.flows.pictures.picture import Block, Edge, Picture
from sbctl.flows.pictures.strands import told_in_order

STYLES: dict[str, str] = {
    "prompt": "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
    "decision": "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "lambda": "fill:#fff1e5,stroke:#bc4c00,color:#1f2328",
    "transfer": "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "end": "fill:#eaeef2,stroke:#57606a,color:#1f2328",
    "other": "fill:#ffffff,stroke:#8c959f,color:#1f2328",
    "missing": "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
    "unreachable": "stroke-dasharray:4 3,opacity:0.6",
    "added": "fill:#dafbe1,stroke:#1a7f37,stroke-width:4px,color:#1f2328",
    "removed": "fill:#ffebe9,stroke:#cf222e,stroke-width:4px,stroke-dasharray:6 4,color:#1f2328",
    "changed": "fill:#fff8c5,stroke:#9a6700,stroke-width:4px,color:#1f2328",
}
"""By class, which is called `promptBlock` and so on, as `end` means something to Mermaid."""
LINES = {"added": "stroke:#1a7f37,stroke-width:3px", "removed": "stroke:#cf222e,stroke-dasharray:6 4"}
ERROR_LINE = "stroke:#8c959f,stroke-width:1px"
SHAPES = {"decision": ('{{"', '"}}'), "end": ('(["', '"])')}
_MARKUP = re.compile(r"[^\w\s,.!?'()/=+…“”-]|_|^[-+]|(?<=^\d)\.|(?<=^\d\d)\.|fa(?=[bsrlk]?:)", re.MULTILINE)
"""What a label may not hold as it is: Mermaid's own signs, Markdown, HTML and names of icons."""


def mermaid(picture: Picture) -> str:
    """The flowchart, from the top down. Main edges are thick, errors dotted; what differs has the colours of a comparison."""
    numbers = told_in_order(picture).numbers
    blocks = sorted(picture.blocks, key=lambda block: numbers[block.id])
    edges = sorted(picture.edges, key=lambda edge: numbers[edge.source])
    lines = ["flowchart TD", *(f"  {_block(block, numbers[block.id])}" for block in blocks)]
    lines += [f"  {_edge(edge, numbers)}" for edge in edges]
    lines += [f"  linkStyle {places} {style}" for style, places in _link_styles(edges).items()]
    for name, style in STYLES.items():
        having = [f"b{numbers[block.id]}" for block in blocks if name in _classes(block)]
        lines += [f"  classDef {name}Block {style}", f"  class {','.join(having)} {name}Block"] if having else []
    return "\n".join(lines if blocks else ["flowchart TD", '  b0["no blocks"]']) + "\n"


def _block(block: Block, number: int) -> str:
    opening, closing = SHAPES.get(block.role, ('["', '"]'))
    words = f"<br/>{escaped(block.words)}" if block.words else ""
    return f"b{number}{opening}{escaped(block.title)}{words}{closing}"


def _edge(edge: Edge, numbers: dict[str, int]) -> str:
    arrow = "-.->" if edge.sort == "error" else "==>" if edge.main else "-->"
    label = f'|"{escaped(edge.label)}"|' if edge.label else ""
    return f"b{numbers[edge.source]} {arrow}{label} b{numbers[edge.target]}"


def _link_styles(edges: list[Edge]) -> dict[str, str]:
    """Style → the numbers of the edges that have it."""
    found: dict[str, list[str]] = {}
    for place, edge in enumerate(edges):
        style = LINES.get(edge.change, ERROR_LINE if edge.sort == "error" else "")
        if style:
            found.setdefault(style, []).append(str(place))
    return {style: ",".join(places) for style, places in found.items()}


def _classes(block: Block) -> list[str]:
    role = block.change or block.role
    return [role] if block.reachable else [role, "unreachable"]


def escaped(text: str) -> str:
    """A label whose signs have no meaning to Mermaid: they are written as `#` and their number."""
    return _MARKUP.sub(lambda found: "".join(_coded(letter) for letter in found.group()), text)


def _coded(letter: str) -> str:
    return f"#{ord(letter)};" if letter.isprintable() else "?"
