"""Lists of AWS, read to their last page: a page may be empty and others follow; a list may be absent where it is empty.

Every list operation goes through here. Announced pages that were read already are an error: else a run would never end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import UNREADABLE, AwsError

Tokens = Mapping[str, str]
"""Member that asks for a page → member of the page before that announces it."""
VERSIONS: Tokens = {"KeyMarker": "NextKeyMarker", "VersionIdMarker": "NextVersionIdMarker"}
"""Of S3's ListObjectVersions."""
OBJECTS: Tokens = {"ContinuationToken": "NextContinuationToken"}
"""Of S3's ListObjectsV2."""
RECORD_SETS: Tokens = {
    "StartRecordName": "NextRecordName",
    "StartRecordType": "NextRecordType",
    "StartRecordIdentifier": "NextRecordIdentifier",
}
ZONES_BY_NAME: Tokens = {"DNSName": "NextDNSName", "HostedZoneId": "NextHostedZoneId"}
CUT = "IsTruncated"


def answers(
    aws: AwsCalls, service: str, operation: str, region: str, tokens: Tokens, **params: Any
) -> Iterator[dict[str, Any]]:
    """Every page of a list operation as it was answered. Raises AwsError."""
    read: set[tuple[str, ...]] = set()
    asked = dict(params)
    while True:
        answer = aws.call(service, operation, region, **asked)
        yield answer
        following = {ask: answer[announced] for ask, announced in tokens.items() if answer.get(announced)}
        if answer.get(CUT) is False or not (following or answer.get(CUT)):
            return
        place = tuple(str(following.get(ask, "")) for ask in tokens)
        if not following or place in read:
            what = "names a page once more" if following else "names no next page"
            raise _endless(service, operation, region, what)
        read.add(place)
        asked = {**{name: value for name, value in params.items() if name not in tokens}, **following}


def pages(
    aws: AwsCalls, service: str, operation: str, region: str, items: str, tokens: tuple[str, str], **params: Any
) -> Iterator[Any]:
    """The `items` of all pages. `tokens` names the member that asks for a page and the one that announces the next."""
    ask, announced = tokens
    for answer in answers(aws, service, operation, region, {ask: announced}, **params):
        yield from answer.get(items) or ()


def _endless(service: str, operation: str, region: str, what: str) -> AwsError:
    message = f"the list {what}, so it cannot be read to its end"
    return AwsError(UNREADABLE, message, service=service, operation=operation, region=region, status=200)
