"""The config items of functions: what others made here, what sbctl makes elsewhere, and the code for that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.resource import Live, NotSayable
from sbctl.engine.adoption.discovery import Discovered, Wish
from sbctl.engine.adoption.functions import Function, environment, settings, variables
from sbctl.engine.adoption.names import NamesById
from sbctl.engine.adoption.package import unpacked
from sbctl.engine.adoption.result import Fetch, LeftOut, Worded
from sbctl.engine.adoption.role_policies import may_write, policies_of
from sbctl.engine.adoption.ways import named
from sbctl.engine.matching.targets import Kinds

NAME_LIMIT = 48
ROLE_LIMIT = 64
"""Of the name of an IAM role, which is made of the project's name and the function's."""


class FunctionItems:
    """Writes the item of one function after the other."""

    def __init__(
        self, kinds: Kinds, aws: AwsCalls, estate: Discovered, names: NamesById, wish: Wish, fetch: Fetch, project: str
    ) -> None:
        self._kinds = kinds
        self._only = named(kinds)
        self._aws = aws
        self._estate = estate
        self._names = names
        self._wish = wish
        self._fetch = fetch
        self._longest = min(NAME_LIMIT, ROLE_LIMIT - len(f"{project}-lambda-"))

    def item(self, live: Live[Any], into: Worded) -> Mapping[str, Any]:
        """The item; its code, and what one has to know of it, go `into` what was said. Raises NotSayable."""
        region, arn = self._estate.region, str(live.spec.function_arn)
        item = dict(self._kinds[self._only["function"]].to_config(live.spec, region, self._names))
        function = self._estate.functions.get(arn)
        if function is None:
            raise NotSayable("Lambda does not know the function")
        item["name"] = self._names.free(self._only["code"], region, item["name"], self._longest)
        self._names.take(self._only["code"], region, item["name"], live.ids)
        try:
            further = self._elsewhere(function, item["name"], into)
        except NotSayable as why:
            into.notes.append(self._about(function, f"stays in {region} alone, since {why}"))
            return {**item, "regions": [region]}
        return {"name": item.pop("name"), **further, **item}

    def _elsewhere(self, function: Function, name: str, into: Worded) -> dict[str, Any]:
        fields = settings(function)
        of = function.configuration
        files, skipped = unpacked(
            self._fetch.package(function.name), of["CodeSha256"], fields["handler"], fields["runtime"]
        )
        into.files |= {f"lambdas/{name}/{path}": content for path, content in files.items()}
        found = environment(function, self._words(), self._wish.variables)
        rights = self._rights(function)
        into.notes += [self._about(function, text) for text in _notes(rights, found.unsaid, skipped)]
        alone = [item["name"] for item in into.sections.get("tables", ()) if "regions" in item]
        alone = [table for table in alone if table in (*rights["reads"], *rights["writes"])]
        if alone:
            text = f"names {', '.join(alone)}, which is in {self._estate.region} alone, so that it misses it elsewhere"
            into.notes.append(self._about(function, text))
        said = {"environment": dict(found.said)} if found.said else {}
        return {**fields, **said, **{field: tables for field, tables in rights.items() if tables}}

    def _words(self) -> dict[str, str]:
        """Values that mean something here → what stands for them in any region."""
        words = {self._estate.instance.ids["id"]: "${instance}", self._estate.account: "${account}"}
        words[self._estate.region] = "${region}"
        for word, kind in (("table", self._only["table"]), ("bucket", self._only["bucket"])):
            for live in self._estate.things[kind]:
                if self._is_said(kind, live.spec.name):
                    words[live.spec.name] = f"${{{word}:{self._names(kind, live.spec.name)}}}"
        return words

    def _is_said(self, kind: str, name: str) -> bool:
        try:
            return bool(self._names(kind, name))
        except NotSayable:
            return False

    def _rights(self, function: Function) -> dict[str, list[str]]:
        """The tables that its environment names, by what its role may do with them."""
        used = set(variables(function).values())
        table = self._only["table"]
        tables = [live for live in self._estate.things[table] if live.spec.name in used]
        tables = [live for live in tables if self._is_said(table, live.spec.name)]
        policies = policies_of(self._kinds, self._aws, str(function.configuration["Role"])) if tables else ()
        writes = [live.spec.name for live in tables if may_write(policies, str(live.outputs["arn"]))]
        return {"reads": [live.spec.name for live in tables if live.spec.name not in writes], "writes": writes}

    def _about(self, function: Function, text: str) -> LeftOut:
        return LeftOut(self._kinds[self._only["code"]].title, function.name, text)


def _notes(rights: Mapping[str, list[str]], unsaid: Iterable[str], skipped: int) -> Iterable[str]:
    allowed = [
        f"{verb} {', '.join(rights[field])}"
        for field, verb in (("reads", "read"), ("writes", "write"))
        if rights[field]
    ]
    yield f"gets a role elsewhere that may {' and '.join(['write its log', *allowed])}, and nothing else"
    names = ", ".join(unsaid)
    if names:
        yield f"its variables {names} are not written, since they may be secrets: --variable NAME writes one that is none"
    if skipped:
        yield f"its package has tests, compiled or hidden files ({skipped}), which sbctl does not pack and did not write"
