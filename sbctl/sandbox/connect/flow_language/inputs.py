"""GetParticipantInput: three actions in one, of which each wants other errors and parameters.

https://docs.aws.amazon.com/connect/latest/APIReference/participant-actions-getparticipantinput.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sbctl.sandbox.connect.flow_language.reading import Step
from sbctl.sandbox.connect.flow_language.saying import (
    NO_CONDITIONS,
    Said,
    missing,
    missing_error,
    unknown_type,
    wrong,
    wrong_error,
)

MENU_ERRORS = ("NoMatchingCondition", "InputTimeLimitExceeded")
PHONE_ERROR = "InvalidPhoneNumber"
PHONE, CUSTOM = "PhoneNumberValidation", "CustomValidation"


def participant_input(step: Step) -> Iterator[Said]:
    """A menu of keys, digits that are stored, or a setting of the buffer of keys: StoreInput and EnableDTMFBuffer say which."""
    if isinstance(step.part("DTMFConfiguration").get("DisableCancelKey"), bool):
        yield Said(unknown_type(step.number, step.kind))  # the service's answer, misleading as it is
    if step.has("EnableDTMFBuffer"):
        yield from _only(step)
    elif step.text("StoreInput") == "True":
        yield from _store(step)
    elif step.text("StoreInput") == "False":
        yield from _menu(step)


def _menu(step: Step) -> Iterator[Said]:
    yield from _only(step, *MENU_ERRORS)
    if step.has("InputValidation"):
        yield Said(wrong(step.number, "Parameters.InputValidation"))


def _store(step: Step) -> Iterator[Said]:
    validation = step.part("InputValidation")
    yield from _only(step, *((PHONE_ERROR,) if PHONE in validation else ()))
    if step.conditions:
        yield Said(NO_CONDITIONS)
    if not step.has("InputValidation"):
        yield Said(missing(step.number, "Parameters.InputValidation"))
    elif not _is_one(validation):
        yield Said(wrong(step.number, "Parameters.InputValidation"))
    if PHONE in validation and step.has("InputEncryption"):
        yield Said(wrong(step.number, "Parameters.InputEncryption"))


def _is_one(validation: Mapping[str, object]) -> bool:
    return (PHONE in validation) != (CUSTOM in validation)


def _only(step: Step, *errors: str) -> Iterator[Said]:
    """These errors of the three that depend on the form must be there, the others must not."""
    for name in (*MENU_ERRORS, PHONE_ERROR):
        if name in errors and name not in step.errors:
            yield Said(missing_error(step.number, name))
        elif name in step.errors and name not in errors:
            yield Said(wrong_error(name))
