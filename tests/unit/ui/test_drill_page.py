"""The page of a drill stands by itself, escapes what it is told, and fits a phone in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sbctl.ui.page.charts import lag, objectives, trend
from sbctl.ui.page.report import drill_page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
MEASURE = "<script>document.title = document.documentElement.scrollWidth + '/' + window.innerWidth</script>"


def drill(**more: Any) -> dict[str, Any]:
    probes = [
        {
            "at_seconds": float(at),
            "region": "us-east-1" if at < 40 else "us-west-2",
            "good": not 10 <= at < 40,
            "why": "",
        }
        for at in range(0, 80, 2)
    ]
    limit = {"name": "RTO", "value": 31.5, "limit": 300.0, "unit": "s", "held": True}
    return {
        "run": "drill-20260301T030000-1a2b",
        "name": "region-loss",
        "title": "The active region is lost",
        "purpose": "A forced failover moves traffic.",
        "level": "full",
        "from": "us-east-1",
        "to": "us-west-2",
        "begun_at": "2026-03-01T03:00:00+00:00",
        "outcome": "held",
        "why": "",
        "rto_seconds": 31.5,
        "rpo_seconds": 2.0,
        "objectives": {"rto_seconds": 300.0, "rpo_seconds": 60.0},
        "limits": [limit],
        "probes": probes,
        "probes_total": 40,
        "probes_failed": 15,
        "last_good_at": "2026-03-01T03:00:08+00:00",
        "writes": [{"number": 0, "at_seconds": 1.0, "acknowledged": True, "why": ""}],
        "writes_acknowledged": 1,
        "writes_lost": [],
        "lags": [],
        "refusal": [],
        "timeline": [{"at_seconds": 10.0, "what": "fault", "text": "hang us-east-1"}],
        **more,
    }


EARLIER = [{"at": f"2026-0{month}-01T03:00:00", "rto_seconds": 30.0 + month} for month in (1, 2, 3)]


def test_the_page_asks_for_nothing_else() -> None:
    """No script, no style sheet, no picture, no font from anywhere: the only addresses are names of XML spaces."""
    page = drill_page(drill(), EARLIER)
    assert set(re.findall(r"https?://[^\"' <)]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert not re.search(r"<(script|link|img|iframe)\b|@import|url\(", page)
    assert page.count("<svg") == 2


def test_what_aws_says_is_text_and_not_markup() -> None:
    """A queue's name, or an error's message, cannot bring a tag or a control character into the page."""
    page = drill_page(drill(why=b"<script>alert(1)</script>\\x1b[2J".decode("unicode_escape")), EARLIER)
    assert "<script>alert" not in page
    assert "\x1b" not in page


def test_the_strips_show_what_was_observed() -> None:
    """Probes end at 78 s of a drill that was restored at 855 s: no stretch is good after that, and the axis ends with them."""
    timeline = [
        {"at_seconds": 10.0, "what": "fault", "text": "hang us-east-1"},
        {"at_seconds": 100.0, "what": "mended", "text": "nothing is broken any more"},
        {"at_seconds": 855.0, "what": "restored", "text": "the world is as before"},
    ]
    page = drill_page(drill(timeline=timeline), [])
    assert "0 to 100 s of the world" in page
    ends = [float(left) + float(width) for left, width in re.findall(r"<i [^>]*left:([\d.]+)%;width:([\d.]+)%", page)]
    assert max(ends) == pytest.approx(78.0, abs=0.5)


def test_a_late_mark_stands_at_its_time() -> None:
    """The last event is at the end of the strip, and its time before it: a phone has no room behind."""
    timeline = [{"at_seconds": at, "what": what, "text": what} for at, what in ((10.0, "fault"), (100.0, "mended"))]
    page = drill_page(drill(timeline=timeline), [])
    assert '<span style="left:10.0%"' in page
    assert '<span class="late" style="left:100.0%"' in page


def test_limits_are_told_as_a_terminal_tells_them() -> None:
    """One digit of a second that was measured, none of a whole limit."""
    limits = [
        {"name": "RTO", "value": 33.087, "limit": 300.0, "unit": "s", "held": True},
        {"name": "calls", "value": 0, "limit": 0, "unit": "calls", "held": True},
    ]
    page = drill_page(drill(limits=limits), [])
    shown = ["33.1 s", "300 s", "0 calls", "0 calls"]
    assert [" ".join(one.split()) for one in re.findall(r'<td class="value">([^<]*)</td>', page)] == shown


def test_the_legend_of_the_lags_is_whole() -> None:
    """Long names of what replicates leave little room for the plot; its legend is not cut for that."""
    lags = [{"subject": "connect-config-global", "from": "us-east-1", "to": "us-west-2", "value": 40.0, "unit": "s"}]
    page = drill_page(drill(lags=lags), [])
    assert "</i>objective, s</figcaption>" in page.split("Replication lag before the move")[1]


def test_no_two_rows_have_the_same_label() -> None:
    """Faults at several times share a row; a lag that was measured in two ways, or twice, says in which."""
    faults = [{"at_seconds": at, "what": "fault", "text": f"hang {at}"} for at in (10.0, 11.0, 60.0)]
    page = drill_page(drill(timeline=[*faults, {"at_seconds": 40.0, "what": "moved", "text": "DNS"}]), [])
    assert re.findall(r'<div class="quiet">(\w+)</div><div class="marks">', page) == ["fault", "moved"]
    assert re.findall(r'title="[^"]*">([^<]*)</span>', page) == ["10 s, 11 s", "60 s", "40 s"]
    checks = ("canary-item", "published-latency", "canary-item")
    rows = [{"check": one, "subject": "customers", "from": "a", "to": "b", "value": 2.0, "unit": "s"} for one in checks]
    chart = lag([*rows, {**rows[0], "subject": "recordings"}], 60.0)
    said = [one for one in re.findall(r">([^<]+)</text>", chart) if one[0].isalpha()]
    assert sorted(said) == ["customers", "customers (2)", "customers (AWS)", "recordings"]
    assert "recordings a → b" in lag([{**rows[0], "subject": "recordings"}, {**rows[0], "to": "c"}], 60.0)


def test_charts_can_be_read_on_a_phone() -> None:
    """Letters of 14 in a picture 400 wide are 12 high on a screen of 358, beside the margins."""
    for chart in (objectives(drill()), trend(EARLIER, 300.0)):
        width = re.search(r'viewBox="0 0 (\d+) ', chart)
        assert width is not None
        assert int(width[1]) <= 400


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.parametrize("width", [390, 1000])
def test_the_page_fits_the_window(tmp_path: Path, width: int) -> None:
    """Neither a phone nor a desk has to scroll sideways."""
    page = tmp_path / "page.html"
    page.write_text(drill_page(drill(), EARLIER).replace("</body>", f"{MEASURE}</body>"), encoding="utf-8")
    words = [str(BROWSER), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900"]
    done = subprocess.run([*words, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=60, check=True)
    found = re.search(r"<title>(\d+)/(\d+)</title>", done.stdout)
    assert found is not None
    assert int(found[1]) <= int(found[2])
