"""The projects that are swept: the default one over its three regions, and a small one with one of every kind in two."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Config = dict[str, Any]
SMALL_ALARMS = ("calls-over-quota", "replication-lag", "region-health")
FLOWS = '''"""Two flows that name each other."""

from sbctl.flows.builder import FlowBuilder

FLOWS = (
    FlowBuilder("Inbound", description="Calls")
    .on_error("end")
    .play("Welcome to ${region-name}.")
    .invoke_lambda("customer_lookup", timeout_seconds=5)
    .transfer_to_queue("Support", at_capacity="other")
    .label("other")
    .transfer_to_flow("Goodbye")
    .label("end")
    .disconnect(),
    FlowBuilder("Goodbye", description="The end")
    .on_error("end")
    .play("Good bye.")
    .transfer_to_flow("Inbound")
    .label("end")
    .disconnect(),
)
'''


def full(folder: Path) -> Path:
    """The default project; the folder of its config."""
    for name in ("config", "flows", "lambdas"):
        shutil.copytree(ROOT / name, folder / name)
    return folder / "config"


def small(folder: Path) -> Path:
    """One of every kind in two regions; the folder of its config."""
    config = full(folder)
    edit(config, _shrink)
    shutil.rmtree(folder / "flows")
    (folder / "flows").mkdir()
    (folder / "flows" / "calls.py").write_text(FLOWS, encoding="utf-8")
    return config


def trio(folder: Path) -> Path:
    """The small project in three regions."""
    config = full(folder)
    regions = json.loads((config / "regions.json").read_text(encoding="utf-8"))["regions"]
    shutil.rmtree(folder)
    config = small(folder)
    edit(config, lambda found: found.update(regions=regions))
    return config


def _shrink(config: Config) -> None:
    config["regions"] = config["regions"][:2]
    config["hours"] = config["hours"][:1]
    config["queues"] = [{"name": "Support", "hours": "24x7", "outboundNumber": "main"}]
    config["numbers"] = [{"name": "main", "country": "US", "type": "TOLL_FREE", "flow": "Inbound"}]
    config["routingProfiles"][0]["defaultOutboundQueue"] = "Support"
    config["routingProfiles"][0]["queues"] = [{"queue": "Support", "priority": 1}]
    config["alarms"] = [alarm for alarm in config["alarms"] if alarm["name"] in SMALL_ALARMS]
    config |= {"hierarchy": [{"levels": ["Site", "Team"]}], "hierarchyGroups": [{"name": "North"}]}
    config["predefinedAttributes"] = [{"name": "Product", "values": ["Loans"]}]
    config["users"] = config["users"][:1]
    skill = {"attribute": "Product", "value": "Loans", "level": 3}
    config["users"][0] |= {"hierarchyGroup": "North", "proficiencies": [skill]}
    config["quickConnects"] = [{"name": "Goodbye", "flow": "Goodbye"}]


def change(config: Path) -> None:
    """Change something of nearly every kind, take something out and put something in."""
    edit(config, _changed)


def _changed(config: Config) -> None:
    config["hours"][0]["description"] = "All day and all night"
    for queue in config["queues"]:
        queue["maxContacts"] = 7
    config["queues"].append({"name": "Billing", "hours": config["hours"][0]["name"]})
    config["routingProfiles"][0]["description"] = "Whoever is there"
    config["routingProfiles"][0]["queues"].append({"queue": "Billing", "priority": 3})
    config["securityProfiles"][1]["permissions"] = ["BasicAgentAccess"]
    config["agentStatuses"] = [{"name": "Training"}]
    config["users"][0] |= {"firstName": "First", "email": "first@example.com", "afterContactWorkSeconds": 9}
    config["users"].append({**config["users"][0], "name": "agent-9", "email": "agent-9@example.com"})
    for function in config["lambdas"]:
        function["timeoutSeconds"] = 6
    config["buckets"][0]["expireAfterDays"] = 91
    config["alarms"][0]["threshold"] = 2
    del config["alarms"][1]
    config["strategy"] = "active-active"


def edit(config: Path, act: Callable[[Config], None]) -> None:
    """Change regions.json."""
    path = config / "regions.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    act(found)
    path.write_text(json.dumps(found, indent=2), encoding="utf-8")
