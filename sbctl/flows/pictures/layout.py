"""Where the blocks and edges of a picture stand, by the layered layout of the library graphlay (extra `pictures`).

Edges of calls and those errors that alone lead to a block are laid out. All other errors would stretch the picture from end to end:
the one block that says sorry is named by every block. They are told in the block that they leave, by the number of their target.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.flows.pictures.picture import Edge, Picture
from sbctl.flows.pictures.wrap import Size, label_size

MOST_BLOCKS = 400
"""AWS takes 250 actions of a flow; beyond this a layout takes minutes."""
SMALL = 40
"""Up to so many blocks every error is drawn from block to block."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """Of a block: its left upper corner and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Route:
    """Of an edge: from border to border, and the middle of its label."""

    points: tuple[Point, ...]
    label: Point | None = None


@dataclass(frozen=True)
class Layout:
    """A picture with places."""

    boxes: Mapping[str, Box]
    routes: Mapping[Edge, Route]
    width: float
    height: float


def laid_out(picture: Picture, drawn: list[Edge], sizes: Mapping[str, Size]) -> Layout:
    """The layout with routes of the drawn edges. Raises SbctlError where the library is missing, or the picture too large."""
    if len(picture.blocks) > MOST_BLOCKS:
        raise SbctlError(_too_large(len(picture.blocks)))
    graphlay = _library()
    graph = graphlay.Graph()
    places = {block.id: place for place, block in enumerate(picture.blocks)}
    for name, place in places.items():
        graph.node(place, width=sizes[name].width, height=sizes[name].height)
    for edge in drawn:
        graph.edge(places[edge.source], places[edge.target], weight=_weight(edge), **_label(edge))
    found = graphlay.layout(graph, preset="process_map", options=_options(len(drawn)))
    return _layout(picture, drawn, found)


def _library() -> Any:
    try:
        return importlib.import_module("graphlay")
    except ImportError as error:
        raise SbctlError(
            Problem(
                code="pictures-missing",
                summary="SVG and HTML pictures need the extra pictures",
                detail=str(error),
                at="sbctl flow",
                fix="pip install 'sbctl-connect[pictures]', or use -o text or -o mermaid.",
                exit=Exit.USAGE,
            )
        ) from error


def _too_large(count: int) -> Problem:
    return Problem(
        code="picture-too-large",
        summary="The flow is too large for an SVG picture",
        detail=f"it has {count} blocks, and a picture takes {MOST_BLOCKS}",
        at="sbctl flow",
        fix="Use -o text or -o mermaid.",
        exit=Exit.USAGE,
    )


def drawn_edges(picture: Picture) -> list[Edge]:
    """The edges that are laid out: none to the block itself, and of errors in a larger picture only the first to a block.

    That one keeps blocks that no call comes to otherwise below those that lead to them.
    """
    small = len(picture.blocks) <= SMALL
    led = {edge.target for edge in picture.edges if edge.sort != "error"} | {picture.start}
    drawn = []
    for edge in picture.edges:
        if edge.source != edge.target and (small or edge.sort != "error" or edge.target not in led):
            led.add(edge.target)
            drawn.append(edge)
    return drawn


def _weight(edge: Edge) -> float:
    return 1000.0 if edge.main else 0.1 if edge.sort == "error" else 1.0


def _label(edge: Edge) -> dict[str, Any]:
    if not edge.label:
        return {}
    size = label_size(edge.label)
    return {"label_size": {"width": size.width, "height": size.height}}


def _options(edges: int) -> dict[str, Any]:
    return {
        "effort": "balanced" if edges <= 3 * SMALL else "fast",
        "spacing": {"layer_gap": 44, "node_gap": 36, "dummy_gap": 20},
    }


def _layout(picture: Picture, drawn: list[Edge], found: Any) -> Layout:
    left, top = found.bounds["min"]["x"], found.bounds["min"]["y"]
    boxes = {
        block.id: Box(
            node["center"]["x"] - node["size"]["width"] / 2 - left,
            node["center"]["y"] - node["size"]["height"] / 2 - top,
            node["size"]["width"],
            node["size"]["height"],
        )
        for block, node in zip(picture.blocks, found.nodes, strict=True)
    }
    routes = {
        edge: Route(tuple((point["x"] - left, point["y"] - top) for point in one["points"]), _anchor(one, left, top))
        for edge, one in zip(drawn, found.edges, strict=True)
    }
    size = found.bounds["max"]
    return Layout(boxes, routes, size["x"] - left, size["y"] - top)


def _anchor(edge: Mapping[str, Any], left: float, top: float) -> Point | None:
    at = edge.get("label_anchor")
    return (at["x"] - left, at["y"] - top) if at else None
