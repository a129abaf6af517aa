"""What the Connect kinds share: pages, objects that may be gone, tags."""

from __future__ import annotations

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.resources.calls import connect
from tests.unit.resources.connect.script import Script, refused


def test_pages_follow_the_token_to_the_end() -> None:
    """Rows of all pages come, and each page is asked for with the token of the one before."""
    aws = Script({"ListLambdaFunctions": [{"LambdaFunctions": [1, 2], "NextToken": "more"}, {"LambdaFunctions": [3]}]})
    assert list(connect.pages(aws, "us-east-1", "ListLambdaFunctions", "LambdaFunctions", 10, InstanceId="i")) == [
        1,
        2,
        3,
    ]
    assert aws.params("ListLambdaFunctions") == [
        {"MaxResults": 10, "InstanceId": "i"},
        {"MaxResults": 10, "InstanceId": "i", "NextToken": "more"},
    ]


def test_a_refused_page_size_falls_back_to_100() -> None:
    """Where AWS refuses 500 rows a page, the same search goes on with 100."""
    aws = Script({"SearchQueues": [refused("InvalidParameterException"), {"Queues": ["a"]}]})
    assert list(connect.pages(aws, "us-east-1", "SearchQueues", "Queues", 500, InstanceId="i")) == ["a"]
    assert [params["MaxResults"] for params in aws.params("SearchQueues")] == [500, 100]


@pytest.mark.parametrize(("code", "size"), [("InvalidParameterException", 100), ("AccessDeniedException", 500)])
def test_other_refusals_of_a_page_come_out(code: str, size: int) -> None:
    """A refusal that is not about the page size is not tried again."""
    aws = Script({"SearchQueues": [refused(code)]})
    with pytest.raises(AwsError, match=code):
        list(connect.pages(aws, "us-east-1", "SearchQueues", "Queues", size, InstanceId="i"))
    assert aws.operations == ["SearchQueues"]


def test_an_object_that_is_gone_is_none_and_other_errors_are_not() -> None:
    """Only ResourceNotFoundException means that there is nothing."""
    aws = Script({"DescribeQueue": [refused("ResourceNotFoundException"), refused("AccessDeniedException")]})
    ids = {"InstanceId": "i", "QueueId": "q"}
    assert connect.present(aws, "us-east-1", "DescribeQueue", **ids) is None
    with pytest.raises(AwsError, match="AccessDenied"):
        connect.present(aws, "us-east-1", "DescribeQueue", **ids)


def test_tags_of_others_stay_and_our_former_ones_go() -> None:
    """Changed tags are set, tags applied earlier and no longer wanted are removed, foreign tags are left alone."""
    aws = Script()
    live = {"a": "1", "b": "2", "old": "x", "foreign": "y"}
    connect.retag(aws, "us-east-1", "arn", live, {"a": "1", "b": "3"}, {"tags": {"a": "1", "b": "2", "old": "x"}})
    assert aws.made == [
        ("TagResource", {"resourceArn": "arn", "tags": {"b": "3"}}),
        ("UntagResource", {"resourceArn": "arn", "tagKeys": ["old"]}),
    ]


def test_equal_tags_cost_no_call() -> None:
    """Nothing is sent when the tags are as wanted, even when applied keys have vanished already."""
    aws = Script()
    connect.retag(aws, "us-east-1", "arn", {"a": "1"}, {"a": "1"}, {"tags": {"a": "1", "gone": "z"}})
    assert aws.made == []


def test_chunks_hold_everything_in_order() -> None:
    """No row is lost at the border of a chunk, and there is no empty last one."""
    assert list(connect.chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(connect.chunks(range(4), 2)) == [[0, 1], [2, 3]]
    assert list(connect.chunks([], 2)) == []
