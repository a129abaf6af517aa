"""Files of cases, e-mails and tasks: uploaded to the bucket for attachments of the instance, by an address that S3 signs.

Whether the case, e-mail or task is there is not looked at.
https://docs.aws.amazon.com/connect/latest/APIReference/API_StartAttachedFileUpload.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from sbctl.sandbox.connect.centre.audio import Objects
from sbctl.sandbox.connect.idempotency import once
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.stamps import given
from sbctl.sandbox.connect.store import CONFLICT, ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "file"
STORAGE = "ATTACHMENTS"
USUAL_SECONDS = 300
LARGEST = 20 * 1024 * 1024
"""https://docs.aws.amazon.com/connect/latest/adminguide/feature-limits.html"""
SAID = ("FileName", "FileSizeInBytes", "FileUseCaseType", "AssociatedResourceArn", "CreatedBy")
DRAFT, APPROVED, REJECTED = "DRAFTING", "APPROVED", "REJECTED"


class AttachedFiles:
    """The operations on attached files."""

    def __init__(self, store: ResourceStore, objects: Objects, endpoint: Callable[[], str]) -> None:
        self._store = store
        self._objects = objects
        self._endpoint = endpoint

    def operations(self) -> Mapping[str, Operation]:
        return {
            "StartAttachedFileUpload": self.start,
            "CompleteAttachedFileUpload": self.complete,
            "GetAttachedFile": self.get,
            "BatchGetAttachedFileMetadata": self.get_many,
            "DeleteAttachedFile": self.delete,
        }

    def start(self, call: Call) -> Answer:
        params = call.params
        if not str(params["AssociatedResourceArn"]).startswith("arn:"):
            raise ApiError("InvalidRequestException", f"{params['AssociatedResourceArn']} is not an ARN", 400)
        if params["FileSizeInBytes"] > LARGEST:
            raise ApiError("InvalidRequestException", f"A file has at most {LARGEST} bytes", 400)

        def make(instance: Instance) -> ConnectResource:
            self._store.room(instance, KIND, CONFLICT)
            bucket, prefix = _bucket(instance)
            place = {"Bucket": bucket, "Key": f"{prefix}/{uuid4()}_{params['FileName']}"}
            own = {"Name": params["FileName"], "Status": DRAFT, "Place": place, "Created": self._store.clock.now()}
            return self._store.put(instance, KIND, {**given(params, SAID), **own}, params.get("Tags") or {})

        made = once(self._store, call, KIND, make)
        url, until = self._signed(call, made)
        upload = {
            "Url": url,
            "UrlExpiry": until,
            "HeadersToInclude": {"Content-Length": str(params["FileSizeInBytes"])},
        }
        names = ("FileArn", "FileId", "CreationTime", "FileStatus", "CreatedBy")
        return {**given(_shown(made), names), "UploadUrlMetadata": upload}

    def complete(self, call: Call) -> Answer:
        """What was not uploaded cannot be completed; what has another size than was said is rejected."""
        one = self._file(call)
        try:
            head = self._objects("HeadObject", call.region, one.values["Place"])
        except ApiError as error:
            raise ApiError("InvalidRequestException", "The file was not uploaded", 400) from error
        fits = head.get("ContentLength") == one.values["FileSizeInBytes"]
        self._store.change(one, Status=APPROVED if fits else REJECTED)
        return {}

    def get(self, call: Call) -> Answer:
        one = self._file(call)
        answer = {**_shown(one), "Tags": dict(one.tags)}
        if one.values["Status"] == APPROVED:
            url, until = self._signed(call, one)
            answer["DownloadUrlMetadata"] = {"Url": url, "UrlExpiry": until}
        return answer

    def get_many(self, call: Call) -> Answer:
        """Those that are of the resource, and an error for each other."""
        known = {one.id: one for one in self._of(call)}
        wanted = [*dict.fromkeys(bare(str(named)) for named in call.params["FileIds"])]
        lost = [
            {"ErrorCode": "ResourceNotFoundException", "ErrorMessage": "There is no such file", "FileId": named}
            for named in wanted
            if named not in known
        ]
        found = [{**_shown(known[named]), "Tags": dict(known[named].tags)} for named in wanted if named in known]
        return {"Files": found, "Errors": lost}

    def delete(self, call: Call) -> Answer:
        """The object too."""
        one = self._file(call)
        self._objects("DeleteObject", call.region, one.values["Place"])
        self._store.remove(self._store.active(call), one)
        return {}

    def _of(self, call: Call) -> list[ConnectResource]:
        of = call.params["AssociatedResourceArn"]
        return [one for one in self._store.active(call).all(KIND).values() if one.values["AssociatedResourceArn"] == of]

    def _file(self, call: Call) -> ConnectResource:
        named = bare(str(call.params["FileId"]))
        found = next((one for one in self._of(call) if one.id == named), None)
        if found is None:
            raise missing("file", named)
        return found

    def _signed(self, call: Call, one: ConnectResource) -> tuple[str, str]:
        """An address of S3 for the file and when it ends, by real time as S3 looks at it."""
        now, seconds = datetime.now(UTC), int(call.params.get("UrlExpiryInSeconds") or USUAL_SECONDS)
        place = one.values["Place"]
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"AKIAIOSFODNN7EXAMPLE/{now:%Y%m%d}/{call.region}/s3/aws4_request",
            "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": "host",
            "X-Amz-Signature": "0" * 64,
        }
        asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        url = f"{self._endpoint()}/{place['Bucket']}/{quote(place['Key'])}?{asked}"
        return url, (now + timedelta(seconds=seconds)).isoformat(timespec="seconds")


def _bucket(instance: Instance) -> tuple[str, str]:
    """Bucket and prefix for attachments. Raises ApiError where the instance has none."""
    for one in instance.storage.values():
        place = one["config"].get("S3Config")
        if one["kind"] == STORAGE and place:
            return str(place["BucketName"]), str(place["BucketPrefix"]).strip("/")
    raise ApiError("InvalidRequestException", "The instance has no storage for attachments", 400)


def _shown(one: ConnectResource) -> dict[str, Any]:
    return {
        "FileArn": one.arn,
        "FileId": one.id,
        "CreationTime": one.values["Created"].isoformat(timespec="seconds"),
        "FileStatus": one.values["Status"],
        **given(one.values, SAID),
    }


PART = ConnectPart(lambda site: AttachedFiles(site.store, site.objects, site.endpoint), quotas={KIND: 10_000})
