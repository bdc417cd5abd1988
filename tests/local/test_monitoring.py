"""Metrics of log lines, and the state of alarms by period with missing data."""

import json

import pytest

from kvs_edge_local.monitoring.emf import metrics_of
from kvs_edge_local.monitoring.evaluation import TREATMENTS, evaluate
from kvs_edge_local.monitoring.statistics import by_period

LINE = {
    "_aws": {
        "Timestamp": 1_700_000_000_500,
        "CloudWatchMetrics": [
            {
                "Namespace": "Site",
                "Dimensions": [["Hub"], ["Hub", "Kind"]],
                "Metrics": [{"Name": "Streams", "Unit": "Count"}],
            }
        ],
    },
    "Hub": "hub-1",
    "Kind": "camera",
    "Streams": [3, 4],
}


def states(points, periods=3, datapoints=3, current="CURRENT"):
    """Return the state for each treatment of missing data; `points` as AWS's tables write them."""
    breaching = [{"0": False, "X": True, "-": None}[point] for point in points.split()]
    return tuple(evaluate(breaching, periods, datapoints, treatment, current) for treatment in TREATMENTS)


def test_a_line_has_a_metric_for_each_set_of_dimensions_and_value():
    found = metrics_of(json.dumps(LINE))
    assert [(one.dimensions, one.value) for one in found] == [
        ({"Hub": "hub-1"}, 3.0),
        ({"Hub": "hub-1"}, 4.0),
        ({"Hub": "hub-1", "Kind": "camera"}, 3.0),
        ({"Hub": "hub-1", "Kind": "camera"}, 4.0),
    ]
    assert {(one.namespace, one.name, one.unit, one.time) for one in found} == {
        ("Site", "Streams", "Count", 1_700_000_000.5)
    }


@pytest.mark.parametrize(
    "line",
    [
        "plain text",
        "[]",
        json.dumps({"message": "no metric"}),
        # A logger's line in JSON: the format is not at the top level.
        json.dumps({"level": "INFO", "message": json.dumps(LINE)}),
        json.dumps({**LINE, "Streams": "three"}),
        json.dumps({**LINE, "Hub": 1}),
        json.dumps({key: value for key, value in LINE.items() if key != "Kind"}),
    ],
)
def test_a_line_that_breaks_the_specification_has_no_metric(line):
    assert metrics_of(line) == ()


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        # AWS's table for 3 of 3 data points: missing, ignore, breaching, notBreaching.
        ("0 - X - X", ("OK", "OK", "OK", "OK")),
        ("- - - - 0", ("OK", "OK", "OK", "OK")),
        ("- - - - -", ("INSUFFICIENT_DATA", "CURRENT", "ALARM", "OK")),
        ("0 X X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("- - X - -", ("ALARM", "CURRENT", "ALARM", "OK")),
    ],
)
def test_missing_data_counts_as_in_aws_table_of_three_of_three(points, expected):
    assert states(points) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        # AWS's table for 2 of 3 data points.
        ("0 - X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("0 0 X 0 X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("0 - X - -", ("OK", "OK", "ALARM", "OK")),
        ("- - - - 0", ("OK", "OK", "ALARM", "OK")),
        ("- - - X -", ("ALARM", "CURRENT", "ALARM", "OK")),
    ],
)
def test_missing_data_counts_as_in_aws_table_of_two_of_three(points, expected):
    assert states(points, datapoints=2) == expected


def test_a_period_takes_the_statistic_of_its_values_and_none_without():
    data = [*metrics_of(json.dumps(LINE))[:2]]
    assert by_period(data, "Maximum", 60, 1_700_000_040, 2) == [None, 4.0]
    assert by_period(data, "Sum", 60, 1_700_000_100, 2) == [7.0, None]
