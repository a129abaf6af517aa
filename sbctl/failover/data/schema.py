"""Which data the commands of failovers and drills tell, and how a JSON Schema is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from sbctl.failover.data.drill import (
    DrillList,
    DrillReportTold,
    DrillRestoreTold,
    DrillsTold,
    DrillTold,
    TabletopTold,
)
from sbctl.failover.data.failover import FailoverTold, RejoinTold
from sbctl.failover.data.history import HistoryTold, RunInFull, RunTold
from sbctl.failover.data.runbook import RunbooksTold, RunbookTold, WalkTold
from sbctl.failover.data.status import StatusTold

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DATA: Mapping[str, tuple[type[BaseModel], ...]] = {
    "failover": (FailoverTold, RejoinTold),
    "failback": (FailoverTold,),
    "status": (StatusTold,),
    "drill list": (DrillList,),
    "drill run": (DrillTold, DrillsTold, TabletopTold),
    "drill report": (DrillReportTold,),
    "drill restore": (DrillRestoreTold,),
    "runbook": (RunbooksTold, RunbookTold, WalkTold),
    "history": (HistoryTold,),
    "history show": (RunInFull,),
    "history ack": (RunTold,),
}
"""By command, as the envelope names it: the forms that its `data` can have. A refusal or an error may leave `data` empty."""


def schema_of(command: str, forms: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    """The JSON Schema of a command's `data`, which has one of these forms."""
    one = forms[0]
    for other in forms[1:]:
        one = one | other  # type: ignore[assignment]
    found = TypeAdapter(one).json_schema(by_alias=True, mode="validation")
    return {"$schema": DIALECT, "title": f"data of sbctl {command}", **found}
