"""`flow render`: a flow as a region gets it, with the ids that the state knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sbctl.clocks import RealClock
from sbctl.core.state import Record
from sbctl.main import cli
from sbctl.store.stores import file_store

QUEUE = "connect_queue.us-west-2.sales"
ARN = "arn:aws:connect:us-west-2:123456789012:instance/a/queue/b"
ROOT = Path(__file__).parents[3]


def rendered(folder: Path) -> str:
    place = ["--config", str(ROOT / "config"), "--state", str(folder)]
    done = CliRunner().invoke(cli, [*place, "flow", "render", "SalesInbound", "--region", "us-west-2", "-o", "json"])
    assert done.exit_code == 0, done.output
    data: dict[str, Any] = json.loads(done.stdout)["data"]
    return json.dumps(data["content"])


def test_ids_that_the_state_knows_are_filled_in(tmp_path: Path) -> None:
    """An address stands for what is not deployed yet."""
    assert f"{QUEUE}#arn" in rendered(tmp_path)
    store = file_store(tmp_path, RealClock(), "test")
    with store.lock():
        store.put(Record(address=QUEUE, ids={"id": "b"}, outputs={"arn": ARN}))
    found = rendered(tmp_path)
    assert ARN in found
    assert f"{QUEUE}#arn" not in found
    assert "connect_queue.us-west-2.vip-sales#arn" in found
