"""Ways through a flow, menus, conditions and input."""

from __future__ import annotations

import pytest

from tests.unit.flows.practice.flows import (
    Case,
    compare,
    do,
    findings,
    flow,
    invoke,
    keep,
    lex,
    loop,
    menu,
    prompts,
    rules,
    say,
    store,
)

TWO = [("Equals", "1", "sales"), ("Equals", "2", "end")]
PRESS = "For sales press 1, for support press 2."


def menu_flow(text: str, conditions: list[tuple[str, str, str]] | None = None) -> Case:
    return Case(flow(menu("menu", text, TWO if conditions is None else conditions), say("sales", "Sales")))


def stored(*actions: dict[str, object]) -> Case:
    return Case(flow(store("ask", actions[0]["Identifier"]), *actions))  # type: ignore[arg-type]


FOUND = {
    "unreachable": Case(flow(say("a", "Hello"), say("b", "never"))),
    "endless": Case(flow(keep("a", {"x": "1"}, "a"))),
    "endless of two": Case(flow(say("a", "Hello", "b"), compare("b", "$.Attributes.x", [("Equals", "1", "end")], "a"))),
    "endless beside an input": Case(
        flow(
            menu("menu", "Choose", [("Equals", "1", "a")]),
            say("a", "Hello", "b"),
            compare("b", "$.Attributes.x", [("Equals", "1", "menu")], "a"),
        )
    ),
    "endless with loop": Case(flow(loop("a", "a", "a"))),
    "endless with input": Case(
        flow(
            do(
                "menu",
                "GetParticipantInput",
                {"Text": "Choose", "StoreInput": "False", "InputTimeLimitSeconds": "5"},
                "menu",
                {"NoMatchingError": "menu"},
            )
        )
    ),
    "dead-end": Case(flow(prompts("a"))),
    "self-menu": Case(flow(menu("menu", "Choose", [("Equals", "1", "end")], other="menu"))),
    "self-menu of stored input": Case(
        flow(
            do(
                "ask",
                "GetParticipantInput",
                {
                    "Text": "Your number, please",
                    "StoreInput": "True",
                    "InputTimeLimitSeconds": "5",
                    "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "E164"}},
                },
                "end",
                {"NoMatchingError": "end", "InvalidPhoneNumber": "ask"},
            )
        )
    ),
    "retry-unbounded": Case(
        flow(menu("menu", "Choose", [("Equals", "1", "end")], late="sorry"), say("sorry", "Nothing heard", "menu"))
    ),
    "retry-unbounded over two": Case(
        flow(
            menu("menu", "Choose", [("Equals", "1", "end")], other="note"),
            keep("note", {"missed": "yes"}, "sorry"),
            say("sorry", "Not known", "menu"),
        )
    ),
    "menu-key-missing": menu_flow("For sales press 1, for support press 2, for billing press 3."),
    "menu-key-missing in a word": menu_flow("Press one for sales, press two for support, press zero for help."),
    "menu-key-missing in a list": menu_flow("Press 1, 2 or 3."),
    "menu-key-missing with text before": menu_flow("To repeat this, press the star key. Press 1 or 2"),
    "menu-key-missing in Spanish": menu_flow("Para ventas oprima 1, para soporte oprima el 2, para salir oprima 9."),
    "menu-key-missing without branches": menu_flow("Press 1 to go on.", [("Equals", "2", "sales")]),
    "menu-key-missing in a clause": menu_flow("Press 1 for sales, 2 for support, or 3 for billing."),
    "menu-key-missing to choose": menu_flow("Press 1 or 2, or choose 4 to leave."),
    "menu-key-missing to say": menu_flow("Press or say 1, press or say 2, press or say 9."),
    "menu-key-unsaid": menu_flow("For sales press 1."),
    "menu-key-unsaid of hash": menu_flow(PRESS, [*TWO, ("Equals", "#", "end")]),
    "menu-key-twice": menu_flow("Choose", [("Equals", "1", "sales"), ("Equals", "1", "end")]),
    "condition-twice": Case(
        flow(
            compare("a", "$.Attributes.x", [("Equals", "A", "b"), ("Equals", "B", "end"), ("Equals", "A", "end")]),
            say("b", "Hello"),
        )
    ),
    "store-timeout": stored(keep("keep", {"pin": "$.StoredCustomerInput"})),
    "store-timeout of a function": stored(
        invoke("look", "end", LambdaInvocationAttributes={"pin": "$.StoredCustomerInput"})
    ),
    "store-timeout said": stored(say("said", "You typed $.StoredCustomerInput")),
    "logging-secret": Case(
        flow(
            do("log", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "ask"), store("ask", "end", "16")
        )
    ),
    "logging-secret of encryption": Case(
        flow(
            do("log", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "ask"),
            store("ask", "end", InputEncryption={"EncryptionKeyId": "$.Attributes.key", "Key": "PEM"}),
        )
    ),
    "compare-case": Case(
        flow(
            compare("a", "$.Attributes.x", [("Equals", "Yes", "b"), ("Equals", "yes", "end")]),
            say("b", "Hello"),
        )
    ),
    "compare-case of a value": Case(
        flow(
            keep("a", {"level": "VIP"}, "b"),
            compare("b", "$.Attributes.level", [("Equals", "vip", "c")]),
            say("c", "Hello"),
        )
    ),
    "compare-case of the channel": Case(flow(compare("a", "$.Channel", [("Equals", "Chat", "b")]), say("b", "Hello"))),
    "compare-case of no input": stored(
        compare("check", "$.StoredCustomerInput", [("Equals", "timeout", "b")]), say("b", "x")
    ),
    "number-text of a count": Case(
        flow(
            do("q", "GetMetricData", {"QueueId": "${queue:Sales}"}, "a", {"NoMatchingError": "end"}),
            compare("a", "$.Metrics.Queue.Size", [("Equals", "5", "b")]),
            say("b", "Hello"),
        )
    ),
    "number-text": Case(flow(compare("a", "$.Attributes.x", [("NumberGreaterThan", "five", "b")]), say("b", "Hello"))),
    "number-text of a fraction": Case(
        flow(compare("a", "$.Attributes.x", [("Equals", "1.0", "b")]), say("b", "Hello"))
    ),
    "percent": Case(
        flow(
            do(
                "a",
                "DistributeByPercentage",
                {},
                "end",
                {"NoMatchingCondition": "end"},
                [("NumberLessThan", "51", "b"), ("NumberLessThan", "31", "end")],
            ),
            say("b", "Hello"),
        )
    ),
    "percent above 100": Case(
        flow(
            do(
                "a",
                "DistributeByPercentage",
                {},
                "end",
                {"NoMatchingCondition": "end"},
                [("NumberLessThan", "151", "b")],
            ),
            say("b", "Hello"),
        )
    ),
}
"""Name of a rule, with words of the form → a flow that has it."""


@pytest.mark.parametrize("name", FOUND)
def test_a_rule_finds_what_it_is_for(name: str) -> None:
    found = findings(FOUND[name])
    assert name.split()[0] in {one.rule for one in found}
    assert {one.level for one in found} == {"warning"}


LEFT = {
    "all reachable": Case(flow(say("a", "Hello", "b"), say("b", "Good bye"))),
    "start that is not there": Case({**flow(say("a", "Hello")), "StartAction": "z"}),
    "circle with a function": Case(
        flow(invoke("a", "b"), compare("b", "$.External.done", [("Equals", "yes", "end")], "a"))
    ),
    "circle of prompts in a queue": Case(
        flow(
            say("a", "Wait", "b"),
            do(
                "b",
                "CheckMetricData",
                {"MetricType": "NumberOfAgentsAvailable"},
                "a",
                {"NoMatchingCondition": "a", "NoMatchingError": "a"},
                [("NumberGreaterThan", "0", "end")],
            ),
        ),
        type="CUSTOMER_QUEUE",
    ),
    "circle of an unknown action": Case(flow(do("a", "AgenticCustomer", {}, "a", {"Escalation": "end"}))),
    "prompts in a queue": Case(flow(prompts("end")), type="CUSTOMER_QUEUE"),
    "prompts in a module": Case(flow(prompts("end")), type="MODULE"),
    "guide that is shown again": Case(
        flow(
            do(
                "view",
                "ShowView",
                {"ViewResource": {"Id": "form"}, "InvocationTimeLimitSeconds": "400"},
                "view",
                {"NoMatchingCondition": "view", "NoMatchingError": "end", "TimeLimitExceeded": "view"},
            )
        )
    ),
    "bot that goes on": Case(
        flow(lex("bot", "check"), compare("check", "$.Lex.IntentName", [("Equals", "Bye", "end")], "bot"))
    ),
    "retry with a loop": Case(
        flow(
            menu("menu", PRESS, TWO, other="loop", late="loop"),
            say("sales", "Sales"),
            loop("loop", "sorry"),
            say("sorry", "Not known", "menu"),
        )
    ),
    "retry with a counter": Case(
        flow(
            menu("menu", PRESS, TWO, other="count", late="count"),
            say("sales", "Sales"),
            compare("count", "$.Attributes.tries", [("Equals", "1", "end")], "first"),
            keep("first", {"tries": "1"}, "menu"),
        )
    ),
    "repeated by a key": Case(flow(menu("menu", "To hear this again press 1.", [("Equals", "1", "menu")]))),
    "menu": menu_flow(PRESS),
    "menu with amounts": menu_flow(
        f"{PRESS} You wait 3 to 5 minutes, or 4 to 6 with luck. Enter 4 digits, or enter 9 digits."
    ),
    "menu without verbs": menu_flow("1 for sales, 2 for support"),
    "menu whose keys are said before": menu_flow("Please choose."),
    "menu with an opening list": menu_flow("Press 1 for sales.\n2 for support."),
    "menu of a reference": menu_flow("For $.Attributes.first press 1, or press 3"),
    "menu of SSML": menu_flow("<speak>For sales press 3</speak>"),
    "menu with a telephone number": menu_flow(f"{PRESS} Or dial 1 800 555 0100, or dial 911."),
    "menu with numbers": menu_flow(f"{PRESS} Press one of these keys within 10 seconds."),
    "menu of two lists": menu_flow("Press 1 or 2"),
    "German menu": menu_flow("Für den Verkauf drücken Sie die 1, für Hilfe drücken Sie die 2."),
    "both cases of one answer": Case(
        flow(compare("a", "$.Attributes.x", [("Equals", "Yes", "b"), ("Equals", "yes", "b")]), say("b", "Hello"))
    ),
    "value that another block sets": Case(
        flow(
            keep("a", {"level": "VIP"}, "b"),
            keep("b", {"level": "vip"}, "c"),
            compare("c", "$.Attributes.level", [("Equals", "vip", "d")]),
            say("d", "Hello"),
        )
    ),
    "same operand of two operators": Case(
        flow(
            compare("a", "$.Attributes.x", [("Equals", "A", "b"), ("TextStartsWith", "A", "end")]),
            say("b", "Hello"),
        )
    ),
    "numbers": Case(
        flow(
            compare(
                "a", "$.Attributes.x", [("NumberGreaterThan", "-1.5", "b"), ("NumberLessThan", "$.Attributes.y", "end")]
            ),
            say("b", "Hello"),
        )
    ),
    "empty queue": Case(
        flow(
            do("q", "GetMetricData", {"QueueId": "${queue:Sales}"}, "a", {"NoMatchingError": "end"}),
            compare("a", "$.Metrics.Queue.Size", [("Equals", "0", "b")]),
            say("b", "Hello"),
        )
    ),
    "whole numbers": Case(flow(compare("a", "$.Attributes.x", [("Equals", "5", "b")]), say("b", "Hello"))),
    "percentages": Case(
        flow(
            do(
                "a",
                "DistributeByPercentage",
                {},
                "end",
                {"NoMatchingCondition": "end"},
                [("NumberLessThan", "31", "b"), ("NumberLessThan", "101", "end")],
            ),
            say("b", "Hello"),
        )
    ),
    "stored and checked": stored(
        compare("check", "$.StoredCustomerInput", [("Equals", "Timeout", "end")], "keep"),
        keep("keep", {"pin": "$.StoredCustomerInput"}),
    ),
    "stored and compared": stored(compare("check", "$.StoredCustomerInput", [("Equals", "1234", "end")], "end")),
    "stored for a function that tells": stored(
        invoke("look", "told", LambdaInvocationAttributes={"pin": "$.StoredCustomerInput"}),
        compare("told", "$.External.valid", [("Equals", "yes", "keep")]),
        keep("keep", {"pin": "$.StoredCustomerInput"}),
    ),
    "stored as callback number": stored(
        do(
            "number",
            "UpdateContactCallbackNumber",
            {"CallbackNumber": "$.StoredCustomerInput"},
            "end",
            {"InvalidCallbackNumber": "end", "CallbackNumberNotDialable": "end"},
        )
    ),
    "secret with logging off": Case(
        flow(
            do("on", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "off"),
            do("off", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Disabled"}, "ask"),
            store("ask", "end", "16"),
        )
    ),
    "short number with logging on": Case(
        flow(do("on", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "ask"), store("ask", "end", "4"))
    ),
}
"""What it is → a flow in which there is nothing to find."""


@pytest.mark.parametrize("name", LEFT)
def test_a_sound_flow_is_left_alone(name: str) -> None:
    assert [(one.rule, one.message) for one in findings(LEFT[name])] == []


def test_each_unreachable_block_is_named() -> None:
    found = findings(Case(flow(say("a", "Hello"), say("b", "never", "c"), say("c", "never"))))
    assert [(one.rule, one.block, one.path) for one in found] == [
        ("unreachable", "b", ("Actions", 1)),
        ("unreachable", "c", ("Actions", 2)),
    ]


def test_a_circle_is_told_of_once() -> None:
    """However many blocks it has; what leads to it is not of it."""
    circle = flow(say("in", "Hello", "a"), say("a", "A", "b"), say("b", "B", "c"), say("c", "C", "a"))
    assert [(one.block, one.rule) for one in findings(Case(circle))] == [("a", "endless")]


def test_a_key_is_told_of_where_its_branch_is() -> None:
    [found] = findings(menu_flow("For sales press 1."))
    assert (found.rule, found.path) == ("menu-key-unsaid", ("Actions", 0, "Transitions", "Conditions", 1))
    assert found.page == "https://docs.aws.amazon.com/connect/latest/adminguide/get-customer-input.html"


def test_the_first_of_two_equal_conditions_is_not_at_fault() -> None:
    case = menu_flow(PRESS, [*TWO, ("Equals", "2", "sales")])
    assert [(one.rule, one.path[-1]) for one in findings(case)] == [("menu-key-twice", 2)]
    assert rules(menu_flow(PRESS)) == []


def test_the_branch_that_leads_back_is_named() -> None:
    """Also where the console wrote it as the next action too."""
    case = Case(flow(menu("menu", "Choose", [("Equals", "1", "end")], other="menu")))
    assert [(one.rule, one.message.split()[0], one.path[-2]) for one in findings(case)] == [
        ("self-menu", "NoMatchingCondition", "Errors"),
        ("retry-unbounded", "NoMatchingCondition", "Errors"),
    ]
