"""What stands for an id or ARN in a document, and what has to be asked for because nothing stands for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sbctl.flows.names.placeholders import of_the_id
from sbctl.flows.names.references import NAMED_BY_PEOPLE, OWNER_AWS, Reference, references

LATEST, SAVED = ":$LATEST", ":$SAVED"
_LAST_ID = re.compile(r"/([0-9a-fA-F-]{36})$")


class Words:
    """A table: id or ARN → a placeholder, or any other text. `account` is the project's, "" where it is not known.

    A resource of an instance is found by its id too where the table has its ARN, since both mean the same to Connect.
    """

    def __init__(
        self,
        table: Mapping[str, str],
        region: str = "",
        account: str = "",
        shown: Collection[str] | None = None,
    ) -> None:
        """`shown`: the words that metadata may have. What it names and the flow does not use need not be in a project."""
        self._shown = shown
        self._table = {**{found[1]: word for key, word in table.items() if (found := _LAST_ID.search(key))}, **table}
        self._region = region
        self._account = account

    def of(self, reference: Reference) -> str | None:
        """What stands for it, None where nothing does.

        An id alone stays an id where nothing says that an ARN may stand there too, as in an attribute or a condition.
        A version is of one instance's resource, so only a table that names it with its version has a word for it. The latest
        one of a module is what its id alone means.
        """
        word = None if reference.dynamic else self._of(reference)
        if word is not None and reference.arn is None and not (reference.kind or reference.display):
            return of_the_id(word)
        hidden = reference.display and self._shown is not None and word not in self._shown
        return None if hidden else word

    def _of(self, reference: Reference) -> str | None:
        exact = self._table.get(reference.value)
        if exact is not None:
            return exact
        word = self._table.get(reference.text) or self._table.get(reference.id)
        if word is None or reference.suffix not in ("", LATEST, SAVED):
            return None
        return word if reference.kind == "module" and reference.suffix == LATEST else word + reference.suffix

    def is_bound(self, reference: Reference) -> bool:
        """Whether it means something in one region or account only, and no word stands for it."""
        if reference.dynamic or reference.display or self.of(reference) is not None:
            return False
        arn = reference.arn
        if arn is None:
            return reference.sure
        if arn.account == OWNER_AWS or not (arn.region or arn.account):
            return False
        return not self.is_regional(reference) and (arn.region != "" or arn.account != self._account)

    def is_regional(self, reference: Reference) -> bool:
        """Whether the same ARN with another region's code is the same thing there: it ends in a name that people chose."""
        arn = reference.arn
        if arn is None or not arn.region or self._region not in ("", arn.region):
            return False
        own = arn.service in NAMED_BY_PEOPLE and bool(self._region) and arn.account in ("", self._account)
        return arn.account == OWNER_AWS or own


def unused(table: Mapping[str, str], contents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The ids and ARNs of a table that no content has."""
    there: set[str] = set()
    for content in contents:
        for one in references(content):
            there |= {one.value, one.text, one.id}
    for key in table:
        found = _LAST_ID.search(key)
        if key not in there and not (found and found[1] in there):
            yield key
