"""EventBridge: a record of the events, and targets that moto does not support."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.events import models
from moto.events.models import EventsBackend, Rule
from moto.sns.models import sns_backends

from kvs_edge_local.clock import Clock
from kvs_edge_local.moto_patches import Patches


@dataclass(frozen=True)
class BusEvent:
    """Event that PutEvents accepted; `time` is in scaled seconds since the epoch."""

    time: float
    region: str
    source: str
    detail_type: str
    detail: Mapping[str, Any]


class EventBus:
    """Event buses; created by `install`. Rules can also have SNS topics and Lambda functions as targets."""

    def __init__(self, clock: Clock, invoke_async: Callable[[str, Mapping[str, Any]], object]) -> None:
        self._clock = clock
        self._invoke_async = invoke_async
        self._lock = threading.Lock()
        self._events: list[BusEvent] = []
        self._patches = Patches()
        self._patches.attribute(EventsBackend, "put_events", self._recording(EventsBackend.put_events))
        self._patches.attribute(Rule, "send_to_targets", self._sending(Rule.send_to_targets))
        self._patches.attribute(models, "unix_time", clock.now)

    def stop(self) -> None:
        """Restore moto's own EventBridge."""
        self._patches.undo()

    def events(self, source: str | None = None) -> tuple[BusEvent, ...]:
        """Return the accepted events in order; of one source if given."""
        with self._lock:
            return tuple(event for event in self._events if source in {None, event.source})

    def _recording(self, original: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
        def put_events(backend: EventsBackend, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
            results = original(backend, events)
            now = self._clock.now()
            with self._lock:
                for event, result in zip(events, results, strict=True):
                    if "EventId" in result:
                        detail = json.loads(event["Detail"])
                        put = BusEvent(now, backend.region_name, event["Source"], event["DetailType"], detail)
                        self._events.append(put)
            return results

        return put_events

    def _sending(self, original: Callable[..., None]) -> Callable[..., None]:
        def send_to_targets(rule: Rule, event: Any, transform_input: bool = True) -> None:
            if not rule.event_pattern.matches_event(event):
                return
            own = [target for target in rule.targets if _service(target) in {"sns", "lambda"}]
            for target in own:
                self._send(target, event)
            others: Any = Rule.__new__(Rule)
            others.__dict__.update(rule.__dict__)
            others.targets = [target for target in rule.targets if target not in own]
            original(others, event, transform_input)

        return send_to_targets

    def _send(self, target: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        arn = target["Arn"]
        if _service(target) == "lambda":
            self._invoke_async(arn, dict(event))
            return
        _, _, _, region, account, _ = arn.split(":", 5)
        sns_backends[account][region].publish(arn=arn, message=json.dumps(event))


def install(clock: Clock, invoke_async: Callable[[str, Mapping[str, Any]], object]) -> EventBus:
    """Record the events of moto's EventBridge, and support more targets."""
    return EventBus(clock, invoke_async)


def _service(target: Mapping[str, Any]) -> str:
    return str(target["Arn"]).split(":")[2]
