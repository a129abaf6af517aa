"""Which data each command tells, and the JSON Schema of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from sbctl.cli.nouns import kind_of_noun
from sbctl.commands.data import calls, checks, flow, plan, project, sandbox, shared, state
from sbctl.core.state import Record
from sbctl.cost.prices import PriceTable
from sbctl.failover.data.schema import DATA as MOVING
from sbctl.failover.data.schema import schema_of

Forms = tuple[type[BaseModel], ...]
ALONE: Mapping[str, Forms] = {
    "init": (project.InitTold,),
    "config check": (project.CheckedTold,),
    "config schema": (shared.Written, shared.Document),
    "adopt": (project.AdoptTold,),
    "iam-policy": (project.PoliciesTold,),
    "cost": (project.CostTold, PriceTable),
    "plan": (plan.PlanTold,),
    "deploy": (plan.AppliedTold,),
    "apply": (plan.AppliedTold,),
    "destroy": (plan.AppliedTold,),
    "verify-replication": (checks.ReplicationTold,),
    "doctor": (checks.DoctorTold,),
    "parity": (checks.ParityTold, plan.AppliedTold),
    "drift": (checks.DriftTold, plan.AppliedTold),
    "kit show": (state.KitShownTold,),
    "kit verify": (state.KitVerifiedTold,),
    "kit export": (state.KitExportedTold,),
    "state list": (state.RecordsTold,),
    "state show": (Record,),
    "state history": (state.GenerationsTold,),
    "state restore": (state.RestoredTold,),
    "state rebuild": (state.RebuiltTold,),
    "state move": (state.MovedTold,),
    "state forget": (state.ForgottenTold,),
    "state rename": (state.RenamedTold,),
    "state unlock": (state.UnlockedTold,),
    "explain": (project.KindsTold, project.KindTold, project.AddressTold, project.ExitTold),
    "sandbox up": (sandbox.ServedTold,),
    "sandbox status": (sandbox.ServedTold,),
    "sandbox env": (shared.Variables,),
    "sandbox reset": (sandbox.WorldTold,),
    "sandbox advance": (sandbox.WorldTold,),
    "sandbox down": (sandbox.StoppedTold,),
    "sandbox fault add": (sandbox.FaultTold,),
    "sandbox fault list": (sandbox.FaultsTold,),
    "sandbox heal": (sandbox.HealedTold,),
    "sandbox call": (calls.CallTold,),
    "sandbox callers start": (calls.CallersRow,),
    "sandbox callers stop": (calls.CallersStoppedTold,),
    "sandbox callers list": (calls.CallersTold,),
    "sandbox agents start": (calls.AgentsTold,),
    "sandbox agents stop": (calls.AgentsStoppedTold,),
    "sandbox agents list": (calls.AgentsTold,),
    "version": (project.VersionTold,),
    "flow lint": (flow.Linted,),
    "flow render": (flow.Rendered, flow.Drawn),
    "flow draw": (flow.PictureTold,),
    "flow diff": (flow.ComparedTold,),
    "flow import": (flow.ImportTold,),
    "flow fmt": (flow.FormattedTold,),
    "flow pull": (flow.PulledTold,),
    "flow rollback": (flow.RolledBack, flow.VersionsTold),
    "flow test": (flow.FlowTestsTold, plan.AppliedTold),
}
OF_KINDS: Mapping[str, Forms] = {
    "plan": (plan.PlanTold,),
    "apply": (plan.AppliedTold,),
    "show": (plan.ThreesTold,),
    "list": (plan.LivesTold,),
    "adopt": (plan.PlanTold,),
}
KIND = "KIND"
"""Stands for the noun of any kind."""
DATA: Mapping[str, Forms] = {
    **MOVING,
    "history list": MOVING["history"],
    **ALONE,
    **{f"{KIND} {name}": forms for name, forms in OF_KINDS.items()},
}
"""By command, as the envelope names it: the forms that its `data` can have. A refusal or an error may leave `data` empty."""


def entry(command: str) -> str:
    """The name in DATA: `KIND plan` for `queue plan`, else the command itself."""
    noun, _, rest = command.partition(" ")
    return f"{KIND} {rest}" if noun in kind_of_noun() and rest in OF_KINDS else command


def data_schema(command: str) -> dict[str, Any]:
    """The JSON Schema of a command's `data`. KeyError for a command that has none."""
    return schema_of(command, DATA[entry(command)])
