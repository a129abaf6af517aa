"""The rules of practice: what AWS takes, and what is often a slip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sbctl.flows.language.facts import PAGES
from sbctl.flows.lint.practice import (
    channels,
    conditions,
    inputs,
    lambdas,
    menus,
    modules,
    paths,
    places,
    prompts,
    queues,
    reads,
    settings,
)
from sbctl.flows.lint.practice.subject import Find
from sbctl.flows.lint.rule import Rule

Level = Literal["error", "warning", "error or warning"]
REGIONS: Level = "error or warning"
"""An error in a project with several regions."""


@dataclass(frozen=True)
class Practice:
    """A rule, and what finds it."""

    rule: Rule
    find: Find


def _guide(name: str, what: str, page: str, find: Find, level: Level = "warning") -> Practice:
    """A rule from a page of the administrator guide."""
    return Practice(Rule(name, level, what, f"{PAGES}adminguide/{page}.html"), find)


def _reference(name: str, what: str, page: str, find: Find) -> Practice:
    """A rule from a page of the developer guide."""
    return Practice(Rule(name, "warning", what, f"{PAGES}devguide/{page}.html"), find)


PRACTICE: tuple[Practice, ...] = (
    _guide("unreachable", "No path from the start leads to a block.", "bp-contact-flows", paths.unreachable),
    _guide("endless", "Contacts run in a loop without input, wait or way out.", "bp-contact-flows", paths.endless),
    _guide(
        "dead-end",
        "Loop prompts that nothing follows, outside of queue and hold flows.",
        "loop-prompts",
        paths.dead_end,
    ),
    _guide(
        "self-menu",
        "A wrong or missing key leads straight back to its menu.",
        "testing-simulation-observe-block",
        menus.self_menu,
    ),
    _guide(
        "retry-unbounded",
        "A wrong or missing key leads back to its menu without a limit.",
        "bp-contact-flows",
        menus.retry_unbounded,
    ),
    _guide("menu-key-missing", "A menu's text names a key without a branch.", "get-customer-input", menus.key_missing),
    _guide(
        "menu-key-unsaid", "A menu's text does not name a key with a branch.", "get-customer-input", menus.key_unsaid
    ),
    _guide("menu-key-twice", "A key of a menu has two branches.", "get-customer-input", menus.key_twice),
    _reference("condition-twice", "Two conditions of a block are the same.", "flow-language-actions", conditions.twice),
    _guide("compare-case", "Operands or values differ in case only.", "check-contact-attributes", conditions.case),
    _guide(
        "number-text",
        "A number is compared as text, or text as a number.",
        "check-contact-attributes",
        conditions.number_text,
    ),
    _guide("percent", "Thresholds do not rise, or are above 100.", "distribute-by-percentage", conditions.percent),
    _guide(
        "store-timeout",
        "Stored input is used without a check for Timeout.",
        "store-customer-input",
        inputs.store_timeout,
    ),
    _guide("logging-secret", "Secret input is stored while logging is on.", "bp-contact-flows", inputs.logging_secret),
    _guide(
        "attribute-unset",
        "An attribute is read that is not set, and one of nearly the same name is.",
        "connect-attrib-list",
        reads.attribute_unset,
    ),
    _guide(
        "flow-attribute-unset",
        "A flow attribute is read that the flow never sets.",
        "connect-attrib-list",
        reads.flow_attribute_unset,
    ),
    _guide(
        "external-before",
        "A result is read on a path without the block that fills it.",
        "connect-attrib-list",
        reads.external_before,
    ),
    _guide("reference-root", "A reference that AWS does not resolve.", "connect-attrib-list", reads.reference_root),
    _guide("queue-unset", "A block needs a queue, and a path sets none.", "transfer-to-queue", queues.unset),
    _guide(
        "queue-flow-ends",
        "A move to another queue without EndFlowExecution after it, or without loop prompts before it.",
        "queue-to-queue-transfer",
        queues.flow_ends,
    ),
    _guide(
        "interrupt-short", "Prompts are interrupted more often than every 20 s.", "loop-prompts", queues.interrupt_short
    ),
    _guide("interrupt-unused", "A branch for interruptions that never come.", "loop-prompts", queues.interrupt_unused),
    _guide("interrupt-missing", "Interruptions without a branch.", "loop-prompts", queues.interrupt_missing),
    _guide("whisper-long", "A whisper may take longer than two minutes.", "set-whisper-flow", prompts.whisper_long),
    _guide("prompt-empty", "A prompt is empty, too long, or not SSML.", "play", prompts.empty),
    _guide(
        "lambda-timeout",
        "A Lambda function, or several in a row, may take longer than Connect waits.",
        "invoke-lambda-function-block",
        lambdas.timeout,
    ),
    _guide(
        "lambda-async-result",
        "The result of an asynchronous function is read.",
        "invoke-lambda-function-block",
        lambdas.asynchronous_result,
    ),
    _guide(
        "lambda-response",
        "A value inside of an object is read of a function that returns texts.",
        "connect-lambda-functions",
        lambdas.response,
    ),
    _guide("region-arn", "An ARN, bot or bucket of one region.", "migrate-contact-flows", places.region_arn, REGIONS),
    _guide("instance-arn", "An ARN of one instance.", "migrate-contact-flows", places.instance_arn, REGIONS),
    _guide("id-bare", "An id of one instance, without a name.", "migrate-contact-flows", places.id_bare, REGIONS),
    _guide(
        "channel",
        "An action does not run for the contacts that come to it.",
        "block-support-by-channel",
        channels.channel,
    ),
    _reference(
        "hook-type",
        "An event is hooked to a flow of another type.",
        "contact-actions-updatecontacteventhooks",
        modules.hook_type,
    ),
    _guide(
        "transfer-type",
        "A transfer to a flow of another type, or to itself.",
        "transfer-to-flow",
        modules.transfer_type,
    ),
    _guide(
        "module-contract",
        "What goes in or out of a module is not what it declares.",
        "contact-flow-modules",
        modules.contract,
        "error",
    ),
    _guide("voice-id", "Actions of Voice ID, which ended.", "voice-id", settings.voice_id),
    _guide(
        "recording",
        "Analytics without both participants, or recording after a transfer.",
        "set-recording-behavior",
        settings.recording,
    ),
)
"""Every rule, in the order in which findings are told of a flow."""
