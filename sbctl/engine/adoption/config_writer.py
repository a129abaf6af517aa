"""An existing contact centre in the config's words: items, flows with names for ARNs, and what has no words, with why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.core.address import GLOBAL
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.flow_document import FlowDocument
from sbctl.core.kinds.resource import Live, NotSayable
from sbctl.core.project import Region
from sbctl.desired.files.recordings import NotAudio, checked
from sbctl.engine.adoption.discovery import Discovered, Wish
from sbctl.engine.adoption.documents import Documents, contents, refuse_unserved, told
from sbctl.engine.adoption.excuses import excuse, refused_by, unworkable
from sbctl.engine.adoption.function_items import FunctionItems
from sbctl.engine.adoption.names import NamesById
from sbctl.engine.adoption.result import Fetch, LeftOut, Unresolved, Worded
from sbctl.engine.adoption.ways import FOLDERS, named
from sbctl.engine.matching.targets import Kinds
from sbctl.flows.names.words import unused
from sbctl.flows.writing.document import file_of

AUDIO_BUCKET = "prompts"
BUCKET_NAME = 24
"""The longest name of a bucket's item."""
BUCKET_LIMIT = 63
LONGEST_REGION = "ap-southeast-2"


def worded(
    kinds: Kinds, aws: AwsCalls, estate: Discovered, region: Region, project: str, wish: Wish, fetch: Fetch
) -> Worded:
    """Say everything. Raises NotSayable when the instance itself cannot be said."""
    return _Writer(kinds, aws, estate, region, wish, fetch).write(project)


class _Writer:
    def __init__(
        self, kinds: Kinds, aws: AwsCalls, estate: Discovered, region: Region, wish: Wish, fetch: Fetch
    ) -> None:
        self._kinds = kinds
        self._aws = aws
        self._estate = estate
        self._region = region
        self._wish = wish
        self._fetch = fetch
        self._names = NamesById()
        self._said = Worded()
        self._taken: list[tuple[str, str, Live[Any]]] = []
        self._only = named(kinds)
        self._flows = {self._only[way]: folder for way, folder in FOLDERS.items()}

    def write(self, project: str) -> Worded:
        things = self._estate.things
        instance = self._kinds[self._only["instance"]].to_config(
            self._estate.instance.spec, self._region.region, self._names
        )
        self._said.sections["instances"] = [{"name": project, **instance}]
        self._tables(things[self._only["table"]], {live.spec.name: live for live in things[self._only["replica"]]})
        self._buckets(things[self._only["bucket"]], project)
        self._functions(project)
        items = [kind for kind in things if self._kinds[kind].adoption.way in ("item", "audio", "storage")]
        late = [kind for kind in items if self._flows.keys() & set(self._kinds[kind].adoption.after)]
        for kind in items:
            if kind not in late:
                self._items(kind, self._kinds[kind].section, things[kind])
        self._documents()
        for kind in late:  # they name flows, of which only now is known which are taken over
            self._items(kind, self._kinds[kind].section, things[kind])
        self._name_later()
        self._leave_unsaid()
        return self._said

    def _tables(self, tables: Iterable[Live[Any]], replicas: Mapping[str, Live[Any]]) -> None:
        table, replica = self._only["table"], self._only["replica"]
        for live in tables:
            try:
                notes = list(self._kinds[table].unmanaged(self._aws, self._region.region, live))
                item = dict(self._kinds[table].to_config(live.spec, self._region.region, self._names))
                here = replicas[live.spec.name].spec
                item |= self._kinds[replica].to_config(here, self._region.region, self._names)
                self._names.take(table, GLOBAL, item["name"], {"name": live.spec.name})
                self._add("tables", item)
                self._note(table, item["name"], notes)
            except NotSayable as why:
                self._leave(table, live.spec.name, why)

    def _buckets(self, buckets: Iterable[Live[Any]], project: str) -> None:
        """Names leave room for what sbctl adds to them in other regions, as far as the project's name does."""
        region, bucket = self._region.region, self._only["bucket"]
        longest = BUCKET_LIMIT - len(f"{project}--{self._estate.account}-{LONGEST_REGION}")
        for live in buckets:
            wanted = live.spec.name.replace(".", "-")
            name = self._names.free(bucket, region, wanted, max(BUCKET_NAME // 2, min(BUCKET_NAME, longest)))
            self._names.take(bucket, region, name, live.ids)
            item = self._kinds[bucket].to_config(live.spec, region, self._names)
            self._add("buckets", item)
            self._note(bucket, live.spec.name, self._kinds[bucket].unmanaged(self._aws, region, live))
            keep = item["overrides"][region].get("keep", ())
            if keep:
                self._note(bucket, live.spec.name, [f"keeps its own {', '.join(keep)}"])
        for name, why in self._estate.refused.items():
            self._leave(bucket, name, NotSayable(why))

    def _functions(self, project: str) -> None:
        writer = FunctionItems(self._kinds, self._aws, self._estate, self._names, self._wish, self._fetch, project)
        for live in self._estate.things[self._only["function"]]:
            try:
                self._add("lambdas", writer.item(live, self._said))
            except NotSayable as why:
                self._leave(self._only["function"], str(live.spec.function_arn), why)

    def _documents(self) -> None:
        """Flows and modules name each other, so all have their names before the first is said.

        What sbctl itself cannot work with is left out, and then has no name for those that name it.
        """
        kept = [
            (kind, live) for kind in self._flows for live in self._estate.things[kind] if self._is_named(kind, live)
        ]
        while True:
            writer = Documents(self._names, self._region, self._estate.account, self._wish.mapped)
            documents = [(kind, live, self._document(writer, kind, live)) for kind, live in kept]
            unfit = [(kind, live, why) for kind, live, one in documents if (why := unworkable(one))]
            if not unfit:
                break
            for kind, live, why in unfit:
                self._names.release(kind, live.ids)
                self._leave(kind, live.spec.name, NotSayable(why))
                kept.remove((kind, live))
        unknown = unused(self._wish.mapped, (contents(live) or {} for _, live, _ in documents))
        self._said.notes += [LeftOut("map", key, "no flow has it") for key in unknown]
        for kind, live, document in documents:
            self._file(kind, document, list(writer.unresolved(live)))
        self._excuse([(kind, document) for kind, _, document in documents])

    def _document(self, writer: Documents, kind: str, live: Live[Any]) -> FlowDocument:
        return writer.document(live, self._flows[kind], module=self._kinds[kind].adoption.way == "module")

    def _file(self, kind: str, document: FlowDocument, bound: list[Unresolved]) -> None:
        self._said.files[document.at] = file_of(document).encode()
        self._said.unresolved += bound
        self._note(kind, document.name, told(bound))

    def _excuse(self, documents: Iterable[tuple[str, FlowDocument]]) -> None:
        """What the linter refuses and AWS runs is ignored on that flow. A section lists all flows, or is not there."""
        rows: dict[str, list[dict[str, Any]]] = {}
        for kind, document in documents:
            rules = refused_by(document)
            item = {"name": document.name, **({"lint": excuse(rules)} if rules else {})}
            rows.setdefault(self._kinds[kind].section, []).append(item)
            if rules:
                self._note(kind, document.name, [f"AWS runs it, although sbctl's lint refuses {', '.join(rules)}"])
        self._said.sections |= {name: items for name, items in rows.items() if any("lint" in one for one in items)}

    def _is_named(self, kind: str, live: Live[Any]) -> bool:
        try:
            refuse_unserved(live)
            self._names.take(kind, self._region.region, live.spec.name, live.ids)
        except NotSayable as why:
            self._leave(kind, live.spec.name, why)
            return False
        return True

    def _items(self, kind: str, section: str, things: Iterable[Live[Any]]) -> None:
        for live in things:
            name = next(
                filter(None, (getattr(live.spec, field, "") for field in ("name", "resource_type", "number"))), ""
            )
            try:
                self._item(kind, section, live)
                self._note(kind, name, self._kinds[kind].unmanaged(self._aws, self._region.region, live))
            except NotSayable as why:
                self._leave(kind, name, why)

    def _item(self, kind: str, section: str, live: Live[Any]) -> None:
        item = dict(self._kinds[kind].to_config(live.spec, self._region.region, self._names))
        audio = self._audio(live, item) if self._kinds[kind].adoption.way == "audio" else {}
        self._names.take(kind, self._region.region, item["name"], live.ids)
        self._said.files |= audio
        self._add_or_merge(kind, section, item)
        self._taken.append((kind, str(item["name"]), live))

    def _name_later(self) -> None:
        """What items name of things that have their names only now."""
        for kind, name, live in self._taken:
            for field, (other, identities) in self._kinds[kind].named_later(live.spec).items():
                try:
                    self._say_later(self._kinds[kind].section, name, field, self._named(other, identities))
                except NotSayable as why:
                    self._note(kind, name, [f"its {field} stays as it is: {why}"])

    def _named(self, kind: str, identities: Any) -> Any:
        if isinstance(identities, list):
            return [self._names(kind, str(one)) for one in identities]
        return self._names(kind, str(identities))

    def _say_later(self, section: str, name: str, field: str, value: Any) -> None:
        for item in self._said.sections[section]:
            if item["name"] == name:
                item[field] = value

    def _add_or_merge(self, kind: str, section: str, item: Mapping[str, Any]) -> None:
        """One item may ask for several resources; raises NotSayable for another of its name that says something else."""
        there = self._said.sections.setdefault(section, [])
        same = next((index for index, one in enumerate(there) if one["name"] == item["name"]), None)
        if same is None:
            there.append(dict(item))
            return
        merged = self._kinds[kind].merged(there[same], item)
        if merged is None:
            raise NotSayable(f"another {self._kinds[kind].title} of this name says something else")
        there[same] = dict(merged)

    def _audio(self, live: Live[Any], item: dict[str, Any]) -> dict[str, bytes]:
        """The audio of a prompt, and in its item the bucket through which it goes to other regions."""
        path = self._names.file("prompts", item["name"].removesuffix(".wav"), ".wav")
        item["file"] = path.removeprefix("prompts/")
        try:
            audio = {path: checked(self._fetch.audio(live.ids["id"]), path)}
        except NotAudio as why:
            raise NotSayable(str(why)) from why
        if not self._said.sections.get("buckets"):
            self._add("buckets", {"name": AUDIO_BUCKET, "replicate": False, "regions": []})
        item["bucket"] = self._said.sections["buckets"][0]["name"]
        return audio

    def _leave_unsaid(self) -> None:
        for kind, names in self._estate.unsaid.items():
            for name in names:
                self._leave(kind, name, NotSayable("the config does not speak of this type of data"))

    def _add(self, section: str, item: Mapping[str, Any]) -> None:
        self._said.sections.setdefault(section, []).append(dict(item))

    def _note(self, kind: str, name: str, texts: Iterable[str]) -> None:
        self._said.notes += [LeftOut(self._kinds[kind].title, name, text) for text in texts]

    def _leave(self, kind: str, name: str, why: Exception) -> None:
        self._said.left.append(LeftOut(self._kinds[kind].title, name, str(why)))
