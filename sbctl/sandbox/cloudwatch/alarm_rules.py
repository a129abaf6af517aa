"""Refuse metric alarms that CloudWatch refuses and moto takes.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html and dr-primitives 6.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.service import ApiError

SHORT_PERIODS = (10, 20, 30)
DAY_SECONDS = 86400
WEEK_SECONDS = 604800
HOUR_SECONDS = 3600
MISSING_DATA = ("breaching", "notBreaching", "ignore", "missing")
ACTION_LISTS = ("AlarmActions", "OKActions", "InsufficientDataActions")
SINGLE_METRIC = ("MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")
"""What an alarm on one metric has in place of Metrics."""
ARN = re.compile(r"arn:(?P<partition>[^:]+):(?P<service>[^:]+):(?P<region>[^:]*):(?P<account>[^:]*):.+")


def check_alarm(params: Mapping[str, Any], region: str) -> None:
    """Raise ApiError for an alarm that CloudWatch would not take in a region."""
    if "Metrics" in params:
        _check_expressions(params)
    else:
        _check_metric(params)
    _check_threshold(params)
    missing = params.get("TreatMissingData", "missing")
    if missing not in MISSING_DATA:
        supported = "breaching, notBreaching, ignore and missing"
        raise _wrong(
            f"Option {missing} is not supported. Supported options for parameter TreatMissingData are {supported}."
        )
    for name in ACTION_LISTS:
        for action in params.get(name, ()):
            _check_action(action, region)


def _check_metric(params: Mapping[str, Any]) -> None:
    if "MetricName" not in params:
        raise _lacks("Either MetricName or Metrics must be specified")
    for name in ("Namespace", "Period"):
        if name not in params:
            raise _lacks(f"The parameter {name} is required.")
    given = [name for name in ("Statistic", "ExtendedStatistic") if name in params]
    if not given:
        raise _lacks("One of the parameters Statistic and ExtendedStatistic must be specified.")
    if len(given) > 1:
        raise _exclusive("Statistic", "ExtendedStatistic")
    _check_window(params["Period"], params)


def _check_expressions(params: Mapping[str, Any]) -> None:
    for name in SINGLE_METRIC:
        if name in params:
            raise _exclusive(name, "Metrics")
    returned = [query for query in params["Metrics"] if query.get("ReturnData", True)]
    if len(returned) != 1 and "ThresholdMetricId" not in params:
        raise _wrong("Exactly one element of the metrics list should return data.")
    periods = [query["MetricStat"]["Period"] for query in params["Metrics"] if "MetricStat" in query]
    periods += [query["Period"] for query in params["Metrics"] if "Period" in query]
    for period in periods:
        _check_window(period, params)


def _check_window(period: int, params: Mapping[str, Any]) -> None:
    if period not in SHORT_PERIODS and period % 60:
        raise _wrong(f"Invalid period {period}: it must be 10, 20, 30 or a multiple of 60")
    if "EvaluationPeriods" not in params:
        raise _lacks("The parameter EvaluationPeriods is required.")
    across = period * params["EvaluationPeriods"]
    limit, said = (DAY_SECONDS, "a day") if period < HOUR_SECONDS else (WEEK_SECONDS, "7 days")
    if across > limit:
        raise _wrong(
            f"Metrics cannot be checked across more than {said} (EvaluationPeriods * Period must be <= {limit})."
        )
    if params.get("DatapointsToAlarm", 1) > params["EvaluationPeriods"]:
        raise _wrong("DatapointsToAlarm must be less than or equal to EvaluationPeriods")


def _check_threshold(params: Mapping[str, Any]) -> None:
    if "ComparisonOperator" not in params:
        raise _lacks("The parameter ComparisonOperator is required.")
    if "Threshold" in params and "ThresholdMetricId" in params:
        raise _exclusive("Threshold", "ThresholdMetricId")
    if "Threshold" not in params and "ThresholdMetricId" not in params:
        raise _lacks("One of the parameters Threshold and ThresholdMetricId must be specified.")


def _check_action(action: str, region: str) -> None:
    found = ARN.fullmatch(action)
    if found is None:
        raise _wrong(f"Invalid arn syntax: {action}")
    if found["region"] not in ("", region):
        raise _wrong(f"Invalid region {found['region']} specified. Only {region} is supported.")


def _wrong(message: str) -> ApiError:
    return ApiError("ValidationError", message, 400)


def _lacks(message: str) -> ApiError:
    return ApiError("MissingParameter", message, 400)


def _exclusive(first: str, second: str) -> ApiError:
    message = f"The parameters {first} and {second} are mutually exclusive. You have specified both."
    return ApiError("InvalidParameterCombination", message, 400)
