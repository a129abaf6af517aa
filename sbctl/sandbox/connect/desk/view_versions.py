"""Versions of views: what is published, kept for good under a number. Nothing new is kept twice.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateViewVersion.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.desk.view_content import checksum, row
from sbctl.sandbox.connect.desk.views import KIND, view_version
from sbctl.sandbox.connect.flow_language.qualifier import Named, numbered, versions, writable
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import ResourceStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

OF_ONE = 50
"""Of one view. Chosen here: AWS's pages do not say."""


class ViewVersions:
    """The operations on versions of views."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateViewVersion": self.create,
            "ListViewVersions": self.list_all,
            "DeleteViewVersion": self.delete,
        }

    def create(self, call: Call) -> Answer:
        view = writable(self._store, call, KIND, "ViewId").resource
        content, known = view.values["Content"], versions(view)
        if content is None:
            raise ApiError("ResourceNotFoundException", "The view has no published content", 404)
        wanted = call.params.get("ViewContentSha256")
        if wanted is not None and wanted != checksum(content):
            raise ApiError("InvalidRequestException", "The ViewContentSha256 is not that of the published content", 400)
        newest = max(known, default=0)
        if not known or known[newest]["Content"] != content:
            if len(known) >= OF_ONE:
                raise ApiError("ServiceQuotaExceededException", f"A view has at most {OF_ONE} versions", 402)
            newest = max(newest, int(view.values.get("Numbered") or 0)) + 1
            said = {"Version": newest, "VersionDescription": call.params.get("VersionDescription"), "Content": content}
            known[newest] = said
            view.values["Numbered"] = newest
        return {"View": view_version(Named(view, str(newest)))}

    def list_all(self, call: Call) -> Answer:
        view = writable(self._store, call, KIND, "ViewId").resource
        named = {name: value for name, value in row(view).items() if name != "Status"}
        every: list[dict[str, Any]] = [
            {**named, "Version": one["Version"], "VersionDescription": one["VersionDescription"]}
            for _, one in sorted(versions(view).items(), reverse=True)
        ]
        found, rest = page(every, call.params, 100)
        return {"ViewVersionSummaryList": found, **rest}

    def delete(self, call: Call) -> Answer:
        view = writable(self._store, call, KIND, "ViewId").resource
        del versions(view)[int(numbered(view, call.params["ViewVersion"])["Version"])]
        return {}


PART = ConnectPart(lambda site: ViewVersions(site.store), quotas={})
