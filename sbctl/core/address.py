"""Addresses: the one name of a resource everywhere (state, plan, command line, logs), and references to its outputs."""

from __future__ import annotations

from functools import lru_cache, total_ordering
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, PrivateAttr

from sbctl.core.aws.global_region import GLOBAL as GLOBAL
from sbctl.core.text.slug import forms, slug


@total_ordering
class Address(BaseModel):
    """`kind.region.name`, for example `connect_queue.us-west-2.support`; region `global` where AWS has none."""

    model_config = ConfigDict(frozen=True)

    kind: str
    region: str
    name: str
    _called: str = PrivateAttr(default="")

    @classmethod
    def of(cls, kind: str, region: str, name: str) -> Address:
        """The address of a thing called `name` in AWS; the name is made a slug."""
        return _made(kind, region, name)

    def named(self, name: str) -> Address:
        """The address under another form of the same name."""
        other = self.model_copy(update={"name": name})
        other._called = self.called
        return other

    @property
    def called(self) -> str:
        """The name that it was made of, while that is known: two names may have one slug."""
        return self._called or self.name

    @property
    def forms(self) -> frozenset[str]:
        """The forms of its name: as it is, as it is beside others like it, and as it was in earlier versions."""
        return forms(self.called)

    def known_as(self, text: str) -> bool:
        """Whether a text is this address, or a form that it has beside other names, or had in earlier versions."""
        if text == str(self):
            return True
        kind, _, rest = text.partition(".")
        region, _, name = rest.partition(".")
        return (kind, region) == (self.kind, self.region) and name in self.forms

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Address):
            return NotImplemented
        return (self.kind, self.region, self.name) == (other.kind, other.region, other.name)

    def __hash__(self) -> int:
        return hash((self.kind, self.region, self.name))

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


@lru_cache(maxsize=8192)
def _made(kind: str, region: str, name: str) -> Address:
    """Addresses do not change, and the same few hundred are read again and again in a run."""
    made = Address(kind=kind, region=region, name=slug(name))
    made._called = name
    return made


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
