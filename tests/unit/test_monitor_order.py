"""Orders of a monitor's schedule, and the pace of its calls."""

import pytest

from kvs_edge_monitor.errors import OrderError
from kvs_edge_monitor.order import Watch, read_order
from kvs_edge_monitor.pace import Pace

HUB = "arn:aws:iot:eu-west-1:123456789012:thing/hub-1"
EVENT = {
    "monitor": "site",
    "namespace": "KvsEdge",
    "intervalSeconds": 300,
    "callsPerSecond": 1.5,
    "hubs": [{"hub": HUB, "zone": "Europe/Berlin", "streams": ["a"]}, {"hub": "hub-2"}],
}


def test_an_order_names_hubs_streams_and_pace():
    order = read_order({**EVENT, "streamMetrics": True, "hubMetrics": False, "silenceSeconds": 900})
    assert order.watches == (Watch(HUB, "Europe/Berlin", ("a",)), Watch("hub-2", None, None))
    assert [watch.hub_name for watch in order.watches] == ["hub-1", "hub-2"]
    assert (order.monitor, order.namespace, order.interval_seconds, order.calls_per_second) == (
        "site",
        "KvsEdge",
        300,
        1.5,
    )
    assert (order.stream_metrics, order.hub_metrics, order.silence_seconds) == (True, False, 900)
    order = read_order(EVENT)
    assert (order.stream_metrics, order.hub_metrics, order.silence_seconds) == (False, True, None)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (None, "the event is None"),
        ({**EVENT, "monitor": ""}, "monitor is ''"),
        ({**EVENT, "hubs": []}, r"hubs is \[\]"),
        ({**EVENT, "hubs": ["hub"]}, "hubs has 'hub'"),
        ({**EVENT, "hubs": [{"hub": HUB, "streams": []}]}, r"streams is \[\]"),
        ({**EVENT, "hubs": [{"hub": HUB, "streams": [1]}]}, r"streams is \[1\]"),
        ({**EVENT, "callsPerSecond": 0}, "callsPerSecond is 0"),
        ({**EVENT, "intervalSeconds": True}, "intervalSeconds is True"),
        ({**EVENT, "silenceSeconds": "1 h"}, "silenceSeconds is '1 h'"),
    ],
)
def test_another_event_is_refused_with_the_member_and_its_value(event, text):
    with pytest.raises(OrderError, match=text):
        read_order(event)


class Time:
    """Time that passes only in sleep, and in calls."""

    def __init__(self):
        self.seconds = 100.0
        self.slept = []

    def now(self):
        return self.seconds

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.seconds += seconds


def test_calls_are_spaced_evenly():
    time = Time()
    pace = Pace(4.0, time.now, time.sleep)
    for _ in range(4):
        pace.wait()
    assert time.slept == [0.25, 0.25, 0.25]


def test_a_slow_call_is_not_followed_by_a_burst():
    time = Time()
    pace = Pace(1.0, time.now, time.sleep)
    pace.wait()
    time.seconds += 10
    for _ in range(3):
        pace.wait()
    assert time.slept == [1.0, 1.0]
