"""Metrics of the monitor: lines in the embedded metric format, few enough to be cheap."""

import json
from datetime import UTC, datetime

import jsonschema
import pytest

from kvs_edge_health import Cause, Due, Health, Kind
from kvs_edge_monitor import emf, report
from kvs_edge_monitor.finding import Finding
from kvs_edge_monitor.memory import recall
from kvs_edge_monitor.order import Order, Watch
from support.embedded_metric_format import SCHEMA

NOW = 1_790_000_000.5
SINCE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def health(kind: Kind) -> Health:
    return Health((Cause(kind, SINCE, f"it is {kind}"),), Due.DUE, Due.DUE, None, None)


def finding(stream: str, kind: Kind, hub: str = "hub-1") -> Finding:
    return Finding(stream, hub, health(kind))


def order(*, stream_metrics: bool = False, hub_metrics: bool = True) -> Order:
    watches = (Watch("arn:aws:iot:eu-west-1:123456789012:thing/hub-1", None, None),)
    return Order("site", "KvsEdge", 300, 1.0, stream_metrics, None, watches, hub_metrics)


def lines(findings, remembered=None, **options):
    written = list(report.lines(order(**options), findings, remembered, NOW))
    for line in (line for line in written if "_aws" in line):
        jsonschema.validate(json.loads(line), SCHEMA)
    return [json.loads(line) for line in written]


def test_a_hub_has_its_unhealthy_streams_and_a_count_for_each_kind_that_it_has():
    """Not a metric for each kind: 32 hubs would pay for 256 metrics."""
    of_hub, _ = lines([finding("a", Kind.HEALTHY), finding("b", Kind.SILENT_HUB), finding("c", Kind.HEALTHY)])
    names = [metric["Name"] for metric in of_hub["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
    assert names == ["UnhealthyStreams", "Healthy", "SilentHub"]
    assert (of_hub["UnhealthyStreams"], of_hub["Healthy"], of_hub["SilentHub"]) == (1, 2, 1)
    assert (of_hub["Monitor"], of_hub["Hub"]) == ("site", "hub-1")
    assert of_hub["_aws"]["Timestamp"] == 1_790_000_000_500


def test_all_streams_together_have_a_count_for_each_kind():
    """A count of 0 is data: an alarm on a kind ends when the last stream recovers."""
    *_, in_all = lines([finding("a", Kind.UNKNOWN), finding("b", Kind.UPLOAD_FAILED, "hub-2")])
    counts = {name: in_all[name] for name in report.METRIC_NAMES.values()}
    assert counts == {
        "RecordingFailed": 0,
        "SilentHub": 0,
        "NotInSync": 0,
        "UploadFailed": 1,
        "Unknown": 1,
        "InProgress": 0,
        "NotDue": 0,
        "Healthy": 0,
    }
    assert (in_all["Streams"], in_all["UnhealthyStreams"]) == (2, 1)
    assert in_all["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Monitor"]]


def test_a_stream_has_a_metric_only_if_wanted():
    findings = [finding("a", Kind.HEALTHY), finding("b", Kind.NOT_IN_SYNC)]
    assert len(lines(findings)) == 2
    written = lines(findings, stream_metrics=True)
    assert [(one["Stream"], one["UnhealthyStreams"]) for one in written if "Stream" in one] == [("a", 0), ("b", 1)]


def test_without_metrics_of_hubs_a_hubs_line_has_its_counts_and_its_memory_only_in_the_log():
    """Nearly all cost of a large monitor is in these metrics; the log costs next to nothing."""
    findings = [finding("a", Kind.HEALTHY), finding("b", Kind.SILENT_HUB)]
    remembered = {"hub-1": {"a": "healthy", "b": "silent_hub"}}
    (of_hub, in_all), (with_metrics, _) = lines(findings, remembered, hub_metrics=False), lines(findings, remembered)
    assert of_hub == {name: value for name, value in with_metrics.items() if name != "_aws"}
    assert in_all["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Monitor"]]
    assert recall([json.dumps(of_hub)], "site") == {("hub-1", "a"): "healthy", ("hub-1", "b"): "silent_hub"}


def test_a_hub_says_what_is_wrong_with_whom_since_when_and_remembers_the_kinds():
    of_hub, _ = lines(
        [finding("a", Kind.HEALTHY), finding("b", Kind.RECORDING_FAILED)],
        {"hub-1": {"a": "healthy", "b": "recording_failed"}},
    )
    assert of_hub["Problems"] == [
        {
            "stream": "b",
            "kind": "recording_failed",
            "since": "2026-11-23T09:00:00+00:00",
            "reason": "it is recording_failed",
        }
    ]
    assert of_hub["HealthByStream"] == {"a": "healthy", "b": "recording_failed"}


def test_without_a_memory_no_line_remembers():
    assert all("HealthByStream" not in line for line in lines([finding("a", Kind.HEALTHY)]))


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_that_needs_a_person_is_unhealthy_except_for_unknown(kind):
    """UNKNOWN is a problem of the monitor's rights or facts, and has a metric of its own."""
    assert (kind in report.UNHEALTHY_KINDS) == (kind.needs_attention and kind is not Kind.UNKNOWN)


def test_a_note_has_no_metric():
    assert json.loads(emf.note("no rights", {"monitor": "site"})) == {"message": "no rights", "monitor": "site"}
