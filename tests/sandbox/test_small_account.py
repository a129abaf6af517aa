"""An account that has ten executions of Lambda: nothing can be reserved, which is told, and stops no deploy."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.sandbox.quotas.service import ServiceQuotas
from tests.sandbox.deployed import REGIONS, undeployed

CONCURRENCY = "L-B99A9384"


@pytest.mark.long  # a whole deploy; tests/unit/resources/aws/test_functions.py holds the decision
def test_a_new_account_deploys_without_reservations(tmp_path: Path) -> None:
    """Done, with a note for each function in each region; the next plan is empty and says it again."""
    with undeployed(tmp_path) as scene:
        quotas = scene.world.services["service-quotas"]
        assert isinstance(quotas, ServiceQuotas)
        for region in REGIONS:
            quotas.apply(region, CONCURRENCY, 10.0)
        for words in (("deploy", "--region", "all"), ("plan", "--exit-code")):
            code, said = scene.run(*words)
            told = [problem["at"] for problem in said["problems"] if problem["code"] == "limit-of-the-account"]
            assert code == 0, said["problems"]
            assert sorted(told) == sorted(
                f"lambda_function.{region}.{name}" for region in REGIONS for name in ("health", "takeover")
            )
