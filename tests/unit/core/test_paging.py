"""Lists are read to their last page, whatever a page has or lacks, and never for ever."""

from __future__ import annotations

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import RECORD_SETS, answers, pages
from tests.unit.resources.aws.scripted import Answer, Scripted

TOKENS = ("Marker", "NextMarker")


def rows(*given: Answer) -> list[object]:
    return [*pages(Scripted(ListThings=[*given]), "any", "ListThings", "us-east-1", "Things", TOKENS)]


def test_an_empty_page_is_not_the_last() -> None:
    """The first, one in the middle; a list that is absent or null is an empty one."""
    assert rows({"Things": [], "NextMarker": "a"}, {"Things": [1]}) == [1]
    assert rows({"NextMarker": "a"}, {"Things": None, "NextMarker": "b"}, {"Things": [1, 2]}) == [1, 2]
    assert rows({}) == []


@pytest.mark.parametrize("tokens", ["a a", "a b a", "a b c b"])
def test_a_list_that_goes_in_circles_is_an_error(tokens: str) -> None:
    """A token that never changes, or comes once more, would be asked for without end."""
    with pytest.raises(AwsError, match="any:ListThings in us-east-1: Unreadable: the list names a page once more"):
        rows(*({"Things": [1], "NextMarker": token} for token in tokens.split()))


def test_a_list_that_is_cut_without_a_token_is_an_error() -> None:
    """What was read is not all, and nobody says how to go on."""
    with pytest.raises(AwsError, match="names no next page"):
        rows({"Things": [1], "IsTruncated": True})
    assert rows({"Things": [1], "IsTruncated": False, "NextMarker": "a"}) == [1]


def test_several_tokens_replace_those_that_the_list_began_with() -> None:
    """A record set without an identifier follows one with an identifier."""
    first = {"IsTruncated": True, "NextRecordName": "b", "NextRecordType": "A", "NextRecordIdentifier": "x"}
    aws = Scripted(ListResourceRecordSets=[first, {**first, "NextRecordIdentifier": ""}, {"IsTruncated": False}])
    asked = {"HostedZoneId": "Z", "StartRecordName": "a"}
    assert len([*answers(aws, "route53", "ListResourceRecordSets", "us-east-1", RECORD_SETS, **asked)]) == 3
    b = {"HostedZoneId": "Z", "StartRecordName": "b", "StartRecordType": "A"}
    assert aws.made("ListResourceRecordSets") == [asked, {**b, "StartRecordIdentifier": "x"}, b]
