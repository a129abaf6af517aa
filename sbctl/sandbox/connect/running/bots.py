"""Bots by a script: what an intent is recognised by, and what is told of it. A driver asks; the interpreter knows no bot.

    {"ORDERS": [{"says": "/where.*order/", "intent": "TrackOrder", "slots": {"order": "17"}}, {"intent": "FallbackIntent"}]}

A bot is named by the ARN of its alias, by a part of it (its id or its alias's), or by its name, as old bots are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.running.contract import BotRequest, LexAnswered
from sbctl.sandbox.connect.running.values.references import text

FALLBACK = "FallbackIntent"
MEMBERS: Mapping[str, tuple[type, ...]] = {
    "says": (str,),
    "intent": (str,),
    "slots": (dict,),
    "sessionAttributes": (dict,),
    "confidence": (int, float),
    "sentiment": (str,),
    "dialogState": (str,),
    "alternativeIntents": (dict,),
}
"""The members of an answer, and what each holds."""


@dataclass(frozen=True)
class BotAnswer:
    """One answer. `says`: what it is given to, None for everything."""

    says: re.Pattern[str] | None
    intent: str
    members: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, said: str) -> bool:
        return self.says is None or self.says.search(said) is not None


Scripts = Mapping[str, tuple[BotAnswer, ...]]
"""By the name of a bot: its answers, of which the first that fits is given."""


class ScriptError(ValueError):
    """A script that cannot be used; `problems` are all that is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def scripts(document: Any) -> Scripts:
    """The scripts of a JSON document. Raises ScriptError."""
    if not isinstance(document, Mapping):
        raise ScriptError(["A script of bots is a JSON object: name of a bot → list of answers"])
    problems: list[str] = []
    found = {str(name): tuple(_answers(str(name), rows, problems.append)) for name, rows in document.items()}
    if problems:
        raise ScriptError(problems)
    return found


def _answers(name: str, rows: Any, complain: Callable[[str], None]) -> Iterator[BotAnswer]:
    if not isinstance(rows, list):
        complain(f"{name}: its answers are no list")
        return
    for number, row in enumerate(rows):
        wrong = list(_wrong(row))
        for problem in wrong:
            complain(f"{name}[{number}]: {problem}")
        if not wrong:
            yield BotAnswer(_pattern(row["says"]) if "says" in row else None, row["intent"], row)


def _wrong(row: Any) -> Iterator[str]:
    if not isinstance(row, Mapping):
        yield "is no object"
        return
    if not row.get("intent"):
        yield "intent is missing"
    for name, value in row.items():
        if name not in MEMBERS:
            yield f"{name} is unknown; known are {', '.join(MEMBERS)}"
        elif not isinstance(value, MEMBERS[name]) or isinstance(value, bool):
            yield f"{name} is {text(value)}, which it cannot be"
    says = row.get("says")
    try:
        _pattern(says if isinstance(says, str) else "")
    except re.error as error:
        yield f"says is no regular expression: {error}"


def _pattern(says: str) -> re.Pattern[str]:
    """A text between slashes is a regular expression; any other is what must be said, in whatever case."""
    is_expression = len(says) > 1 and says[0] == says[-1] == "/"
    return re.compile(says[1:-1] if is_expression else rf"^\s*{re.escape(says)}\s*$", re.IGNORECASE)


def heard(known: Scripts, _contact: Contact, request: BotRequest, said: str) -> LexAnswered | None:
    """What a bot makes of what was said; None while nothing was. A bot without a script fails."""
    answers = next((rows for name, rows in known.items() if _is_named(request.alias, name)), None)
    if answers is None:
        return LexAnswered(error="NoMatchingError", why=f"the sandbox has no script for the bot {request.alias}")
    if not said:
        return None
    found = next((one for one in answers if one.fits(said)), BotAnswer(None, FALLBACK))
    return LexAnswered(_values(found, request, said))


def _is_named(alias: str, name: str) -> bool:
    return name in (alias, alias.partition(":")[0], *alias.split("/")[1:]) or alias.endswith(f"/{name}")


def _values(answer: BotAnswer, request: BotRequest, said: str) -> dict[str, Any]:
    """What `$.Lex` holds. https://docs.aws.amazon.com/connect/latest/adminguide/connect-attrib-list.html"""
    row = answer.members
    found: dict[str, Any] = {
        "IntentName": answer.intent,
        "IntentConfidence": {"Score": text(row.get("confidence", 1.0))},
        "Slots": {str(name): text(value) for name, value in row.get("slots", {}).items()},
        "SessionAttributes": {**request.session, **_texts(row.get("sessionAttributes", {}))},
        "DialogState": row.get("dialogState", "Failed" if answer.intent == FALLBACK else "ReadyForFulfillment"),
        "InputTranscript": said,
        "AlternativeIntents": row.get("alternativeIntents", {}),
    }
    return found | ({"SentimentResponse": {"Label": row["sentiment"]}} if "sentiment" in row else {})


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): text(value) for name, value in values.items()}
