"""Record of custom resource requests and their responses."""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.custom_resource_response import (
    CustomResourceResponse,
    InvalidResponseError,
    parse_response,
)
from kvs_edge_local.cloudformation.deliveries import Deliveries
from kvs_edge_local.cloudformation.latch import Latch

REDACTED = "(redacted)"


@dataclass(frozen=True)
class ReceivedResponse:
    """One PUT to the ResponseURL; `remark` says why it was ignored."""

    received_at: float
    body: str
    counted: bool
    remark: str = ""


@dataclass
class Exchange:
    """Custom resource request: the event, the number of its deliveries, the responses.

    `response` is the first one; a response after the request was given up is ignored.

    Times are in seconds since the epoch of the scaled clock.
    """

    event: Mapping[str, Any]
    sent_at: float
    deliveries: int = 0
    responses: list[ReceivedResponse] = field(default_factory=list)
    decided: Latch = field(default_factory=Latch)
    response: CustomResourceResponse | None = None
    given_up: bool = False

    def why_not(self) -> str:
        """Return why another response would be ignored; empty if it would count."""
        if self.given_up:
            return "CloudFormation no longer waited for a response"
        return "" if self.response is None else "an earlier response counted already"

    def described(self) -> dict[str, Any]:
        """Return the exchange as data without the ResponseURL, which would allow a reader to respond."""
        return {
            "event": {**self.event, "ResponseURL": REDACTED},
            "sent_at": self.sent_at,
            "deliveries": self.deliveries,
            "responses": [vars(response) for response in self.responses],
        }


class Exchanges:
    """Record of all exchanges, and the deliveries of the next ones."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []
        self.deliveries = Deliveries(clock)
        self._last_request_ids: dict[tuple[str, str], str] = {}
        # CloudFormation is known to reuse a RequestId when it retries a deployment (aws-cdk #35957).
        self.reuse_request_ids = False

    def deliver_twice(self, count: int | None) -> None:
        """Deliver the next `count` events twice (None: all of them). Lambda promises at least once."""
        self.deliveries.twice = count

    def all(self) -> list[Exchange]:
        """Return the exchanges so far, oldest first."""
        with self._lock:
            return list(self._exchanges)

    def request_id(self, stack_id: str, logical_id: str) -> str:
        """Return the id of the next request to this resource."""
        with self._lock:
            last = self._last_request_ids.get((stack_id, logical_id))
            request_id = last if last and self.reuse_request_ids else str(uuid.uuid4())
            self._last_request_ids[stack_id, logical_id] = request_id
            return request_id

    def expect(self, event: Mapping[str, Any]) -> Exchange:
        """Record an event before its delivery."""
        exchange = Exchange(event, self._clock.now())
        with self._lock:
            self._exchanges.append(exchange)
        return exchange

    def deliver(self, exchange: Exchange, send: Callable[[], object]) -> None:
        """Deliver the event once and at once, unless another delivery was injected."""
        event = exchange.event

        def sent() -> None:
            send()
            with self._lock:
                exchange.deliveries += 1

        self.deliveries.carry_out(event["LogicalResourceId"], event["RequestType"], sent)

    def give_up(self, exchange: Exchange) -> CustomResourceResponse | None:
        """Stop waiting and ignore later responses. Return the response that arrived just before, if any."""
        with self._lock:
            exchange.given_up = exchange.response is None
            return exchange.response

    def take(self, exchange: Exchange, body: bytes) -> None:
        """Record a body that was put to the exchange's URL; the first response counts."""
        now, text = self._clock.now(), body.decode(errors="replace")
        with self._lock:
            try:
                response = parse_response(body, exchange.event)
            except InvalidResponseError as error:
                exchange.responses.append(ReceivedResponse(now, text, counted=False, remark=str(error)))
                return
            remark = exchange.why_not()
            exchange.responses.append(ReceivedResponse(now, text, counted=not remark, remark=remark))
            exchange.response = exchange.response or response
        exchange.decided.set()
