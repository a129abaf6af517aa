"""The page of a flow stands by itself, is sound HTML, and fits a phone in a real browser."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sbctl.flows.comparing.changes import compared
from sbctl.flows.comparing.picture import compared_picture
from sbctl.flows.pictures.compose import picture_of
from sbctl.ui.page.flow import flow_page
from tests.unit.flows.pictures.samples import action, content, inbound
from tests.unit.ui.test_drill_page import BROWSER, FLAGS, MEASURE

VOID = frozenset({"meta", "input", "br", "hr", "img", "link"})


class Tags(HTMLParser):
    """Collects tags that are closed in another order than they are opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def page() -> str:
    after = inbound()
    after["Actions"][0]["Parameters"]["Text"] = "</td><script>alert(1)</script>\x1b[2J"
    picture = compared_picture(inbound(), after, compared(inbound(), after))
    row = {"name": "<b>", "change": "changed", "before": "", "after": "x" * 200, "notice": "<i>"}
    return flow_page("Inbound <1>", "CONTACT_FLOW, flows/Inbound.json", picture, [row])


def test_the_page_is_sound_and_asks_for_nothing() -> None:
    """Every tag is closed, every id is one, every link leads to a block of the page, nothing comes from elsewhere."""
    text = page()
    tags = Tags()
    tags.feed(text)
    assert (tags.wrong, tags.open) == ([], [])
    assert len(tags.ids) == len({*tags.ids})
    assert {link for link in re.findall(r'href="#([^"]+)"', text)} <= {*tags.ids}
    assert set(re.findall(r"https?://[^\"' <)]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(script|link|img|iframe)\b|@import|url\((?!#)", text)


def test_what_a_flow_says_is_text() -> None:
    """It brings no tag and no control character into the page."""
    text = page()
    assert "<script" not in text
    assert "\x1b" not in text
    assert "Inbound &lt;1&gt;" in text


def test_what_is_out_of_reach_is_marked() -> None:
    """In the head of the page, and in the table."""
    tree = content(action("a", "DisconnectParticipant"), action("b", "MessageParticipant", "a", Text="Never"))
    text = flow_page("A", "", picture_of(tree))
    assert "1 not reachable" in text
    assert text.count('<span class="warn">not reachable</span>') == 1


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_the_page_fits_a_phone(tmp_path: Path) -> None:
    """The picture scrolls in its frame, and the page does not sideways."""
    file = tmp_path / "page.html"
    file.write_text(page().replace("</body>", f"{MEASURE}</body>"), encoding="utf-8")
    words = [str(BROWSER), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--window-size=390,900"]
    done = subprocess.run([*words, "--dump-dom", file.as_uri()], capture_output=True, text=True, timeout=60, check=True)
    found = re.search(r"<title>(\d+)/(\d+)</title>", done.stdout)
    assert found is not None
    assert int(found[1]) <= int(found[2])
