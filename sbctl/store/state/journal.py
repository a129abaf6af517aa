"""What happened since the state file was written: records as they became, and addresses that went."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from sbctl.core.address import Address
from sbctl.core.state import Record, State
from sbctl.store.files.lines import line, sound


class JournalEntry(BaseModel):
    """A record as it became, or an address that went. `lineage` and `serial` say on which state file it rests."""

    model_config = ConfigDict(frozen=True)

    lineage: str
    serial: int
    put: Record | None = None
    drop: str = ""
    generation: int = 0

    @model_validator(mode="after")
    def _says_something(self) -> JournalEntry:
        if self.put is None:
            Address.parse(self.drop)
        return self

    def on(self, state: State) -> State:
        """The state with this entry in it."""
        if self.put is not None:
            return state.with_record(self.put)
        without = state.without(Address.parse(self.drop))
        return without.model_copy(update={"gone": {**without.gone, self.drop: self.generation}})

    def as_line(self) -> str:
        return line(self.model_dump_json(exclude_defaults=True))


def entries(content: bytes, state: State) -> list[JournalEntry]:
    """The sound entries that rest on this state file, in order."""
    found = [entry for entry in map(_entry, sound(content)) if entry is not None]
    return [entry for entry in found if entry.lineage == state.lineage and entry.serial == state.serial]


def _entry(value: object) -> JournalEntry | None:
    try:
        return JournalEntry.model_validate(value)
    except ValidationError:
        return None
