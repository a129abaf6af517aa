"""Addresses: the one name of a resource everywhere (state, plan, command line, logs), and references to its outputs."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

GLOBAL = "global"
_SLUG = re.compile(r"[^a-z0-9_.*]+")


def slug(name: str) -> str:
    """A name as it stands in an address: lower case, everything else than letters, digits, `_ . *` as one dash."""
    return _SLUG.sub("-", name.lower()).strip("-")


@total_ordering
class Address(BaseModel):
    """`kind.region.name`, for example `connect_queue.us-west-2.support`; region `global` where AWS has none."""

    model_config = ConfigDict(frozen=True)

    kind: str
    region: str
    name: str

    @classmethod
    def of(cls, kind: str, region: str, name: str) -> Address:
        """The address of a thing called `name` in AWS; the name is made a slug."""
        return cls(kind=kind, region=region, name=slug(name))

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read the text form. The name may hold dots and is compared without regard to case.

        Raises ValueError when it has not three parts.
        """
        parts = text.strip().split(".", 2)
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"{text!r} is not an address of the form kind.region.name")
        return cls.of(*parts)

    def __str__(self) -> str:
        return f"{self.kind}.{self.region}.{self.name}"

    def __lt__(self, other: Address) -> bool:
        return (self.kind, self.region, self.name) < (other.kind, other.region, other.name)

    def ref(self, output: str) -> Ref:
        """A reference to one of this resource's outputs."""
        return Ref(address=self, output=output)


def known_form(text: str) -> str:
    """The text when it is an address, for fields that hold one. Raises ValueError."""
    Address.parse(text)
    return text


AddressText = Annotated[str, AfterValidator(known_form)]
"""An address as files hold it: checked when it is read, so that nobody meets another form later."""


class Ref(BaseModel):
    """One output of another resource, known only once that resource exists. Text form: `kind.region.name#output`."""

    model_config = ConfigDict(frozen=True)

    address: Address
    output: str

    def __str__(self) -> str:
        return f"{self.address}#{self.output}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        address, _, output = text.rpartition("#")
        return cls(address=Address.parse(address), output=output)


class Joined(BaseModel):
    """A text put together from parts, some of which are references: `arn:…/` + Ref + `/*`."""

    model_config = ConfigDict(frozen=True)

    parts: tuple[str | Ref, ...]

    def __str__(self) -> str:
        return "".join(str(part) if isinstance(part, str) else f"<{part}>" for part in self.parts)


def joined(*parts: str | Ref) -> Joined:
    """Put parts together into a text that is known once its references are."""
    return Joined(parts=parts)


Link = str | Ref | Joined
Values = dict[str, Any]
