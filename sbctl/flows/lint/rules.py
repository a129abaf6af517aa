"""Every lint rule with what it reports; what a rule is about is in the facts of the flow language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from sbctl.flows.lint.acceptance.whole import PAGE
from sbctl.flows.lint.practice import RULES as PRACTICE
from sbctl.flows.lint.rule import Rule

ACTIONS = "https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html"
MODULES = "https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-modules.html"
BOTH: Literal["error or warning"] = "error or warning"
ACCEPTANCE = (
    Rule("shape", "error", "A part of the document is not a text, list or object where a flow has one.", PAGE),
    Rule("version", "error", "Version is not 2019-10-30.", PAGE),
    Rule("start", "error", "StartAction is missing, or is no action of the flow.", PAGE),
    Rule("actions", "error", "The flow has no actions.", PAGE),
    Rule("identifiers", "error", "An identifier is used twice, too long, or has characters that AWS refuses.", PAGE),
    Rule("target", "error", "A branch goes to an action that does not exist.", PAGE),
    Rule("blocks", BOTH, "The flow has more actions than AWS allows, or than the console exports.", PAGE),
    Rule("size", BOTH, "The content is too long.", PAGE),
    Rule("document-key", "warning", "The document has a member that flows do not have.", PAGE),
    Rule("flow-type-unknown", "error", "The type is not a flow type.", PAGE),
    Rule("flow-type", BOTH, "An action stands in a flow of a type that does not take it.", ACTIONS),
    Rule("module-settings", BOTH, "The content of a module has no Settings.", PAGE),
    Rule("placeholder", BOTH, "A placeholder is of an unknown kind, or names nothing.", ""),
    Rule("legacy-name", BOTH, "An action type has the name of a console block, or of another tool.", ACTIONS),
    Rule("type-unknown", "warning", "An action type is not known to sbctl.", ACTIONS),
    Rule("near-miss", "warning", "A name is not known, and near to one that is.", ACTIONS),
    Rule("parameter-missing", BOTH, "An action lacks a parameter.", ACTIONS),
    Rule("parameter-refused", "error", "An action has a parameter that AWS refuses.", ACTIONS),
    Rule("parameter-unknown", "warning", "An action has a parameter that is not known to sbctl.", ACTIONS),
    Rule(
        "parameter-undecided", "warning", "An action has a parameter that AWS was seen to take and to refuse.", ACTIONS
    ),
    Rule("parameter-group", BOTH, "An action has too few or too many of parameters that replace each other.", ACTIONS),
    Rule("id-empty", BOTH, "An id or ARN is an empty text.", ACTIONS),
    Rule("text-empty", BOTH, "A parameter is an empty text.", ACTIONS),
    Rule("value", BOTH, "A value is not one of those that the parameter takes.", ACTIONS),
    Rule("value-unknown", "warning", "A value is not known to sbctl.", ACTIONS),
    Rule("value-native", BOTH, "A number or a boolean stands where the flow language has texts.", PAGE),
    Rule("value-range", BOTH, "A number is outside its range.", ACTIONS),
    Rule("value-entries", BOTH, "A list or map has too few or too many entries.", ACTIONS),
    Rule("value-length", "warning", "A text is too long.", ACTIONS),
    Rule(
        "loop-count",
        BOTH,
        "LoopCount is outside 0 to 100.",
        f"{PAGE.rpartition('/')[0]}/flow-control-actions-loop.html",
    ),
    Rule("wait", BOTH, "The time limit of a Wait is outside 1 to 604800 seconds.", ACTIONS),
    Rule("routing-lifo", BOTH, "QueuePriority is less than 1.", ACTIONS),
    Rule("lambda-timeout", BOTH, "The time limit of a Lambda function is too long.", ACTIONS),
    Rule("callback", BOTH, "A number of a callback is outside its range.", ACTIONS),
    Rule("hook-unknown", "warning", "An event hook is not known to sbctl.", ACTIONS),
    Rule("reference-missing", BOTH, "A literal stands where AWS takes a reference only.", ACTIONS),
    Rule("reference-bare", BOTH, "A namespace is compared, and not a member of it.", ACTIONS),
    Rule("terminal", BOTH, "An action that ends the flow has transitions, or lacks the empty ones.", ACTIONS),
    Rule("next-missing", BOTH, "An action has no next action.", ACTIONS),
    Rule("error-missing", BOTH, "An error branch is missing.", ACTIONS),
    Rule("error-refused", BOTH, "An action has an error branch that AWS refuses.", ACTIONS),
    Rule("error-unknown", "warning", "An error branch is not known to sbctl.", ACTIONS),
    Rule("branch-missing", BOTH, "A condition is missing.", ACTIONS),
    Rule("condition-unsupported", "warning", "An action has conditions, and is not known to take any.", ACTIONS),
    Rule("compare-empty", BOTH, "A condition compares with an empty text, or a Compare has no condition.", ACTIONS),
    Rule("operand-count", BOTH, "A condition has more than one operand.", ACTIONS),
    Rule("operand-unknown", BOTH, "A branch is not one of those that the action has.", ACTIONS),
    Rule("operator-refused", "error", "A condition has an operator that AWS refuses.", ACTIONS),
    Rule("operator-unknown", "warning", "A condition has an operator that is not known to sbctl.", ACTIONS),
    Rule("menu-shape", BOTH, "A menu has parameters of the store form.", ACTIONS),
    Rule("store-shape", "error", "The store form lacks its validation, or has what only menus have.", ACTIONS),
    Rule("messages", "warning", "A loop prompt does not have exactly one kind of message.", ACTIONS),
    Rule("attribute-name", "warning", "The name of a contact attribute has $ or . in it.", ACTIONS),
    Rule("flow-attribute-shape", "error", "A flow attribute is a flat value.", ACTIONS),
    Rule("metric-condition", "warning", "A number of agents is not compared by NumberGreaterThan 0.", ACTIONS),
    Rule("module-depth", "error", "Modules run each other in more than five levels.", MODULES),
    Rule("module-recursion", "error", "A module runs itself.", MODULES),
    Rule("flow-twice", "warning", "Two flows have one name.", ""),
    Rule("excuse-unused", "warning", "An entry of lint.ignore ignores nothing.", ""),
)
"""The rules on what AWS accepts."""
NEVER_IGNORED = frozenset({"shape", "placeholder", "flow-type-unknown"})
"""Findings on what sbctl itself cannot work with."""


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its name."""
    return {rule.name: rule for rule in (*PRACTICE, *ACCEPTANCE)}
