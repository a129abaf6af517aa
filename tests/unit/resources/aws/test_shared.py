"""Pages, absent things, tags, policies and placeholders: what all AWS kinds rest on."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from sbctl.core.address import Joined, Ref
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import pages
from sbctl.core.kinds.values import Unknown
from sbctl.resources.calls.call import call_or_none, common_prefix
from sbctl.resources.calls.tags import tag_change
from sbctl.resources.content.placeholders import fill, unknown
from sbctl.resources.roles.policy import parsed, same_policy
from tests.unit.resources.aws.projects import project
from tests.unit.resources.aws.scripted import Scripted, failing


def test_pages_follow_the_token_to_the_end() -> None:
    """All rows of all pages come, and each page is asked for with the token of the one before."""
    aws = Scripted(ListThings=[{"Things": [1, 2], "Next": "a"}, {"Things": [], "Next": "b"}, {"Things": [3]}])
    assert [*pages(aws, "any", "ListThings", "us-east-1", "Things", ("Token", "Next"), Limit=2)] == [1, 2, 3]
    assert aws.made("ListThings") == [{"Limit": 2}, {"Limit": 2, "Token": "a"}, {"Limit": 2, "Token": "b"}]


def test_only_the_named_errors_mean_absence() -> None:
    """An error that says "not there" is None; any other one is raised."""
    aws = Scripted(GetThing=[failing("NoSuchThing"), failing("AccessDenied")])
    assert call_or_none(aws, ("NoSuchThing",), "any", "GetThing", "us-east-1") is None
    with pytest.raises(AwsError, match="AccessDenied"):
        call_or_none(aws, ("NoSuchThing",), "any", "GetThing", "us-east-1")


@pytest.mark.parametrize(
    ("names", "prefix"),
    [((), ""), (("abc",), "abc"), (("abc", "abd"), "ab"), (("ab", "abc"), "ab"), (("x", "y"), "")],
)
def test_common_prefix(names: tuple[str, ...], prefix: str) -> None:
    """The prefix is the longest one that all names share."""
    assert common_prefix(frozenset(names)) == prefix


def test_only_our_own_tags_are_ever_removed() -> None:
    """A tag that somebody else set stays, one that sbctl applied and no longer wants goes."""
    change = tag_change({"a": "1", "theirs": "x", "old": "y"}, {"a": "2"}, {"tags": {"a": "1", "old": "y"}})
    assert (change.put, change.drop) == ({"a": "2"}, ("old",))


STATEMENT: dict[str, Any] = {
    "Sid": "One",
    "Effect": "Allow",
    "Principal": {"Service": "s3.amazonaws.com"},
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::b/*",
    "Condition": {"Bool": {"aws:SecureTransport": False}},
}


def policy(**changes: Any) -> dict[str, Any]:
    """The statement above with changes, as a document."""
    return {"Version": "2012-10-17", "Statement": [{**STATEMENT, **changes}]}


@pytest.mark.parametrize(
    "other",
    [
        policy(Action=["s3:PutObject", "s3:GetObject"]),
        policy(Resource=["arn:aws:s3:::b/*"]),
        policy(Sid="Another"),
        policy(Condition={"Bool": {"aws:securetransport": ["false"]}}),
        {"Version": "2012-10-17", "Statement": STATEMENT},
    ],
)
def test_policies_that_mean_the_same_are_the_same(other: dict[str, Any]) -> None:
    """Order, single values instead of lists, labels and the case of condition keys mean nothing."""
    assert same_policy(policy(), other)


@pytest.mark.parametrize(
    "other",
    [
        policy(Action=["s3:GetObject"]),
        policy(Effect="Deny"),
        policy(Condition={}),
        policy(Principal="*"),
        {"Version": "2012-10-17", "Statement": [STATEMENT, {**STATEMENT, "Effect": "Deny"}]},
        {},
        None,
    ],
)
def test_policies_that_mean_something_else_differ(other: Any) -> None:
    """Another action, effect, condition, principal or statement is a difference."""
    assert not same_policy(policy(), other)


def test_a_policy_that_is_not_known_yet_equals_none() -> None:
    """A document with an unknown value is never taken for what AWS has."""
    value = Unknown(Ref.parse("connect_instance.us-east-1.example#arn"))
    assert not same_policy(policy(Resource=[value]), policy(Resource=[value]))


def test_policies_are_read_in_every_form_that_aws_gives() -> None:
    """Percent-encoded text, plain text and a tree give the same document."""
    text = json.dumps(policy())
    assert parsed(quote(text)) == parsed(text) == parsed(policy()) == policy()


def test_placeholders_become_texts_and_references() -> None:
    """What is known is filled in; what another resource will tell becomes a reference."""
    of = project()
    assert fill("${region}/${is-primary}/${project}", of, "us-west-2") == "us-west-2/false/example"
    assert fill("${is-primary}", of, "us-east-1") == "true"
    assert fill("${table:customers-global}", of, "us-west-2") == Ref.parse(
        "dynamodb_table.global.customers-global#name"
    )
    assert fill("${instance:eu-west-2}", of, "us-west-2") == Ref.parse("connect_instance.eu-west-2.example#id")
    mixed = fill("a-${bucket:recordings}-b", of, "us-west-2")
    assert mixed == Joined(parts=("a-", Ref.parse("s3_bucket.us-west-2.recordings#name"), "-b"))


@pytest.mark.parametrize("text", ["${nonsense}", "${table:none}", "${instance:mars-1}"])
def test_unknown_placeholders_are_found(text: str) -> None:
    """A placeholder that nothing fills is reported once, by name."""
    assert len([*unknown(f"${{region}} {text}", project())]) == 1
