"""The tick function: what the state machine repeats until CloudFormation has its answer.

The state that goes round is {Event, ReceivedAt, Memory, Wait}; without Wait, the request has been answered.
"""

import json
import math
import random
import time
from collections.abc import Mapping
from typing import Any

from kvs_edge import explain
from kvs_edge.answer import Answer, answer_for, failure
from kvs_edge.cloudformation import Delivery, deliver
from kvs_edge.decide import Done, Fail
from kvs_edge.errors import ConfigurationError
from kvs_edge.event import Event, stream_name
from kvs_edge.log import Log
from kvs_edge.memory import Memory
from kvs_edge.reasons import Reason, shortened
from kvs_edge.request import Request, parse
from kvs_edge.service import EdgeService, stack_status
from kvs_edge.step import Surroundings, run

DELIVERY_PAUSE = 15
"""Seconds until an answer that did not get through is sent again."""

DELIVERY_PATIENCE = 3600.0
"""Seconds after which nobody waits for an answer any more: the longest ServiceTimeout."""

_FAULT_CHARACTERS = 300

State = Mapping[str, Any]


def handler(state: State, context: Any) -> dict[str, Any]:
    """Take a request as far as it goes now, and answer it when it is over."""
    event = state["Event"]
    log = Log(event)
    memory, outcome = _work(state, context, log)
    if not isinstance(outcome, Answer):
        return _again(state, memory, outcome)
    delivery = _deliver(outcome, event, context, log)
    if delivery is Delivery.UNREACHED and time.time() - memory.since < DELIVERY_PATIENCE:
        return _again(state, memory.but(answer=outcome.to_json()), DELIVERY_PAUSE)
    return {"Status": outcome.status, "Reason": outcome.reason, "Delivery": delivery.value}


def report_fault(event: Event, received_at: float, text: str, context: Any, log: Log) -> bool:
    """Tell CloudFormation that the request could not even begin; whether it could be told, or never can be."""
    reason = explain.internal_fault(stream_name(event), text)
    return _deliver(_failure(event, Memory(since=received_at), reason), event, context, log) is not Delivery.UNREACHED


def _work(state: State, context: Any, log: Log) -> tuple[Memory, Answer | float]:
    """The answer, or the seconds until the next tick."""
    event, memory = state["Event"], _memory(state)
    if memory.answer is not None:
        return memory, Answer(**memory.answer)
    if "Fault" in state:
        fault = shortened(json.dumps(state["Fault"]), _FAULT_CHARACTERS)
        log.tell("fault", "ERROR", fault=fault)
        return memory, _failure(event, memory, explain.internal_fault(stream_name(event), fault))
    try:
        request = parse(event)
    except ConfigurationError as error:
        return memory, _failure(event, memory, explain.invalid_properties(str(error)))
    memory, outcome = run(request, memory, _surroundings(request, event, context, log))
    return memory, answer_for(request, memory, outcome) if isinstance(outcome, Done | Fail) else outcome


def _failure(event: Event, memory: Memory, reason: Reason) -> Answer:
    return failure(event["RequestType"], stream_name(event), event.get("PhysicalResourceId", ""), memory, reason)


def _surroundings(request: Request, event: Event, context: Any, log: Log) -> Surroundings:
    return Surroundings(
        service=EdgeService(request.stream),
        stack_status=lambda: stack_status(event["StackId"]),
        now=time.time,
        sleep=time.sleep,
        remaining=lambda: context.get_remaining_time_in_millis() / 1000,
        draw=random.random,
        log=log,
    )


def _again(state: State, memory: Memory, seconds: float) -> dict[str, Any]:
    return {
        "Event": state["Event"],
        "ReceivedAt": state["ReceivedAt"],
        "Memory": memory.to_json(),
        "Wait": math.ceil(seconds),
    }


def _memory(state: State) -> Memory:
    if "Memory" in state:
        return Memory.from_json(state["Memory"])
    return Memory(since=state["ReceivedAt"], status_since=state["ReceivedAt"])


def _deliver(answer: Answer, event: Event, context: Any, log: Log) -> Delivery:
    delivery = deliver(answer, event, context)
    fine = answer.status == "SUCCESS" and delivery is Delivery.DELIVERED
    log.tell("answered", "INFO" if fine else "ERROR", **answer.to_json(), delivery=delivery.value)
    return delivery
