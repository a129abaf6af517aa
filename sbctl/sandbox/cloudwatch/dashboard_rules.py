"""The structure of a dashboard's body, checked as PutDashboard checks it: findings by path in the body.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.documents import read_document
from sbctl.sandbox.service import ApiError

NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
CODE = "InvalidParameterInput"
WIDGETS = 500
TYPES = ("metric", "text", "log", "alarm", "explorer", "custom", "chart")
PLACES = {"x": (0, 23), "y": (0, None), "width": (1, 24), "height": (1, 1000)}
REQUIRED = {"text": ("markdown",), "log": ("query", "region"), "alarm": ("alarms",), "explorer": ("metrics",)}
"""The properties that a widget of a type cannot do without. Metric widgets have rules of their own."""
VIEWS = ("timeSeries", "singleValue", "gauge", "bar", "pie", "table", "cell")
OVERRIDES = ("auto", "inherit")


@dataclass(frozen=True)
class Finding:
    """What is wrong at one place of the body. `warning`: CloudWatch takes the dashboard all the same."""

    path: str
    message: str
    warning: bool = False

    def shown(self) -> dict[str, str]:
        return {"DataPath": self.path, "Message": self.message}


def check_dashboard(name: str, text: str) -> list[dict[str, str]]:
    """The warnings for a dashboard that CloudWatch takes. Raises ApiError for one that it does not take."""
    if not NAME.fullmatch(name):
        rule = "It can only contain alphanumerics, dash (-) and underscore (_), 255 characters at most."
        raise ApiError(CODE, f"The value {name} for field DashboardName contains invalid characters. {rule}", 400)
    try:
        body = read_document(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ApiError(CODE, "The field DashboardBody must be a valid JSON object", 400)
    found = list(_body(body))
    errors = [finding for finding in found if not finding.warning]
    if errors:
        raise _refused(errors)
    return [finding.shown() for finding in found]


def _refused(errors: list[Finding]) -> ApiError:
    listed = [{"dataPath": finding.path, "message": finding.message} for finding in errors]
    number = f"there are {len(errors)} validation errors" if len(errors) > 1 else "there is 1 validation error"
    message = f"The dashboard body is invalid, {number}:\n{json.dumps(listed, indent=2)}"
    members = {"dashboardValidationMessages": [finding.shown() for finding in errors]}
    return ApiError(CODE, message, 400, members)


def _body(body: Mapping[str, Any]) -> Iterator[Finding]:
    if body.get("periodOverride", "auto") not in OVERRIDES:
        yield Finding("/periodOverride", "Should be equal to one of the allowed values")
    widgets = body.get("widgets")
    if widgets is None:
        yield Finding("", "Should have required property 'widgets'")
    elif not isinstance(widgets, list):
        yield Finding("/widgets", "Should be array")
    elif len(widgets) > WIDGETS:
        yield Finding("/widgets", f"Should NOT have more than {WIDGETS} items")
    else:
        for number, widget in enumerate(widgets):
            yield from _widget(widget, f"/widgets/{number}")


def _widget(widget: Any, path: str) -> Iterator[Finding]:
    if not isinstance(widget, dict):
        yield Finding(path, "Should be object")
        return
    for name, (low, high) in PLACES.items():
        if name in widget:
            yield from _place(widget[name], f"{path}/{name}", low, high)
    if "type" not in widget:
        yield Finding(path, "Should have required property 'type'")
    elif widget["type"] not in TYPES:
        yield Finding(f"{path}/type", "Should be equal to one of the allowed values")
    if not isinstance(widget.get("properties"), dict):
        yield Finding(path, "Should have required property 'properties'")
        return
    if widget.get("type") == "metric":
        yield from _metric(widget["properties"], f"{path}/properties")
    for name in REQUIRED.get(str(widget.get("type")), ()):
        if name not in widget["properties"]:
            yield Finding(f"{path}/properties", f"Should have required property '{name}'")


def _place(value: Any, path: str, low: int, high: int | None) -> Iterator[Finding]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield Finding(path, "Should be integer")
    elif value < low:
        yield Finding(path, f"Should be >= {low}")
    elif high is not None and value > high:
        yield Finding(path, f"Should be <= {high}")


def _metric(properties: Mapping[str, Any], path: str) -> Iterator[Finding]:
    alarms = (properties.get("annotations") or {}).get("alarms")
    if "metrics" not in properties and not alarms:
        yield Finding(path, "Should have required property 'metrics'")
    if "region" not in properties and not alarms:
        said = "The metric widget should have specified a region and a data source or an alarm annotation"
        yield Finding(path, said)
    if properties.get("view", VIEWS[0]) not in VIEWS:
        yield Finding(f"{path}/view", "Should be equal to one of the allowed values")
    metrics = properties.get("metrics", [])
    if not isinstance(metrics, list):
        yield Finding(f"{path}/metrics", "Should be array")
        return
    for number, row in enumerate(metrics):
        yield from _row(row, f"{path}/metrics/{number}")


def _row(row: Any, path: str) -> Iterator[Finding]:
    """One metric: namespace, name, dimension names and values in turn, at the end perhaps an object; or an expression."""
    if not isinstance(row, list):
        yield Finding(path, "Should be array")
        return
    options = row[-1] if row and isinstance(row[-1], dict) else None
    texts = row if options is None else row[:-1]
    if not all(isinstance(text, str) for text in texts):
        said = 'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element'
        yield Finding(path, said)
        return
    if options is not None and "expression" in options:
        return
    if len(texts) < 2:
        yield Finding(path, "Should NOT have fewer than 2 items")
    elif len(texts) % 2 and not any(text in (".", "...") for text in texts):
        yield Finding(path, "Each dimension name should have a value", warning=True)
