"""The state: what sbctl made, by address. States are values; only the store changes them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sbctl.core.address import Address, AddressText

FORMAT = 2
Status = Literal["creating", "ready", "updating", "deleting"]


class Record(BaseModel):
    """What is known of one resource.

    `status` other than "ready" means that a step began and its end was not recorded: the next run looks first.
    `applied` is the spec last applied (plain values, references resolved). Destroy never deletes what was "adopted".
    `left` are fields of `applied` that the config no longer has and AWS kept all the same.
    `rolled_back` says to what ("to"), when ("at"), by which run and why an earlier version was brought back; empty otherwise.
    `generation` counts creations at this address and survives deletion (Route 53 caller references need it).
    """

    model_config = ConfigDict(frozen=True)

    address: AddressText
    status: Status = "ready"
    origin: Literal["created", "adopted"] = "created"
    ids: dict[str, str] = {}
    applied: dict[str, Any] = {}
    left: list[str] = []
    outputs: dict[str, Any] = {}
    needs: list[AddressText] = []
    rolled_back: dict[str, str] = {}
    generation: int = 1
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None

    @property
    def at(self) -> Address:
        return Address.parse(self.address)

    def output(self, name: str) -> Any:
        """An output or id by name; KeyError when it is not recorded."""
        return self.outputs[name] if name in self.outputs else self.ids[name]


class State(BaseModel):
    """All records of one project. `lineage` is born with the state, `serial` grows with every write.

    `written_by` is the command that wrote it, `writer` who ran that, from where and in which run (core/actor.py).
    `endpoint` says whose resources these are: "aws", "sandbox", or the host of another endpoint; empty when nothing was
    made yet, or by a version that did not say. `moved_to` is set in what stays behind when a state is moved.
    """

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    lineage: str = Field(default_factory=lambda: uuid.uuid4().hex)
    serial: int = 0
    project: str = ""
    account: str = ""
    endpoint: str = ""
    moved_to: str = ""
    written_by: str = ""
    writer: dict[str, str] = {}
    written_at: AwareDatetime | None = None
    records: dict[str, Record] = {}
    gone: dict[str, int] = {}
    """Generations of addresses that no longer exist."""

    def get(self, address: Address) -> Record | None:
        return self.records.get(str(address))

    def with_record(self, record: Record) -> State:
        return self.model_copy(update={"records": {**self.records, record.address: record}})

    def without(self, address: Address) -> State:
        key = str(address)
        record = self.records.get(key)
        if record is None:
            return self
        return self.model_copy(
            update={
                "records": {name: kept for name, kept in self.records.items() if name != key},
                "gone": {**self.gone, key: record.generation},
            }
        )

    def generation(self, address: Address) -> int:
        """The generation that a creation at this address would have."""
        record = self.get(address)
        return (record.generation if record else self.gone.get(str(address), 0)) + 1

    def generations(self) -> dict[str, int]:
        """The last generation of every address that this state knows of."""
        return {**self.gone, **{address: record.generation for address, record in self.records.items()}}

    def not_before(self, known: Mapping[str, int]) -> State:
        """The state with no generation lower than `known`: what is made next must not be asked for with an old token."""
        records = {
            address: record.model_copy(update={"generation": max(record.generation, known.get(address, 0))})
            for address, record in self.records.items()
        }
        gone = {**{address: number for address, number in known.items() if address not in records}}
        for address, number in self.gone.items():
            gone[address] = max(number, known.get(address, 0))
        return self.model_copy(update={"records": records, "gone": gone})


Records = Mapping[str, Record]
