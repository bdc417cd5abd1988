"""Schedule expressions of EventBridge Scheduler that the local AWS runs."""

import pytest

from kvs_edge_local.scheduler.expressions import UnsupportedExpressionError, read_expression

MIDNIGHT = 1_700_006_400  # 2023-11-15T00:00:00Z


def due_minutes(expression: str, created: float = MIDNIGHT) -> list[int]:
    is_due = read_expression(expression)
    return [minute for minute in range(24 * 60) if is_due(MIDNIGHT + 60 * minute, created)]


@pytest.mark.parametrize(
    ("expression", "first", "number"),
    [
        ("rate(5 minutes)", [0, 5, 10], 288),
        ("rate(1 hour)", [0, 60, 120], 24),
        ("rate(1 day)", [0], 1),
        ("cron(0/15 * * * ? *)", [0, 15, 30], 96),
        ("cron(7,37 * * * ? *)", [7, 37, 67], 48),
        ("cron(0 9,17 ? * * *)", [540, 1020], 2),
        ("cron(* */6 * * ? *)", [0, 1, 2], 240),
    ],
)
def test_an_expression_is_due_by_the_minute(expression, first, number):
    found = due_minutes(expression)
    assert (found[: len(first)], len(found)) == (first, number)


def test_a_rate_counts_from_the_minute_of_creation():
    assert due_minutes("rate(10 minutes)", MIDNIGHT + 125.5)[:3] == [2, 12, 22]


@pytest.mark.parametrize(
    "expression", ["at(2026-01-01T00:00:00)", "cron(0 9 ? * MON *)", "cron(0-5 * * * ? *)", "rate(0 minutes)", "daily"]
)
def test_another_expression_is_refused_by_name(expression):
    with pytest.raises(UnsupportedExpressionError, match="does not support"):
        read_expression(expression)
