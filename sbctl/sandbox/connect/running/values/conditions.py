"""Whether a condition of an action is true of its result.

https://docs.aws.amazon.com/connect/latest/APIReference/flow-language-actions.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sbctl.sandbox.connect.running.values.references import text

EXISTS = ("KeyExists", "Exists")
"""The operators that tell an attribute without a value from none."""


def holds(operator: str, value: Any, operand: str) -> bool:
    """Whether a result stands in this relation to an operand. Of no value (None) nothing is true.

    Texts are compared as they are, with case and spaces; numbers only where both sides are some. An operator that is not
    known is true of nothing.
    """
    if value is None:
        return False
    if operator in EXISTS:
        return True
    if operator in TEXTS:
        return TEXTS[operator](text(value), operand)
    compare = NUMBERS.get(operator)
    one, other = number(value), number(operand)
    return compare is not None and one is not None and other is not None and compare(one, other)


def number(value: Any) -> Decimal | None:
    """A value as a number; None where it is none."""
    try:
        found = Decimal(text(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": lambda value, operand: value == operand,
    "TextStartsWith": lambda value, operand: value.startswith(operand),
    "TextEndsWith": lambda value, operand: value.endswith(operand),
    "TextContains": lambda value, operand: operand in value,
}
NUMBERS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "NumberGreaterThan": lambda value, operand: value > operand,
    "NumberGreaterOrEqualTo": lambda value, operand: value >= operand,
    "NumberLessThan": lambda value, operand: value < operand,
    "NumberLessOrEqualTo": lambda value, operand: value <= operand,
}
