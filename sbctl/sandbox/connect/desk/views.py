"""Views: what agents and customers see in step-by-step guides. A draft behind `:$SAVED`, what was published behind `:$LATEST`.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateView.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.desk.view_content import checked, managed, row, shown
from sbctl.sandbox.connect.flow_language.qualifier import Named, named, version, writable
from sbctl.sandbox.connect.idempotency import once
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import Terms, chosen
from sbctl.sandbox.connect.stamps import given
from sbctl.sandbox.connect.store import Codes, ConnectResource, Instance, ResourceStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "view"
CODES = Codes(full="ServiceQuotaExceededException")
MANAGED = ":aws:view/"


class Views:
    """The operations on views."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateView": self.create,
            "DescribeView": self.describe,
            "UpdateViewContent": self.update_content,
            "UpdateViewMetadata": self.update_metadata,
            "DeleteView": self.delete,
            "ListViews": self.list_all,
            "SearchViews": self.search,
        }

    def create(self, call: Call) -> Answer:
        params, publish = call.params, call.params["Status"] == "PUBLISHED"

        def make(instance: Instance) -> ConnectResource:
            content = checked(params["Content"], publish=publish)
            values = {
                **given(params, ("Name", "Description")),
                "Draft": content,
                "Content": content if publish else None,
                "Created": self._store.clock.now(),
            }
            return self._store.add(instance, KIND, values, params.get("Tags") or {}, CODES)

        view = once(self._store, call, KIND, make)
        return {"View": shown(view, view.values["Draft"], params["Status"])}

    def describe(self, call: Call) -> Answer:
        asked = str(call.params["ViewId"])
        if MANAGED in asked:
            return {"View": self._managed(call, asked)}
        found = named(self._store, call, KIND, "ViewId")
        if not (found.is_draft or found.is_latest):
            return {"View": view_version(found)}
        content = found.resource.values["Draft" if found.is_draft else "Content"]
        if content is None:
            raise ApiError("ResourceNotFoundException", "The view has no published content", 404)
        return {"View": shown(found.resource, content, "SAVED" if found.is_draft else "PUBLISHED")}

    def _managed(self, call: Call, asked: str) -> dict[str, Any]:
        self._store.active(call)
        for one in managed(call.region):
            if asked in (one["Arn"], one["Arn"].rpartition(":")[0]):
                return {**one, "Version": 1}
        raise ApiError("ResourceNotFoundException", f"The view {asked} does not exist", 404)

    def update_content(self, call: Call) -> Answer:
        """The draft always, what is published only with this status."""
        view, status = writable(self._store, call, KIND, "ViewId").resource, call.params["Status"]
        content = checked(call.params["Content"], publish=status == "PUBLISHED")
        self._store.change(view, Draft=content, Content=content if status == "PUBLISHED" else None)
        return {"View": shown(view, content, status)}

    def update_metadata(self, call: Call) -> Answer:
        view = writable(self._store, call, KIND, "ViewId").resource
        if call.params.get("Name"):
            self._store.unique(self._store.active(call), KIND, call.params["Name"], view.id)
        self._store.change(view, **given(call.params, ("Name", "Description")))
        return {}

    def delete(self, call: Call) -> Answer:
        self._store.remove(self._store.active(call), writable(self._store, call, KIND, "ViewId").resource)
        return {}

    def list_all(self, call: Call) -> Answer:
        instance, kind = self._store.active(call), call.params.get("Type")
        own = [row(view) for view in instance.all(KIND).values()]
        every = [one for one in (*managed(call.region), *own) if kind in (None, one["Type"])]
        found, rest = page(every, call.params, 100)
        return {"ViewsSummaryList": found, **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params, Terms(meets=_meets))
        found, rest = page(every, call.params, 100)
        rows = [shown(view, view.values["Content"] or view.values["Draft"], row(view)["Status"]) for view in found]
        return {"Views": rows, "ApproximateTotalCount": len(every), **rest}


def _meets(view: ConnectResource, group: Mapping[str, Any]) -> bool:
    said = row(view)
    return group.get("ViewTypeCondition") in (None, said["Type"]) and group.get("ViewStatusCondition") in (
        None,
        said["Status"],
    )


def view_version(found: Named) -> dict[str, Any]:
    """A version of a view: what was published then, under what the view is called today."""
    one = version(found)
    numbered = {"Version": one["Version"], "VersionDescription": one.get("VersionDescription")}
    return {**shown(found.resource, one["Content"], "PUBLISHED"), **numbered}


PART = ConnectPart(lambda site: Views(site.store), quotas={KIND: 150})
