"""`--sandbox` on a machine that is set up for AWS by somebody else, in a terminal that knows Latin-1 alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.sandbox.deployed import EAST, ROOT, WEST, Scene, undeployed
from tests.terminal import Shown, in_terminal

ENCODING = "iso-8859-1"
NOBODY = "http://127.0.0.1:9"
"""Where nothing listens."""


def strange(folder: Path) -> dict[str, str]:
    """An environment in which no client reaches AWS, and Python finds an encoding that lacks what sbctl draws."""
    broken = folder / "aws-config"
    broken.write_text("[profile\nregion = nowhere", encoding="utf-8")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "SBCTL_", "LC_", "PYTHON"))}
    proxies = dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), NOBODY
    )
    aws = {
        "AWS_PROFILE": "nosuch",
        "AWS_DEFAULT_PROFILE": "nosuch",
        "AWS_CONFIG_FILE": str(broken),
        "AWS_SHARED_CREDENTIALS_FILE": str(broken),
        "AWS_ENDPOINT_URL": NOBODY,
        "AWS_ENDPOINT_URL_S3": NOBODY,
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_CA_BUNDLE": str(folder / "absent.pem"),
        "AWS_REGION": "mars-north-1",
        "AWS_MAX_ATTEMPTS": "many",
        "AWS_RETRY_MODE": "nosuch",
    }
    terminal = {"TERM": "xterm", "LC_ALL": "C", "PYTHONIOENCODING": ENCODING, "PYTHONPATH": str(ROOT)}
    return {**kept, **proxies, **aws, **terminal, "HOME": str(folder), "NO_PROXY": "", "no_proxy": ""}


def typed(scene: Scene, *words: str) -> Shown:
    """`sbctl --sandbox WORDS`, typed some seconds after the last command."""
    scene.pass_time(5)
    place = ("--config", str(scene.folder / "config"), "--state", str(scene.state))
    return in_terminal(
        (sys.executable, "-m", "sbctl", *place, "--sandbox", *words), scene.folder, strange(scene.folder)
    )


def readable(shown: Shown) -> str:
    """The text, which must be Latin-1 and nothing that another encoding left in it."""
    assert shown.sent
    text = shown.sent.decode(ENCODING)
    assert "â" not in text  # the first byte of a frame or an arrow in UTF-8
    assert "Traceback" not in text
    return text


@pytest.mark.long
def test_the_demo_and_what_a_failover_would_do_come_all_the_same(tmp_path: Path) -> None:
    """Proxies, profiles, endpoints and config files of this machine are not read; arrows have stand-ins."""
    with undeployed(tmp_path) as scene:
        deployed = typed(scene, "--yes", "deploy", "--region", "all")
        assert deployed.exit == 0, readable(deployed)
        assert "256" in readable(deployed)
        looked = typed(scene, "status")
        assert looked.exit == 0, readable(looked)
        assert EAST in readable(looked)
        decided = typed(scene, "failover", "--to", WEST, "--mode", "forced", "--dry-run")
        assert decided.exit == 0, readable(decided)
        assert f"{EAST} -> {WEST}" in readable(decided)
