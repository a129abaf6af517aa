"""A flow as SVG: sound XML with every block and edge once, nothing on top of anything, and nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sbctl.core.problem import SbctlError
from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.pictures.picture import Picture
from sbctl.flows.pictures.strands import told_in_order
from sbctl.flows.pictures.svg import svg
from tests.unit.flows.pictures.samples import action, content, inbound, large

ROOT = Path(__file__).parents[4]
SVG = "{http://www.w3.org/2000/svg}"
Box = tuple[float, float, float, float]


def parsed(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(svg(picture, "Inbound"))


def ends(root: ElementTree.Element) -> list[tuple[str, str]]:
    found = [(one.get("data-from"), one.get("data-to")) for one in root.iter() if "data-from" in one.attrib]
    return sorted((str(source), str(target)) for source, target in found)


def boxes(root: ElementTree.Element) -> dict[str, Box]:
    """Left, top, right and bottom of each block."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        if "block" in group.get("class", "").split():
            x, y = map(float, re.findall(r"[-\d.]+", group.get("transform", "")))
            rect = group.find(f"{SVG}rect")
            assert rect is not None
            found[group.get("id", "")] = (x, y, x + float(rect.get("width", 0)), y + float(rect.get("height", 0)))
    return found


def labels(root: ElementTree.Element) -> list[Box]:
    found = []
    for group in root.iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        if "label" in group.get("class", "").split() and rect is not None:
            x, y, width, height = (float(rect.get(name, 0)) for name in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("tree", [inbound(), large(12), large(60), content(action("a", "DisconnectParticipant")), {}])
def test_every_block_and_edge_is_drawn_once(tree: Any) -> None:
    """In a larger picture errors are told in the block that they leave; none is left out."""
    picture = picture_of(tree)
    numbers = told_in_order(picture).numbers
    root = parsed(picture)
    assert len(boxes(root)) == len(picture.blocks) == len({*boxes(root)})
    assert ends(root) == sorted((str(numbers[edge.source]), str(numbers[edge.target])) for edge in picture.edges)


@pytest.mark.parametrize("tree", [inbound(), large(12), large(60)])
def test_nothing_lies_on_a_block(tree: Any) -> None:
    """Neither another block nor the label of an edge."""
    root = parsed(picture_of(tree))
    blocks = list(boxes(root).values())
    assert not [1 for place, one in enumerate(blocks) for other in blocks[:place] if meet(one, other)]
    assert not [1 for label in labels(root) for block in blocks if meet(label, block)]


def test_the_main_path_is_straight() -> None:
    """Its blocks stand below each other; errors are thin."""
    picture = picture_of(inbound())
    numbers = told_in_order(picture).numbers
    places = boxes(parsed(picture))
    path = [picture.start, *(edge.target for edge in picture.edges if edge.main)]
    middles = {round((places[f"b{numbers[name]}"][0] + places[f"b{numbers[name]}"][2]) / 2) for name in path}
    assert len(path) == 5
    assert len(middles) == 1


def test_texts_of_a_flow_are_text() -> None:
    """Neither markup nor what XML cannot hold comes from a flow; nothing is asked of anybody."""
    tree = content(action("a", "MessageParticipant", Text='</text><script>alert(1)</script>\x1b & "quotes"'))
    found = svg(picture_of(tree), "</title><script>")
    ElementTree.fromstring(found)
    assert "<script" not in found
    assert "\x1b" not in found
    assert set(re.findall(r"https?://[^\"' <)]+", found)) == {"http://www.w3.org/2000/svg"}
    assert "@import" not in found
    assert "prefers-color-scheme: dark" in found


def test_a_flow_beyond_all_limits_is_told_as_text() -> None:
    """AWS takes 250 blocks; thousands would be laid out for minutes."""
    with pytest.raises(SbctlError) as caught:
        svg(picture_of(large(401)), "Large")
    assert caught.value.problems[0].code == "picture-too-large"


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    """Text and Mermaid need no library."""
    (tmp_path / "graphlay.py").write_text("raise ImportError('No module named graphlay')\n", encoding="utf-8")
    (tmp_path / "flow.json").write_text(
        '{"Version": "2019-10-30", "StartAction": "a", "Actions": []}', encoding="utf-8"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    words = [sys.executable, "-m", "sbctl", "flow", "draw", "flow.json", "-o", "svg"]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'sbctl-connect[pictures]'" in done.stderr
    assert done.stdout == ""
