"""Names in place of ids: what is a placeholder, what only looks like one, and the way there and back."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sbctl.core.address import Address
from sbctl.core.flow_document import FlowDocument
from sbctl.core.project import Region
from sbctl.flows.names.placeholders import Placeholder, placeholder, placeholders
from sbctl.flows.names.references import references
from sbctl.flows.names.render import render
from sbctl.flows.names.reverse import as_before, unrendered
from sbctl.flows.names.words import Words

EAST = Region("US-East-1", "us-east-1", is_primary=True, priority=1)
ACCOUNT = "123456789012"
ID = "11111111-2222-3333-4444-555555555555"
OTHER = "99999999-2222-3333-4444-555555555555"
INSTANCE = f"arn:aws:connect:us-east-1:{ACCOUNT}:instance/{OTHER}"
QUEUE = f"{INSTANCE}/queue/{ID}"
LAMBDA = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:lookup"
LEX = f"arn:aws:lex:us-east-1:{ACCOUNT}:bot-alias/ABCDEFGHIJ/KLMNOPQRST"
NONE = Words({}, "us-east-1", ACCOUNT)


def content(kind: str = "MessageParticipant", operand: str = "", **parameters: Any) -> dict[str, Any]:
    """A flow of one block."""
    conditions = [{"NextAction": "a", "Condition": {"Operator": "Equals", "Operands": [operand]}}] if operand else []
    action = {
        "Identifier": "a",
        "Type": kind,
        "Parameters": parameters,
        "Transitions": {"NextAction": "a", "Errors": [], "Conditions": conditions},
    }
    return {"Version": "2019-10-30", "StartAction": "a", "Metadata": {}, "Actions": [action]}


def rendered(tree: dict[str, Any]) -> dict[str, Any]:
    return render(FlowDocument("F", "CONTACT_FLOW", "", tree, "f"), EAST)


def said(text: str, words: Words = NONE) -> str:
    """A live text as a document says it."""
    found: str = unrendered(content(Text=text), "us-east-1", words)["Actions"][0]["Parameters"]["Text"]
    return found


@pytest.mark.parametrize(
    ("live", "document"),
    [
        ("${region}", "$${region}"),
        ("${queue:Sales}", "$${queue:Sales}"),
        ("$${region}", "$$${region}"),
        ("$$${region}", "$$$${region}"),
        ("${Attributes.name} costs $5", "${Attributes.name} costs $5"),
        ("Welcome to US-East-1, in us-east-1.", "Welcome to US-East-1, in us-east-1."),
        ("see https://a.us-east-1.example/us-east-1a", "see https://a.${region}.example/us-east-1a"),
        (f"arn:aws:sns:us-east-1:{ACCOUNT}:alarms.", f"arn:aws:sns:${{region}}:{ACCOUNT}:alarms."),
        ("arn:aws:connect:us-east-1:aws:view/form:1", "arn:aws:connect:${region}:aws:view/form:1"),
        ("arn:aws:sns:us-east-1:999999999999:alarms", "arn:aws:sns:us-east-1:999999999999:alarms"),
        (LEX, LEX),
        ("", ""),
    ],
)
def test_a_live_text_becomes_a_documents(live: str, document: str) -> None:
    """What callers hear stays a text; the region is a word inside ARNs and addresses alone."""
    assert said(live) == document
    assert rendered(content(Text=document)) == content(Text=live)


def test_every_text_comes_back_as_it_was() -> None:
    """Random texts of what placeholders are made of: nobody hears anything else after a deploy."""
    parts = (
        "$",
        "$",
        "{",
        "}",
        "region",
        "region-name",
        ":",
        "queue:Sales",
        "\\",
        "x",
        "us-east-1",
        "https://",
        "arn:aws:s3:us-east-1::b",
    )
    chosen = random.Random(72)
    for _ in range(3000):
        text = "".join(chosen.choice(parts) for _ in range(chosen.randint(0, 9)))
        assert rendered(content(Text=said(text))) == content(Text=text), text


@pytest.mark.parametrize(
    "name", ["Sales", "a}b", "a\\b", "a\\\\b", "a\\", "a\\}", "}", "\\\\", "Line 2 (EN)", "${region}", "营业: 1"]
)
def test_any_name_stands_in_a_placeholder(name: str) -> None:
    """The characters of placeholders too."""
    tree = content(Text=f"to {placeholder('queue', name)}.")
    assert list(placeholders(tree)) == [Placeholder("queue", name, "a")]


def test_a_placeholder_may_mean_the_id_alone() -> None:
    """It names the same resource, and a function has none."""
    tree = content(Text="${queue-id:Sales}", Other="${lambda-id:x}")
    assert [(one.kind, one.name) for one in placeholders(tree)] == [("queue", "Sales"), ("lambda-id", "x")]
    text = rendered(content(Text="${queue-id:Sales}"))["Actions"][0]["Parameters"]["Text"]
    assert str(text) == "connect_queue.us-east-1.sales#id"


def test_an_escaped_text_is_no_placeholder() -> None:
    tree = content(Text="$${queue:Sales} and $$${region}")
    assert list(placeholders(tree)) == []
    assert rendered(tree) == content(Text="${queue:Sales} and $${region}")


def test_placeholders_of_the_metadata_are_found() -> None:
    """They are rendered as all others, so they are checked as all others."""
    tree = {**content(), "Metadata": {"ActionMetadata": {"a": {"queue": "${queue:Gone}"}}}}
    assert list(placeholders(tree)) == [Placeholder("queue", "Gone", "")]


PARTS = st.sampled_from(
    [
        "$",
        "{",
        "}",
        "${region}",
        "${queue:",
        "a}",
        "\\\\",
        QUEUE,
        ID,
        LAMBDA,
        LEX,
        "$.Attributes.x",
        ":$LATEST",
        "us-east-1",
    ]
)
TEXTS = st.lists(PARTS, max_size=5).map("".join)
ANY = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["QueueId", "Text", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(st.sampled_from(["MessageParticipant", "UpdateContactTargetQueue", "New"]), ANY, ANY)
def test_any_content_comes_back_as_it_was(kind: str, inside: Any, shown: Any) -> None:
    """Whatever AWS stores as a draft: what is in no table is the same after the way there and back."""
    action = {"Identifier": "a", "Type": kind, "Parameters": inside, "Transitions": shown}
    for actions in ([action, inside], inside):
        tree = {"Version": "2019-10-30", "Metadata": shown, "Actions": actions}
        found = unrendered(tree, "us-east-1", NONE)
        assert list(placeholders(found)) == []
        assert rendered(found) == tree


PLACES = [
    ("UpdateContactTargetQueue", {"QueueId": "HERE"}, "queue"),
    ("UpdateContactTargetQueue", {"AgentId": "HERE"}, "user"),
    ("MessageParticipantIteratively", {"Messages": [{"Text": "x"}, {"PromptId": "HERE"}]}, "prompt"),
    ("UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": "HERE"}}, "flow"),
    ("ConnectParticipantWithLexBot", {"LexV2Bot": {"AliasArn": "HERE"}}, "lex"),
    ("ShowView", {"ViewResource": {"Id": "HERE"}}, "view"),
    ("CreateCase", {"CaseTemplateId": "HERE"}, "case template"),
    ("StartOutboundChatContact", {"SourceEndpoint": {"Address": "HERE"}}, "phone-number"),
]


def _put(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {key: _put(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [_put(item, text) for item in value]
    return text if value == "HERE" else value


@pytest.mark.parametrize(("kind", "parameters", "of"), PLACES)
@pytest.mark.parametrize("value", [ID, f"{ID}:$LATEST", f"{ID}:3", f"{ID}:$SAVED", QUEUE, "$.Attributes.x"])
def test_the_places_of_ids_are_known(kind: str, parameters: dict[str, Any], of: str, value: str) -> None:
    """With the suffix apart, an ARN with its parts, and a dynamic value as such."""
    (found,) = references(content(kind, **_put(parameters, value)))
    assert (found.kind, found.value, found.dynamic) == (of, value, value.startswith("$"))
    assert found.dynamic or found.id == ID
    assert (found.arn is not None) == value.startswith("arn")


def test_arns_are_found_wherever_they_stand() -> None:
    """In operands, texts, attributes and metadata; what is the name of a block is no id."""
    tree = content("UpdateContactAttributes", QUEUE, Attributes={"json": f'{{"to": "{LAMBDA}", "or": "{LEX}"}}'})
    tree["Actions"][0]["Identifier"] = ID
    tree["StartAction"] = tree["Actions"][0]["Transitions"]["NextAction"] = ID
    tree["Metadata"] = {"ActionMetadata": {ID: {"children": [ID], "queue": {"id": QUEUE, "text": "Sales"}}}}
    found = [(one.kind, one.value, one.display) for one in references(tree)]
    assert found == [
        ("lambda", LAMBDA, False),
        ("lex", LEX, False),
        ("queue", QUEUE, False),
        ("queue", QUEUE, True),
    ]


def test_an_attribute_that_looks_like_an_id_may_be_none() -> None:
    """An id in a parameter that takes ids is one for certain, in an attribute it is only likely."""
    sure = {
        one.path[-1]: one.sure
        for one in references(content("UpdateContactAttributes", Attributes={"session": ID, "teamId": ID}))
    }
    assert sure == {"session": False, "teamId": True}


TABLE = Words({QUEUE: "${queue:Sales}", LAMBDA: "${lambda:lookup}", "flow-arn": "x"}, "us-east-1", ACCOUNT)


@pytest.mark.parametrize(
    ("kind", "parameters", "name", "becomes"),
    [
        ("UpdateContactTargetQueue", {"QueueId": QUEUE}, "QueueId", "${queue:Sales}"),
        ("UpdateContactTargetQueue", {"QueueId": ID}, "QueueId", "${queue:Sales}"),
        ("UpdateContactTargetQueue", {"QueueId": OTHER}, "QueueId", OTHER),
        ("UpdateContactAttributes", {"team": ID}, "team", "${queue-id:Sales}"),
        ("UpdateContactAttributes", {"team": QUEUE}, "team", "${queue:Sales}"),
        ("AnotherType", {"QueueId": ID}, "QueueId", "${queue-id:Sales}"),
        ("AnotherType", {"QueueId": f"{ID}:$LATEST"}, "QueueId", "${queue-id:Sales}:$LATEST"),
        ("AnotherType", {"QueueId": QUEUE}, "QueueId", "${queue:Sales}"),
        ("InvokeFlowModule", {"FlowModuleId": f"{ID}:$LATEST"}, "FlowModuleId", "${queue:Sales}"),
        ("InvokeFlowModule", {"FlowModuleId": f"{ID}:4"}, "FlowModuleId", f"{ID}:4"),
        ("InvokeLambdaFunction", {"LambdaFunctionARN": LAMBDA}, "LambdaFunctionARN", "${lambda:lookup}"),
        ("InvokeLambdaFunction", {"LambdaFunctionARN": f"{LAMBDA}:PROD"}, "LambdaFunctionARN", f"{LAMBDA}:PROD"),
        (
            "InvokeLambdaFunction",
            {"LambdaFunctionARN": f"{LAMBDA}:$LATEST"},
            "LambdaFunctionARN",
            "${lambda:lookup}:$LATEST",
        ),
    ],
)
def test_what_the_table_knows_is_replaced(kind: str, parameters: dict[str, str], name: str, becomes: str) -> None:
    """By id and by ARN, never a part of another one; a version or alias is of one region."""
    found = unrendered(content(kind, **parameters), "us-east-1", TABLE)
    assert found["Actions"][0]["Parameters"][name] == becomes


@pytest.mark.parametrize(
    ("tree", "shown", "output"),
    [
        (content("UpdateContactAttributes", Attributes={"q": ID}), "${queue-id:Sales}", "id"),
        (content("UpdateContactAttributes", Attributes={"q": QUEUE}), "${queue:Sales}", "arn"),
        (content("InvokeLambdaFunction", LambdaInvocationAttributes={"q": ID}), "${queue-id:Sales}", "id"),
        (content("Compare", ID, ComparisonValue="$.Attributes.q"), "${queue-id:Sales}", "id"),
        (content("Compare", QUEUE, ComparisonValue="$.Queue.ARN"), "${queue:Sales}", "arn"),
        (content("NewBlock", QueueId=ID), "${queue-id:Sales}", "id"),
    ],
)
def test_an_id_stays_an_id_where_an_arn_is_another_text(tree: dict[str, Any], shown: str, output: str) -> None:
    """An attribute that is compared, or a function's parameter: what a region gets is what it had."""
    found = unrendered(tree, "us-east-1", TABLE)
    assert f'"{shown}"' in json.dumps(found)
    queue = Address.of("connect_queue", "us-east-1", "Sales").ref(output)
    assert queue in _leaves(rendered(found))
    assert [(one.kind, one.name, one.text) for one in placeholders(found)] == [("queue", "Sales", shown)]


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        return [leaf for one in (value.values() if isinstance(value, dict) else value) for leaf in _leaves(one)]
    return [value]


def test_what_is_bound_to_a_region_is_told() -> None:
    """What no word stands for, unless it means the same in other regions: AWS's views, and what people named."""
    values = [
        LEX,
        QUEUE,
        ID,
        "arn:aws:connect:us-east-1:aws:view/form:1",
        f"arn:aws:sqs:us-east-1:{ACCOUNT}:q",
        "arn:aws:s3:::b",
    ]
    values += [f"arn:aws:iam::{ACCOUNT}:role/x", "arn:aws:iam::999999999999:role/x", f"{LAMBDA}:PROD"]
    found = references(content("UpdateContactAttributes", Attributes={f"{n}Id": one for n, one in enumerate(values)}))
    bound = [one.value for one in found if TABLE.is_bound(one)]
    assert bound == [LEX, "arn:aws:iam::999999999999:role/x", f"{LAMBDA}:PROD"]


def test_a_pulled_text_keeps_the_regions_words() -> None:
    """Where the document had them, in a text that changed too; block by block, whatever their order."""
    before = content(Text="Welcome to ${region-name}, ${queue:us-east-1}.")
    live = content(Text="Hello from US-East-1 in us-east-1, ${queue:us-east-1}.")
    other = {**live["Actions"][0], "Identifier": "b"}
    live["Actions"].insert(0, other)
    found = as_before(live, before, EAST)
    texts = {one["Identifier"]: one["Parameters"]["Text"] for one in found["Actions"]}
    assert texts["a"] == "Hello from ${region-name} in us-east-1, ${queue:us-east-1}."
    assert texts["b"] == other["Parameters"]["Text"]
