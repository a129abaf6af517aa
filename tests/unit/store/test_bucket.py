"""Objects in S3: conditions are sent, lost answers are made up for, and refusals are told apart from silence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sbctl.aws.answer import Answer
from sbctl.core.aws.error import AwsError
from sbctl.core.place import Location
from sbctl.core.problem import Exit, SbctlError
from sbctl.store.media.bucket import BucketObjects
from sbctl.store.objects import ConflictError

PLACE = Location("acme", "us-east-1", "team")
WRITTEN = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


class S3:
    """A bucket that keeps conditions. `fail` has what happens to the next PutObject: an error code, before or after."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.fail: list[tuple[str, str]] = []
        self.date = "Thu, 01 Jan 2026 12:01:30 GMT"

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        assert service == "s3"
        self.calls.append((operation, region, params))
        answer: dict[str, Any] = getattr(self, operation)(params)
        return answer

    def wait(self, seconds: float, reason: str) -> None:
        raise AssertionError((seconds, reason))

    def DeleteObject(self, params: dict[str, Any]) -> dict[str, Any]:
        self.objects.pop(params["Key"], None)
        return {}

    def HeadBucket(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        return {"BucketRegion": "eu-west-2"}

    def GetObject(self, params: dict[str, Any]) -> dict[str, Any]:
        if params["Key"] not in self.objects:
            raise AwsError("NoSuchKey", "no such key", status=404)
        body, etag = self.objects[params["Key"]]
        headers = {"HTTPHeaders": {"date": self.date}}
        return {"Body": body, "ETag": etag, "LastModified": WRITTEN, "ResponseMetadata": headers}

    def PutObject(self, params: dict[str, Any]) -> dict[str, Any]:
        when, code = self.fail.pop(0) if self.fail else ("", "")
        if when == "before":
            raise AwsError(code, "refused", service="s3", operation="PutObject", region="us-east-1")
        present = self.objects.get(params["Key"], (b"", ""))[1]
        if params.get("IfNoneMatch") and present:
            raise AwsError("PreconditionFailed", "there is one", status=412)
        if params.get("IfMatch") and not present:
            raise AwsError("NoSuchKey", "there is none", status=404)
        if params.get("IfMatch", present) != present:
            raise AwsError("PreconditionFailed", "another", status=412)
        etag = f'"{len(self.calls)}"'
        self.objects[params["Key"]] = (params["Body"], etag)
        if when == "after":
            raise AwsError(code, "no answer in time")
        return {"ETag": etag}

    def ListObjectsV2(self, params: dict[str, Any]) -> dict[str, Any]:
        rows = [{"Key": key} for key in sorted(self.objects) if key.startswith(params["Prefix"])]
        begin = int(params.get("ContinuationToken", 0))
        more = {"IsTruncated": True, "NextContinuationToken": str(begin + 2)} if len(rows) > begin + 2 else {}
        return {"Contents": rows[begin : begin + 2], **more}


def problem_of(error: SbctlError) -> tuple[str, Exit]:
    return error.problems[0].code, error.problems[0].exit


def test_an_object_is_made_once_and_replaced_by_who_knows_it() -> None:
    """A new object needs that there is none, a replacement that it is the one that was read."""
    objects = BucketObjects(S3(), PLACE)
    first = objects.put("lock", b"one", "")
    with pytest.raises(ConflictError):
        objects.put("lock", b"two", "")
    second = objects.put("lock", b"two", first)
    with pytest.raises(ConflictError):
        objects.put("lock", b"three", first)
    found = objects.get("lock")
    assert found is not None
    assert (found.content, found.etag) == (b"two", second)


def test_replacing_what_is_gone_is_a_conflict() -> None:
    """S3 answers 404 and not 412 when the object to be replaced was deleted."""
    with pytest.raises(ConflictError):
        BucketObjects(S3(), PLACE).put("lock", b"one", '"7"')


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("present", [False, True])
def test_a_lost_answer_is_made_up_for(when: str, present: bool) -> None:
    """Whether the write had taken effect or not, it is there once and its tag is known."""
    s3 = S3()
    objects = BucketObjects(s3, PLACE)
    match = objects.put("lock", b"zero", "") if present else ""
    s3.fail = [(when, "Timeout")]
    etag = objects.put("lock", b"one", match)
    assert s3.objects["team/lock"] == (b"one", etag)


def test_our_own_write_behind_a_412_is_ours() -> None:
    """A layer below repeated a write whose answer was lost, and S3 says that the object has changed: by us."""
    s3 = S3()
    objects = BucketObjects(s3, PLACE)
    s3.objects["team/lock"] = (b"one", '"9"')
    assert objects.put("lock", b"one", "") == '"9"'


def test_a_lost_answer_and_another_writer_is_a_conflict() -> None:
    """When the answer was lost and somebody else's content is there, ours is not."""
    s3 = S3()
    s3.fail = [("before", "Timeout")]
    s3.objects["team/lock"] = (b"theirs", '"9"')
    with pytest.raises(ConflictError):
        BucketObjects(s3, PLACE).put("lock", b"ours", "")


def test_a_silent_region_says_what_to_do_instead() -> None:
    """Silence is told with the command that goes on with a copy."""
    s3 = S3()
    s3.fail = [("before", "Unreachable")]
    with pytest.raises(SbctlError) as caught:
        BucketObjects(s3, PLACE, "Use the copy.").put("lock", b"one", "")
    assert problem_of(caught.value) == ("region-unreachable", Exit.PARTIAL)
    assert (caught.value.problems[0].fix, caught.value.problems[0].at) == ("Use the copy.", str(PLACE))


@pytest.mark.parametrize(
    ("code", "expected"),
    [("NoSuchBucket", ("no-such-bucket", Exit.USAGE)), ("AccessDenied", ("access-denied", Exit.CREDENTIALS))],
)
def test_a_refusal_is_no_conflict(code: str, expected: tuple[str, Exit]) -> None:
    """A bucket that is not there or not ours is a problem of its own."""
    s3 = S3()
    s3.fail = [("before", code)]
    with pytest.raises(SbctlError) as caught:
        BucketObjects(s3, PLACE).put("lock", b"one", "")
    assert problem_of(caught.value) == expected


def test_the_age_is_by_the_clock_of_s3() -> None:
    """How old an object is does not depend on the clock of this machine."""
    objects = BucketObjects(s3 := S3(), PLACE)
    objects.put("lock", b"one", "")
    assert getattr(objects.get("lock"), "age", None) == 90.0
    s3.date = "Thu, 01 Jan 2026 11:00:00 GMT"
    assert getattr(objects.get("lock"), "age", None) == 0.0


def test_a_region_that_nobody_said_is_asked_once() -> None:
    """Without a region in the place, S3 says where the bucket is, and calls go there."""
    s3 = S3()
    objects = BucketObjects(s3, Location("acme", "", ""))
    objects.get("lock")
    objects.get("lock")
    assert [(operation, region) for operation, region, _ in s3.calls] == [
        ("HeadBucket", "us-east-1"),
        ("GetObject", "eu-west-2"),
        ("GetObject", "eu-west-2"),
    ]


def test_keys_are_listed_over_all_pages() -> None:
    """Every key of a folder is listed, without the prefix, and none of another folder."""
    s3 = S3()
    objects = BucketObjects(s3, PLACE)
    for number in range(5):
        objects.write(f"generations/{number}", b"x")
    objects.write("other/1", b"x")
    assert objects.keys("generations") == ["0", "1", "2", "3", "4"]


def test_what_is_discarded_is_gone() -> None:
    """A discarded object is not found again, and discarding it again is fine."""
    objects = BucketObjects(S3(), PLACE)
    objects.write("generations/1", b"x")
    objects.discard("generations/1")
    objects.discard("generations/1")
    assert objects.get("generations/1") is None


@pytest.mark.parametrize("date", ["never", "", "Thu, 01 Jan 2026 12:01:30 -0000", "Thu, 99 Jan 2026 12:01:30 GMT"])
def test_an_object_of_no_known_age_counts_as_new(date: str) -> None:
    """Whoever holds a lock by it is taken for alive."""
    aws = S3()
    aws.objects["team/lock"] = (b"x", "tag")
    aws.date = date
    found = BucketObjects(aws, PLACE).get("lock")
    assert found is not None
    assert found.age == 0.0


def test_an_answer_that_lacks_a_part_is_a_problem() -> None:
    """Of the place of the state: a renewal in the background goes on, and tries again."""

    class Lacking(S3):
        def GetObject(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
            return Answer()

        def ListObjectsV2(self, params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
            return {"Contents": [Answer()]}

    objects = BucketObjects(Lacking(), PLACE)
    for ask in (lambda: objects.get("lock"), lambda: objects.keys("runs")):
        with pytest.raises(SbctlError) as caught:
            ask()
        assert caught.value.problems[0].exit == Exit.PARTIAL
