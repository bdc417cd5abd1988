"""Changes of health: what is an event, and what the next invocation remembers."""

import json
from datetime import UTC, datetime

import pytest

from kvs_edge_health import Cause, Due, Health, Kind
from kvs_edge_monitor.changes import MAX_ENTRIES, batches, changes
from kvs_edge_monitor.finding import Finding
from kvs_edge_monitor.memory import lookback_seconds, recall

SINCE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def finding(kind: Kind, stream: str = "a") -> Finding:
    return Finding(stream, "hub-1", Health((Cause(kind, SINCE, "a reason"),), Due.DUE, Due.DUE, None, None))


def changed(kind: Kind, before: str | None) -> bool:
    memory = {} if before is None else {("hub-1", "a"): before}
    return bool(list(changes([finding(kind)], memory)))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("before", [*Kind, "a_kind_of_another_release"])
def test_a_change_is_another_kind_than_before(kind, before):
    assert changed(kind, before) == (kind != before)


@pytest.mark.parametrize("kind", Kind)
def test_a_new_stream_is_news_only_if_something_is_wrong(kind):
    assert changed(kind, None) == kind.needs_attention


def test_an_event_says_which_stream_why_since_when_and_what_to_type():
    (change,) = changes([finding(Kind.RECORDING_FAILED)], {("hub-1", "a"): "healthy"})
    entry = change.entry("site")
    assert (entry["Source"], entry["DetailType"]) == ("kvs-edge.monitor", "Edge Health Change")
    assert json.loads(entry["Detail"]) == {
        "monitor": "site",
        "stream": "a",
        "hub": "hub-1",
        "health": "recording_failed",
        "previous": "healthy",
        "alert": True,
        "since": "2026-11-23T09:00:00+00:00",
        "reason": "a reason",
        "command": "kvs-edge status --hub hub-1",
        "text": "a on hub hub-1 is recording_failed since 2026-11-23T09:00:00+00:00: a reason. "
        "Type: kvs-edge status --hub hub-1",
    }
    assert change.key == ("hub-1", "a")


def test_an_unknown_start_is_left_out():
    unknown = Finding("a", "hub-1", Health.unknown("no rights"))
    (change,) = changes([unknown], {})
    detail = json.loads(change.entry("site")["Detail"])
    assert detail["text"] == "a on hub hub-1 is unknown: no rights. Type: kvs-edge status --hub hub-1"
    assert "since" not in detail


def test_a_request_has_ten_events_at_most():
    found = list(changes([finding(Kind.SILENT_HUB, str(number)) for number in range(23)], {}))
    assert [len(batch) for batch in batches(found)] == [MAX_ENTRIES, MAX_ENTRIES, 3]


def test_the_memory_is_the_latest_kind_of_each_stream_of_this_monitor():
    def line(monitor, hub, **kinds):
        return json.dumps({"Monitor": monitor, "Hub": hub, "HealthByStream": kinds})

    messages = [
        line("site", "hub-1", a="healthy", b="healthy"),
        "START RequestId: 1",
        "[]",
        json.dumps({"Monitor": "site", "Hub": "hub-1"}),
        line("other", "hub-1", a="unknown"),
        line("site", "hub-2", a="not_due"),
        line("site", "hub-1", a="silent_hub"),
    ]
    assert recall(messages, "site") == {
        ("hub-1", "a"): "silent_hub",
        ("hub-1", "b"): "healthy",
        ("hub-2", "a"): "not_due",
    }


def test_the_memory_reaches_over_a_missing_invocation():
    assert lookback_seconds(300) == 1200


@pytest.mark.parametrize(
    ("kind", "before", "alert"),
    [
        (Kind.SILENT_HUB, "healthy", True),
        (Kind.HEALTHY, "silent_hub", True),
        (Kind.NOT_DUE, "healthy", False),
        (Kind.UNKNOWN, "healthy", False),
    ],
)
def test_an_alert_is_a_change_to_or_from_an_unhealthy_kind(kind, before, alert):
    """One rule's pattern has both, and no start of a recording window."""
    (change,) = changes([finding(kind)], {("hub-1", "a"): before})
    assert json.loads(change.entry("site")["Detail"])["alert"] is alert
