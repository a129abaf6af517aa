"""A picture as SVG: blocks with the colours of their roles, main edges thick, errors thin and dashed. Light and dark by CSS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from sbctl.flows.pictures.layout import Layout, Route, drawn_edges, laid_out
from sbctl.flows.pictures.picture import Block, Edge, Picture
from sbctl.flows.pictures.strands import told_in_order
from sbctl.flows.pictures.style import STYLE
from sbctl.flows.pictures.wrap import EDGE, FOOT_LETTERS, LINE, TITLE_LETTERS, block_size, folded, label_size

MARGIN = 24.0
CORNER = 7.0
SIGNS = {"added": "+", "removed": "\N{MINUS SIGN}", "changed": "~"}
_INVALID = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold. https://www.w3.org/TR/xml/#charsets"""


def svg(picture: Picture, title: str) -> str:
    """The picture as one SVG document without anything from elsewhere. Raises SbctlError where the extra is missing."""
    numbers = told_in_order(picture).numbers
    drawn = drawn_edges(picture)
    feet = _feet([edge for edge in picture.edges if edge not in set(drawn)], numbers)
    sizes = {
        block.id: block_size(_sign(block) + block.title, block.words, len(feet.get(block.id, ())))
        for block in picture.blocks
    }
    layout = laid_out(picture, drawn, sizes)
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN
    view = f"{-MARGIN:g} {-MARGIN:g} {width:.0f} {height:.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" viewBox="{view}" width="{width:.0f}" height="{height:.0f}"'
        f' role="img" aria-label="{_text(title)}">',
        f"<title>{_text(title)}</title>",
        f"<style>{STYLE}</style>",
        _markers(),
        *_edges(layout, numbers),
        *(
            _block(block, layout, numbers, feet.get(block.id, ()), picture.start)
            for block in _in_order(picture, numbers)
        ),
        *_labels(layout),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _in_order(picture: Picture, numbers: Mapping[str, int]) -> list[Block]:
    return sorted(picture.blocks, key=lambda block: numbers[block.id])


def _feet(edges: list[Edge], numbers: Mapping[str, int]) -> dict[str, list[list[Edge]]]:
    """The edges that are told at the foot of the block that they leave, in lines."""
    found: dict[str, list[list[Edge]]] = {}
    for edge in edges:
        lines = found.setdefault(edge.source, [[]])
        taken = sum(len(_told(one, numbers)) + 2 for one in lines[-1])
        if lines[-1] and taken + len(_told(edge, numbers)) > FOOT_LETTERS:
            lines.append([])
        lines[-1].append(edge)
    return found


def _told(edge: Edge, numbers: Mapping[str, int]) -> str:
    label = edge.label or "next"
    return f"{label}: again" if edge.source == edge.target else f"{label} → {numbers[edge.target]}"


def _sign(block: Block) -> str:
    return f"{SIGNS[block.change]} " if block.change else ""


def _text(text: str) -> str:
    return escape(_INVALID.sub("?", text))


def _markers() -> str:
    kinds = ("next", "main", "error", "added", "removed")
    found = "".join(
        f'<marker id="arrow-{kind}" class="arrow {kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7"'
        ' markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 1 10 5 0 9z"/></marker>'
        for kind in kinds
    )
    return f"<defs>{found}</defs>"


def _look(edge: Edge) -> str:
    if edge.change in ("added", "removed"):
        return edge.change
    return "error" if edge.sort == "error" else "main" if edge.main else "next"


def _edges(layout: Layout, numbers: Mapping[str, int]) -> Iterator[str]:
    """Errors first, so that what matters lies above them."""
    for edge in sorted(layout.routes, key=lambda edge: (edge.sort != "error", edge.main)):
        line = _rounded(layout.routes[edge])
        yield f'<path {_marked(edge, numbers)} d="{line}" marker-end="url(#arrow-{_look(edge)})"/>'


def _marked(edge: Edge, numbers: Mapping[str, int]) -> str:
    """The class and the ends of an edge as attributes."""
    sort = f"edge {edge.sort}{' main' if edge.main else ''}{f' {edge.change}' if edge.change else ''}"
    return f'class="{sort}" data-from="{numbers[edge.source]}" data-to="{numbers[edge.target]}"'


def _rounded(route: Route) -> str:
    """The line with round corners."""
    points = route.points
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _towards(at, before), _towards(at, after)
        parts.append(f"L{into[0]:.1f} {into[1]:.1f}Q{at[0]:.1f} {at[1]:.1f} {out[0]:.1f} {out[1]:.1f}")
    return "".join([*parts, f"L{points[-1][0]:.1f} {points[-1][1]:.1f}"])


def _towards(at: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    length = max(abs(other[0] - at[0]), abs(other[1] - at[1]), 0.01)
    part = min(CORNER, length / 2) / length
    return at[0] + (other[0] - at[0]) * part, at[1] + (other[1] - at[1]) * part


def _labels(layout: Layout) -> Iterator[str]:
    for edge, route in layout.routes.items():
        if edge.label and route.label:
            x, y = route.label
            size = label_size(edge.label)
            yield (
                f'<g class="label {edge.sort}"><rect x="{x - size.width / 2:.1f}" y="{y - size.height / 2:.1f}"'
                f' width="{size.width:.1f}" height="{size.height:.1f}" rx="3"/>'
                f'<text x="{x:.1f}" y="{y + 4:.1f}">{_text(edge.label)}</text></g>'
            )


def _block(block: Block, layout: Layout, numbers: Mapping[str, int], feet: Sequence[Sequence[Edge]], start: str) -> str:
    box, number = layout.boxes[block.id], numbers[block.id]
    state = ["" if block.reachable else "unreachable", "start" if block.id == start else ""]
    classes = " ".join(filter(None, ["block", block.role, block.change, *state]))
    rows = [("title", _text(line)) for line in folded(_sign(block) + block.title, TITLE_LETTERS)]
    rows += [("words", _text(line)) for line in folded(block.words)]
    rows += [("foot", _foot(line, numbers)) for line in feet]
    lines = "".join(
        f'<text class="{style}" x="14" y="{EDGE + 13 + LINE * row:.0f}">{text}</text>'
        for row, (style, text) in enumerate(rows)
    )
    hint = "" if block.reachable else " (not reachable)"
    return (
        f'<g id="b{number}" class="{classes}" transform="translate({box.x:.1f} {box.y:.1f})">'
        f"<title>{_text(f'{number}. {block.name}{hint} [{block.id}]')}</title>"
        f'<rect class="body" width="{box.width:.0f}" height="{box.height:.0f}" rx="{16 if block.role == "end" else 6}"/>'
        f'<text class="number" x="{box.width - 10:.0f}" y="{EDGE + 13:.0f}">{number}</text>{lines}</g>'
    )


def _foot(edges: Sequence[Edge], numbers: Mapping[str, int]) -> str:
    return ", ".join(
        f'<a href="#b{numbers[edge.target]}"><tspan {_marked(edge, numbers)}>{_text(_told(edge, numbers))}</tspan></a>'
        for edge in edges
    )
