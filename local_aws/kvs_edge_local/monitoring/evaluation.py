"""State of an alarm from the values of its periods.

[Using Amazon CloudWatch alarms: "Evaluating an alarm", "Configuring how CloudWatch alarms treat missing data"]
"""

import operator
from collections.abc import Callable, Mapping, Sequence

MORE_PERIODS = 2
"""Periods before the evaluation periods whose values count where newer ones are missing.

CloudWatch retrieves more data points than an alarm evaluates; how many, it does not say. AWS's tables show two more.
"""

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")


def evaluate(breaching: Sequence[bool | None], periods: int, datapoints: int, treatment: str, current: str) -> str:
    """Return the state of an alarm.

    Args:
        breaching: For each period, oldest first, whether its value breaches the threshold; None without a value.
        periods: EvaluationPeriods.
        datapoints: DatapointsToAlarm.
        treatment: TreatMissingData.
        current: The state before.
    """
    known = [each for each in breaching[-(periods + MORE_PERIODS) :] if each is not None][-periods:]
    missing, count = periods - len(known), sum(known)
    if missing == 0 or treatment == "notBreaching":
        return ALARM if count >= datapoints else OK
    if treatment == "breaching":
        return ALARM if count + missing >= datapoints else OK
    if not known:
        return current if treatment == "ignore" else INSUFFICIENT_DATA
    if count < min(datapoints, len(known)):
        return OK
    return current if treatment == "ignore" and count < datapoints else ALARM
