"""References, ids and ARNs of one region."""

from __future__ import annotations

import pytest

from sbctl.flows.lint.around import Around
from tests.unit.flows.practice.flows import (
    FAILS,
    Case,
    Content,
    compare,
    do,
    findings,
    flow,
    invoke,
    keep,
    lex,
    loop,
    queue,
    say,
    store,
)

UUID = "22222222-2222-2222-2222-222222222222"
INSTANCE = "arn:aws:connect:us-east-1:123456789012:instance/11111111-1111-1111-1111-111111111111"
QUEUE = f"{INSTANCE}/queue/{UUID}"


def flow_attributes(name: str, following: str) -> Content:
    return do(name, "UpdateFlowAttributes", {"FlowAttributes": {"city": {"Value": "Ulm"}}}, following, FAILS)


def media(uri: str) -> Content:
    return do(
        "a",
        "MessageParticipant",
        {"Media": {"Uri": uri, "SourceType": "S3", "MediaType": "Audio"}},
        "end",
        FAILS,
    )


def bot(parameters: Content) -> Content:
    return do(
        "a",
        "ConnectParticipantWithLexBot",
        {"Text": "Hello", **parameters},
        "end",
        {"NoMatchingCondition": "end", "NoMatchingError": "end"},
    )


def view(name: str) -> Content:
    errors = {"NoMatchingCondition": "end", "NoMatchingError": "end", "TimeLimitExceeded": "end"}
    return do("a", "ShowView", {"ViewResource": {"Id": name}, "InvocationTimeLimitSeconds": "400"}, "end", errors)


FOUND = {
    "attribute-unset": Case(flow(keep("a", {"customerName": "x"}, "b"), say("b", "Hello $.Attributes.custmerName"))),
    "attribute-unset of case": Case(flow(keep("a", {"vip": "x"}, "b"), say("b", "Hello $.Attributes.VIP"))),
    "attribute-unset of two letters": Case(
        flow(keep("a", {"accountNumber": "x"}, "b"), say("b", "$.Attributes['acountNumbr'] it is"))
    ),
    "attribute-unset elsewhere": Case(
        flow(say("a", "Hello $.Attributes.langauge")), around=Around(attributes=frozenset({"language"}))
    ),
    "attribute-unset in an operand": Case(
        flow(
            keep("a", {"limit": "5"}, "b"),
            compare("b", "$.Attributes.limit", [("Equals", "$.Attributes.limits", "a2")]),
            say("a2", "x"),
        )
    ),
    "flow-attribute-unset": Case(flow(flow_attributes("a", "b"), say("b", "$.FlowAttributes.town is where you are"))),
    "external-before": Case(flow(say("a", "Hello $.External.name"))),
    "external-before on one path": Case(
        flow(
            compare("a", "$.Channel", [("Equals", "VOICE", "b")], "c"),
            invoke("b", "c"),
            say("c", "Hello $.External.name"),
        )
    ),
    "external-before of Compare": Case(
        flow(compare("a", "$.External.vip", [("Equals", "yes", "b")]), say("b", "Hello"))
    ),
    "external-before of Lex": Case(flow(say("a", "In $.Lex.Slots.City", "b"), lex("b"))),
    "external-before of input": Case(flow(say("a", "You typed $.StoredCustomerInput"))),
    "external-before of the function itself": Case(
        flow(invoke("a", "end", LambdaInvocationAttributes={"name": "$.External.name"}))
    ),
    "external-before of metrics": Case(
        flow(compare("a", "$.Metrics.Queue.Size", [("NumberGreaterThan", "5", "b")]), say("b", "Many wait"))
    ),
    "external-before in a module": Case(flow(say("a", "Hello $.Customer.FirstName")), type="MODULE"),
    "reference-root": Case(flow(say("a", "Hello $.Atributes.name"))),
    "reference-root of case": Case(flow(say("a", "Hello $.attributes.name"))),
    "reference-root in brackets": Case(flow(say("a", "Hello $['Attribute']['name']"))),
    "reference-root without dot": Case(flow(say("a", "Hello $Attributes.name"))),
    "reference-root in braces": Case(flow(say("a", "Hello ${Attributes.name}"))),
    "reference-root twice": Case(flow(say("a", "Hello $.$.Attributes.name"))),
    "reference-root with period": Case(flow(keep("a", {"x": ".$.External.x"}, "b"), say("b", "Hello"))),
    "region-arn": Case(
        flow(invoke("a", "end", LambdaFunctionARN="arn:aws:lambda:us-east-1:123456789012:function:find"))
    ),
    "region-arn with an account by placeholder": Case(
        flow(invoke("a", "end", LambdaFunctionARN="arn:aws:lambda:us-east-1:$.Attributes.account:function:find"))
    ),
    "region-arn of a queue": Case(flow(queue("a", "end", QUEUE))),
    "region-arn in an operand": Case(flow(compare("a", "$.Queue.ARN", [("Equals", QUEUE, "b")]), say("b", "Hello"))),
    "region-arn in a function's values": Case(flow(invoke("a", "end", LambdaInvocationAttributes={"queue": QUEUE}))),
    "region-arn in an attribute": Case(flow(keep("a", {"back": f'{{"to": "{QUEUE}"}}'}))),
    "region-arn of a bot": Case(
        flow(bot({"LexV2Bot": {"AliasArn": "arn:aws:lex:eu-central-1:123456789012:bot-alias/ABCDEFGHIJ/TSTALIASID"}}))
    ),
    "region-arn of an old bot": Case(flow(bot({"LexBot": {"Name": "x", "Region": "us-west-2", "Alias": "$LATEST"}}))),
    "region-arn of a view": Case(flow(view(f"{INSTANCE}/view/{UUID}:$LATEST"))),
    "region-arn of a bucket": Case(flow(media("https://sounds.s3.us-east-1.amazonaws.com/hello.wav"))),
    "region-arn of a host in SSML": Case(
        flow(
            say("a", '<speak><audio src="https://sounds.s3.us-east-1.amazonaws.com/hello.mp3"/></speak>'),
        )
    ),
    "region-arn beside its region": Case(
        flow(compare("a", "$.AwsRegion", [("Equals", "us-west-2", "b")]), keep("b", {"queue": QUEUE}))
    ),
    "region-arn of a joined path": Case(
        flow(compare("a", "$.AwsRegion", [("Equals", "us-east-1", "b")], "b"), keep("b", {"queue": QUEUE}))
    ),
    "region-arn of an assistant": Case(
        flow(
            do(
                "a",
                "CreateWisdomSession",
                {"WisdomAssistantArn": f"arn:aws:wisdom:us-east-1:123456789012:assistant/{UUID}"},
                "end",
                FAILS,
            )
        )
    ),
    "region-arn in China": Case(
        flow(invoke("a", "end", LambdaFunctionARN="arn:aws-cn:lambda:cn-north-1:123456789012:function:find"))
    ),
    "region-arn that no path leads to": Case(flow(say("a", "Hello"), queue("b", "end", QUEUE))),
    "region-arn of an unknown action": Case(flow(do("a", "AgenticCustomer", {"Agent": [{"Arn": QUEUE}]}, "end"))),
    "instance-arn": Case(flow(queue("a", "end", QUEUE.replace("us-east-1", "${region}")))),
    "instance-arn of another": Case(
        flow(queue("a", "b", QUEUE), queue("b", "end", QUEUE.replace("11111111-1111", "33333333-3333")))
    ),
    "id-bare": Case(flow(queue("a", "end", UUID))),
    "id-bare with a suffix": Case(flow(do("a", "InvokeFlowModule", {"FlowModuleId": f"{UUID}:$LATEST"}, "end", FAILS))),
    "id-bare of a hook": Case(
        flow(do("a", "UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": UUID}}, "end", FAILS))
    ),
    "id-bare of a prompt": Case(
        flow(do("end", "MessageParticipantIteratively", {"Messages": [{"PromptId": UUID}]})), type="CUSTOMER_QUEUE"
    ),
    "id-bare in an attribute": Case(flow(keep("a", {"queue": UUID}))),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_rule_finds_what_it_is_for(name: str) -> None:
    found = findings(FOUND[name])
    assert name.split()[0] in {one.rule for one in found}
    assert {one.level for one in found} == {"warning"}
    assert all(one.message and one.fix and one.page for one in found)


LEFT = {
    "attribute of another flow": Case(
        flow(keep("a", {"language": "de"}, "b"), say("b", "Hello $.Attributes.firstName"))
    ),
    "attributes with numbers": Case(flow(keep("a", {"line1": "x"}, "b"), say("b", "Hello $.Attributes.line2"))),
    "short names": Case(flow(keep("a", {"one": "x"}, "b"), say("b", "Hello $.Attributes.ode"))),
    "attribute that is declared": Case(
        flow(keep("a", {"language": "de"}, "b"), say("b", "Hello $.Attributes.languages")),
        around=Around(attributes=frozenset({"languages"})),
    ),
    "flow attribute": Case(flow(flow_attributes("a", "b"), say("b", "You are in $.FlowAttributes.city."))),
    "function before": Case(flow(invoke("a", "b"), say("b", "Hello $.External.name. How are you?"))),
    "function that is called again": Case(
        flow(
            loop("count", "a"),
            invoke("a", "count", LambdaInvocationAttributes={"seen": "$.External.name"}),
        )
    ),
    "comparison that one path fills": Case(
        flow(
            compare("a", "$.Channel", [("Equals", "VOICE", "b")], "c"),
            invoke("b", "c"),
            compare("c", "$.External.vip", [("Equals", "yes", "d")]),
            say("d", "Hello"),
        )
    ),
    "unknown action before": Case(
        flow(do("a", "ExternalTool", {}, "b"), say("b", "$.External.x and $.Lex.IntentName"))
    ),
    "stored input": Case(
        flow(
            store("a", "b"),
            compare("b", "$.StoredCustomerInput", [("Equals", "Timeout", "end")], "c"),
            say("c", "$.StoredCustomerInput it is"),
        )
    ),
    "spellings of references": Case(
        flow(
            say(
                "a",
                "$.Attributes.['a b'] $.Attributes['c'] $['Attributes']['d'] "
                "`$.DataTableList.ResultData.primaryKeyGroups.x[0].attributes[1].attributeValue` "
                "$.Queue.Name $.Channel $.Media.Sip.Headers.From $.SegmentAttributes['connect:Subtype']",
            )
        )
    ),
    "money": Case(flow(say("a", "It costs $5 or $.50, or US$ 20. Ask for $VIP."))),
    "placeholders": Case(flow(say("a", "${region-name} and ${region}", "b"), queue("b", "end", "${queue:Sales}"))),
    "view of AWS": Case(flow(view("arn:aws:connect:us-west-2:aws:view/form:1"))),
    "view by name": Case(flow(view("form"))),
    "function by region": Case(
        flow(
            invoke("a", "b", LambdaFunctionARN="arn:aws:lambda:${region}:123456789012:function:find"),
            invoke("b", "end", LambdaFunctionARN="arn:aws:lambda:$.AwsRegion:123456789012:function:find"),
        )
    ),
    "global ARNs": Case(flow(keep("a", {"role": "arn:aws:iam::123456789012:role/x", "bucket": "arn:aws:s3:::sounds"}))),
    "bucket without region": Case(flow(media("https://sounds.s3.amazonaws.com/hello.wav"))),
    "ARNs by region": Case(
        flow(
            compare("a", "$.AwsRegion", [("Equals", "us-east-1", "b"), ("Equals", "us-west-2", "c")], "d"),
            keep("b", {"queue": QUEUE}, "d"),
            keep(
                "c",
                {"queue": QUEUE.replace("us-east-1", "us-west-2").replace("1111-1111", "3333-3333"), "id": UUID},
                "d",
            ),
            queue("d", "end", "$.Attributes.queue"),
        )
    ),
    "region that is said": Case(flow(say("a", "You are connected to us-east-1."))),
    "words like ids": Case(flow(keep("a", {"x": f"{UUID}-1", "y": "1234-5678", "z": f"case {UUID}"}))),
}


@pytest.mark.parametrize("name", LEFT)
def test_a_sound_flow_is_left_alone(name: str) -> None:
    assert [(one.rule, one.message) for one in findings(LEFT[name])] == []


SEVERAL = Around(several_regions=True)


@pytest.mark.parametrize(
    ("content", "placeholder"),
    [
        (flow(queue("a", "end", QUEUE)), "${queue:NAME}"),
        (flow(queue("a", "end", UUID)), "${queue:NAME}"),
        (
            flow(do("a", "TransferToFlow", {"ContactFlowId": f"{INSTANCE}/contact-flow/{UUID}"}, "end", FAILS)),
            "${flow:NAME}",
        ),
        (flow(do("a", "TransferToFlow", {"ContactFlowId": UUID}, "end", FAILS)), "${flow:NAME}"),
        (
            flow(do("a", "InvokeFlowModule", {"FlowModuleId": f"{INSTANCE}/flow-module/{UUID}"}, "end", FAILS)),
            "${module:NAME}",
        ),
        (
            flow(
                do(
                    "a",
                    "CheckHoursOfOperation",
                    {"HoursOfOperationId": f"{INSTANCE}/operating-hours/{UUID}"},
                    "end",
                    FAILS,
                )
            ),
            "${hours:NAME}",
        ),
        (
            flow(do("a", "MessageParticipant", {"PromptId": f"{INSTANCE}/prompt/{UUID}"}, "end", FAILS)),
            "${prompt:NAME}",
        ),
        (
            flow(invoke("a", "end", LambdaFunctionARN="arn:aws:lambda:us-east-1:123456789012:function:find:live")),
            "${lambda:find}",
        ),
        (
            flow(bot({"LexV2Bot": {"AliasArn": "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/TSTALIASID"}})),
            "${region}",
        ),
        (flow(queue("a", "end", QUEUE.replace("us-east-1", "${region}"))), "${queue:NAME}"),
        (flow(media("https://s3-eu-west-1.amazonaws.com/sounds/hello.wav")), "${region}"),
        (flow(do("a", "UpdateContactTargetQueue", {"AgentId": UUID}, "end", FAILS)), "$.AwsRegion"),
    ],
)
def test_several_regions_refuse_what_is_of_one(content: Content, placeholder: str) -> None:
    """An error there, with what to write; outside of such a project a warning."""
    [found] = findings(Case(content, around=SEVERAL))
    assert (found.level, found.rule in {"region-arn", "instance-arn", "id-bare"}) == ("error", True)
    assert placeholder in found.fix
    assert [one.level for one in findings(Case(content))] == ["warning"]


@pytest.mark.parametrize(
    "content",
    [
        flow(keep("a", {"tenant": UUID})),
        flow(queue("a", "end", "$.Attributes.queue")),
        flow(compare("a", "$.Attributes.tenant", [("Equals", UUID, "b")]), say("b", "Hello")),
    ],
)
def test_what_may_be_another_id_is_not_refused(content: Content) -> None:
    assert "error" not in {one.level for one in findings(Case(content, around=SEVERAL))}


def test_a_replicated_instance_has_the_same_ids() -> None:
    around = Around(several_regions=True, same_ids=True)
    assert [one.level for one in findings(Case(flow(queue("a", "end", UUID)), around=around))] == ["warning"]
    assert [one.level for one in findings(Case(flow(queue("a", "end", QUEUE)), around=around))] == ["error"]


def test_metadata_is_for_display_only() -> None:
    content = {**flow(say("a", "Hello")), "Metadata": {"ActionMetadata": {"a": {"queue": {"id": QUEUE, "text": UUID}}}}}
    assert findings(Case(content, around=SEVERAL)) == []


def test_the_place_of_an_arn_is_told() -> None:
    [found] = findings(Case(flow(compare("a", "$.Queue.ARN", [("Equals", QUEUE, "b")]), say("b", "Hello"))))
    assert found.path == ("Actions", 0, "Transitions", "Conditions", 0, "Condition", "Operands", 0)
    [found] = findings(
        Case(
            flow(do("end", "MessageParticipantIteratively", {"Messages": [{"Text": "x"}, {"PromptId": UUID}]})),
            type="AGENT_HOLD",
        )
    )
    assert found.path == ("Actions", 0, "Parameters", "Messages", 1, "PromptId")


def test_a_near_name_is_proposed() -> None:
    [found] = findings(Case(flow(keep("a", {"customerName": "x"}, "b"), say("b", "Hello $.Attributes.custmerName"))))
    assert (found.block, found.fix) == ("b", "Did you mean customerName?")
    [found] = findings(Case(flow(say("a", "Hello $.Atributes.name"))))
    assert found.fix == "Did you mean Attributes?"


def test_a_function_of_the_project_has_a_placeholder() -> None:
    content = flow(invoke("a", "end", LambdaFunctionARN="arn:aws:lambda:us-east-1:123456789012:function:find"))
    [found] = findings(Case(content, around=Around(functions=frozenset({"find"}))))
    assert found.fix == "Write ${lambda:find}."
    [found] = findings(Case(content, around=Around(functions=frozenset())))
    assert found.fix == "Write ${region} or $.AwsRegion in place of us-east-1."
