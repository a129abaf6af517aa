"""Which conditions of a block can hold for the same value. Connect takes the first that holds, so only their order counts.

In doubt two conditions overlap: a difference that does nothing is shown rather than one that does something hidden.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Condition = Mapping[str, Any]
_RANGES: Mapping[str, Callable[[float], tuple[float, float]]] = {
    "NumberLessThan": lambda bound: (-math.inf, math.nextafter(bound, -math.inf)),
    "NumberLessOrEqualTo": lambda bound: (-math.inf, bound),
    "NumberGreaterThan": lambda bound: (math.nextafter(bound, math.inf), math.inf),
    "NumberGreaterOrEqualTo": lambda bound: (bound, math.inf),
}
_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "TextStartsWith": str.startswith,
    "TextEndsWith": str.endswith,
    "TextContains": str.__contains__,
}


def in_order(conditions: Sequence[Condition], key: Callable[[Condition], str]) -> list[Condition]:
    """The conditions in one order for all lists that do the same: by key, but none before an earlier one it overlaps."""
    left = list(conditions)
    found: list[Condition] = []
    while left:
        free = [one for at, one in enumerate(left) if not any(_order_counts(other, one) for other in left[:at])]
        first = min(free, key=key)
        found.append(first)
        left.remove(first)
    return found


def _order_counts(one: Condition, other: Condition) -> bool:
    return one.get("NextAction") != other.get("NextAction") and _overlap(_test(one), _test(other))


def _test(condition: Condition) -> tuple[str, str]:
    """Operator and operand, in lower case; the operand is "" where it is not one plain value."""
    test = condition.get("Condition") or {}
    operands = test.get("Operands")
    plain = isinstance(operands, list) and len(operands) == 1 and isinstance(operands[0], str | int | float)
    value = operands[0] if plain and operands else ""
    text = value if isinstance(value, str) else json.dumps(value)
    return str(test.get("Operator")), "" if text.startswith("$") else text.lower()


def _overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if not one[1] or not other[1]:
        return True  # compared with a value that is only known in the call
    for (operator, operand), (operator_2, operand_2) in ((one, other), (other, one)):
        if operator == "Equals" and operator_2 in _TEXTS:
            return _TEXTS[operator_2](operand, operand_2)
    if one[0] == other[0] == "TextStartsWith":
        return one[1].startswith(other[1]) or other[1].startswith(one[1])
    if one[0] == other[0] == "TextEndsWith":
        return one[1].endswith(other[1]) or other[1].endswith(one[1])
    if one[0] == other[0] == "Equals" and None in (_number(one[1]), _number(other[1])):
        return one[1] == other[1]
    return _ranges_meet(one, other)


def _ranges_meet(one: tuple[str, str], other: tuple[str, str]) -> bool:
    first, second = _range(one), _range(other)
    return first is None or second is None or max(first[0], second[0]) <= min(first[1], second[1])


def _range(test: tuple[str, str]) -> tuple[float, float] | None:
    """The numbers for which a condition holds; None when it is not about numbers."""
    operator, operand = test
    bound = _number(operand)
    if bound is None:
        return None
    return (bound, bound) if operator == "Equals" else _RANGES[operator](bound) if operator in _RANGES else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
