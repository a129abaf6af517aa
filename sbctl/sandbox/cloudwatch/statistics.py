"""A metric's value over a period, by each statistic that an alarm may have.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from sbctl.sandbox.moto_bridge.cloudwatch import Datum

KNOWN = re.compile(r"Average|Sum|Minimum|Maximum|SampleCount|p(\d{1,2}(\.\d+)?|100)")
"""Names of statistics."""


def statistic(name: str, data: Sequence[Datum]) -> float | None:
    """The value of a statistic, such as Average or p99; None without data, or where sets of statistics hide percentiles."""
    if not data:
        return None
    count = sum(one.count for one in data)
    if name == "Average":
        return sum(one.total for one in data) / count if count else None
    if name == "Sum":
        return sum(one.total for one in data)
    if name == "Minimum":
        return min(one.least for one in data)
    if name == "Maximum":
        return max(one.most for one in data)
    if name == "SampleCount":
        return count
    return _percentile(name, [value for one in data for value in one.values])


def _percentile(name: str, values: Sequence[float]) -> float | None:
    if not name.startswith("p") or not values:
        return None
    part = float(name[1:]) / 100
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]
