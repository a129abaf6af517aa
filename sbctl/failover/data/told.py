"""The base of what commands tell: field names are those of the JSON, and what was not told is left out."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Told(BaseModel):
    """A frozen value. `source` and `target` are `from` and `to` in JSON.

    Unknown fields are left out: the journal of a newer sbctl may hold some, and its run must be gone on with all the same.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, populate_by_name=True)

    def as_json(self) -> dict[str, Any]:
        """The data of the envelope: the fields that were told, in the order of the class."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
