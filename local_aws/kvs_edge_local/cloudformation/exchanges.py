"""Every event that was sent to a custom resource, and everything that was answered."""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.answers import Answer, NoAnswerError, read_answer
from kvs_edge_local.cloudformation.deliveries import Deliveries
from kvs_edge_local.cloudformation.latch import Latch

REDACTED = "(redacted)"


@dataclass(frozen=True)
class ReceivedAnswer:
    """One PUT to the ResponseURL; `remark` says why it did not count, if it didn't."""

    received_at: float
    body: str
    counted: bool
    remark: str = ""


@dataclass
class Exchange:
    """One request to a custom resource: the event, how often it was delivered, what was answered.

    `answer` is the first one, which does not count if the request was given up before it came.

    Times are in seconds since the epoch of the scaled clock.
    """

    event: Mapping[str, Any]
    sent_at: float
    deliveries: int = 0
    answers: list[ReceivedAnswer] = field(default_factory=list)
    decided: Latch = field(default_factory=Latch)
    answer: Answer | None = None
    given_up: bool = False

    def why_not(self) -> str:
        """Tell why another answer would not count; empty if it would."""
        if self.given_up:
            return "CloudFormation had given the request up"
        return "" if self.answer is None else "an earlier answer counted already"

    def described(self) -> dict[str, Any]:
        """The exchange as data, the ResponseURL left out: who reads it could answer."""
        return {
            "event": {**self.event, "ResponseURL": REDACTED},
            "sent_at": self.sent_at,
            "deliveries": self.deliveries,
            "answers": [vars(answer) for answer in self.answers],
        }


class Exchanges:
    """The record of all exchanges, and how the next ones are to be delivered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []
        self.deliveries = Deliveries(clock)
        self._last_request_ids: dict[tuple[str, str], str] = {}
        # CloudFormation is known to use a RequestId again when it retries a deployment (aws-cdk #35957).
        self.reuse_request_ids = False

    def deliver_twice(self, count: int | None) -> None:
        """Let the next `count` events be delivered twice, None: all of them. Lambda promises at least once."""
        self.deliveries.twice = count

    def all(self) -> list[Exchange]:
        """The exchanges so far, the oldest first."""
        with self._lock:
            return list(self._exchanges)

    def request_id(self, stack_id: str, logical_id: str) -> str:
        """The id of the next request to this resource."""
        with self._lock:
            last = self._last_request_ids.get((stack_id, logical_id))
            request_id = last if last and self.reuse_request_ids else str(uuid.uuid4())
            self._last_request_ids[stack_id, logical_id] = request_id
            return request_id

    def expect(self, event: Mapping[str, Any]) -> Exchange:
        """Record an event that is about to be delivered."""
        exchange = Exchange(event, self._clock.now())
        with self._lock:
            self._exchanges.append(exchange)
        return exchange

    def deliver(self, exchange: Exchange, send: Callable[[], object]) -> None:
        """Deliver the event: once and at once, unless something else was ordered."""
        event = exchange.event

        def sent() -> None:
            send()
            with self._lock:
                exchange.deliveries += 1

        self.deliveries.carry_out(event["LogicalResourceId"], event["RequestType"], sent)

    def give_up(self, exchange: Exchange) -> Answer | None:
        """Stop waiting: no later answer counts. Return the answer that came just before, if one did."""
        with self._lock:
            exchange.given_up = exchange.answer is None
            return exchange.answer

    def take(self, exchange: Exchange, body: bytes) -> None:
        """Take what was put to the exchange's URL: the first answer counts."""
        now, text = self._clock.now(), body.decode(errors="replace")
        with self._lock:
            try:
                answer = read_answer(body, exchange.event)
            except NoAnswerError as error:
                exchange.answers.append(ReceivedAnswer(now, text, counted=False, remark=str(error)))
                return
            remark = exchange.why_not()
            exchange.answers.append(ReceivedAnswer(now, text, counted=not remark, remark=remark))
            exchange.answer = exchange.answer or answer
        exchange.decided.set()
