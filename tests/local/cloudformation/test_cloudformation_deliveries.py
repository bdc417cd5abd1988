"""Events that are delivered late, twice, or twice with a gap."""

import threading
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from kvs_edge_local.cloudformation.deliveries import Delivery


@pytest.fixture
def arrivals(cfn, respond):
    """Respond to every event, and record its arrival on the scaled clock."""
    noted = []

    def behaviour(event):
        noted.append((event["LogicalResourceId"], event["RequestType"], cfn.clock.now()))
        return respond(event)

    cfn.function.behaviour = behaviour
    return noted


def test_an_event_is_delivered_late_under_its_own_time(cfn, custom, arrivals):
    """The ResponseURL keeps the time of the request."""
    cfn.service.exchanges.deliveries.order(Delivery("A", late=300.0))

    cfn.create({"A": custom(V=1)})

    create = cfn.service.exchanges.all()[-1]
    [(*_, arrived)] = arrivals
    date = parse_qs(urlsplit(cfn.function.events[0]["ResponseURL"]).query)["X-Amz-Date"][0]
    assert arrived - create.sent_at >= 300
    assert date == datetime.fromtimestamp(create.sent_at, UTC).strftime("%Y%m%dT%H%M%SZ")


def test_a_late_event_comes_even_when_its_request_was_given_up(cfn, custom, arrivals):
    """After ServiceTimeout and the Delete's response, the Create arrives."""
    cfn.service.exchanges.deliveries.order(Delivery("A", late=900.0, request_type="Create"))
    arrived = threading.Event()

    stack = cfn.create({"A": custom(ServiceTimeout=60)})
    while not any(kind == "Create" for _, kind, _ in arrivals):
        cfn.clock.wait(arrived, 60.0)

    assert stack.status == "ROLLBACK_COMPLETE"
    assert [kind for _, kind, _ in arrivals] == ["Delete", "Create"]


def test_an_event_is_delivered_twice_with_a_gap(cfn, custom, arrivals):
    """The second delivery is the same event, the gap later."""
    cfn.service.exchanges.deliveries.order(Delivery("A", times=2, gap=600.0))
    arrived = threading.Event()

    cfn.create({"A": custom(), "B": custom()})
    while len(arrivals) < 3:
        cfn.clock.wait(arrived, 60.0)

    own = [event for event in cfn.function.events if event["LogicalResourceId"] == "A"]
    first, second = (time for name, _, time in arrivals if name == "A")
    assert own[0] == own[1]
    assert second - first >= 600


def test_an_order_is_for_one_request_type_if_that_is_given(cfn, custom, arrivals):
    """The Create is delivered once, the Update twice."""
    cfn.service.exchanges.deliveries.order(Delivery("A", times=2, request_type="Update"))

    cfn.create({"A": custom(V=1)})
    cfn.update({"A": custom(V=2)})

    assert [exchange.deliveries for exchange in cfn.service.exchanges.all()[-2:]] == [1, 2]


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"times": 0}, "give times of 1 or more"),
        ({"late": -1.0}, "no negative seconds"),
        ({"request_type": "Read"}, "request type 'Read': give Create, Update or Delete"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(order, message):
    """The message has the value and the fix."""
    with pytest.raises(ValueError, match=message):
        Delivery("A", **order)
