"""What a deploy made is looked at in the end: a region whose health function answers 503 would never get traffic."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.core.problem import Exit
from tests.sandbox.deployed import EAST, LONDON, WEST, deployed

SICK = 'def handler(event, context):\n    return {"statusCode": 503, "body": "connect"}\n'


@pytest.mark.long
def test_a_deploy_says_which_endpoints_do_not_answer(tmp_path: Path) -> None:
    """Each with the log to look at; the deploy itself is done. One that touches nothing behind them asks none."""
    with deployed(tmp_path) as scene:
        (scene.folder / "lambdas" / "health" / "handler.py").write_text(SICK, encoding="utf-8")
        code, said = scene.run("deploy", "--region", "all")
        assert code == Exit.NOT_HELD
        assert len(said["data"]["done"]) == 3
        found = [one for one in said["problems"] if one["code"] == "health-function-bad"]
        assert {one["detail"] for one in found} == {"health-function: HTTP 503 connect"}
        assert {region for region in (EAST, WEST, LONDON) for one in found if region in one["at"]} == {
            EAST,
            WEST,
            LONDON,
        }
        assert all("aws logs tail --region" in one["fix"] for one in found)
        code, said = scene.run("deploy", "--region", "all")
        assert (code, said["problems"]) == (Exit.DONE, [])
