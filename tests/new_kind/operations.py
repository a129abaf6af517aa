"""What AWS's model of Connect says of one sort of resource: its operations, and the members of their answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore.session


@dataclass(frozen=True)
class Operations:
    """Names of operations and members, and what a creation must be given beside the instance and the name."""

    create: str
    search: str
    describe: str
    update: str
    delete: str
    rows: str
    row: str
    id: str
    needed: tuple[str, ...]
    tagged: bool


@cache
def model() -> Any:
    return botocore.session.get_session().get_service_model("connect")


def missing(noun: str) -> list[str]:
    """The operations that AWS does not have of those without which a template says nothing."""
    known = set(model().operation_names)
    wanted = [f"Create{noun}", f"Search{noun}s", f"Describe{noun}", f"Delete{noun}"]
    return [name for name in wanted if name not in known] + ([] if _updates(noun) else [f"Update{noun}"])


def operations(noun: str) -> Operations:
    """All of it, for a noun of which nothing is missing."""
    create, describe, search = (
        model().operation_model(name) for name in (f"Create{noun}", f"Describe{noun}", f"Search{noun}s")
    )
    ids = [name for name in describe.input_shape.required_members if name != "InstanceId"]
    lists = [name for name, shape in search.output_shape.members.items() if shape.type_name == "list"]
    rows = [name for name, shape in describe.output_shape.members.items() if shape.type_name == "structure"]
    given = ("InstanceId", "Name")
    return Operations(
        create=create.name,
        search=search.name,
        describe=describe.name,
        update=_updates(noun)[0],
        delete=f"Delete{noun}",
        rows=lists[0],
        row=rows[0],
        id=ids[-1],
        needed=tuple(name for name in create.input_shape.required_members if name not in given),
        tagged="Tags" in create.input_shape.members,
    )


def _updates(noun: str) -> list[str]:
    """The update itself where there is one, then those of single aspects."""
    return sorted(name for name in model().operation_names if name.startswith(f"Update{noun}"))
