"""The tick function: what the state machine repeats until a request is decided, and what then delivers the answer.

Deciding and delivering are two states, so that a function that dies at any line, and is run again, answers nothing
different. The state that goes round is {Event, ReceivedAt, Memory, Wait}; with Answer in it, it is decided.
"""

import json
import math
import random
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from kvs_edge import explain, pace
from kvs_edge.answer import Answer, answer_for, fault_answer, refused_answer
from kvs_edge.cloudformation import Delivery, deliver
from kvs_edge.decisions import Done, Fail
from kvs_edge.errors import ConfigurationError
from kvs_edge.event import Event, stream_name
from kvs_edge.log import Log
from kvs_edge.memory import Memory
from kvs_edge.reasons import shortened
from kvs_edge.request import parse
from kvs_edge.sending import LONGEST_REQUEST
from kvs_edge.service import EdgeService
from kvs_edge.stack import OwnStack
from kvs_edge.step import Surroundings, run

_FAULT_CHARACTERS = 300

State = Mapping[str, Any]


class UndeliveredError(Exception):
    """An answer that did not get through; the state machine sends it again."""


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Take a request as far as it goes now, or deliver its answer.

    Args:
        payload: The state machine's State, and for a tick how long it may Stay (seconds) and how many Retries were
            made of it.
        context: Lambda's context.
    """
    state = payload.get("State", payload)
    log = Log(state["Event"])
    if "Answer" in state or "Fault" in state:
        return _deliver(_answer(state, log), state["Event"], state["ReceivedAt"], context, log)
    return _tick(state, _stay(payload), context, log)


def report_refused_start(event: Event, text: str, context: Any, log: Log) -> bool:
    """Tell CloudFormation that the request could not begin; return whether it was told, or never can be."""
    reason = explain.internal_fault(stream_name(event), f"its state machine could not be started, {text}")
    answer = refused_answer(stream_name(event), event.get("PhysicalResourceId", ""), reason)
    return _send(answer, event, context, log) is not Delivery.UNREACHED


def _tick(state: State, stay: float, context: Any, log: Log) -> dict[str, Any]:
    event, received_at = state["Event"], state["ReceivedAt"]
    carried = {"Event": event, "ReceivedAt": received_at}
    try:
        request = parse(event, received_at)
    except ConfigurationError as error:
        refused = refused_answer(
            stream_name(event), event.get("PhysicalResourceId", ""), explain.invalid_properties(str(error))
        )
        return {**carried, "Answer": refused.to_json()}
    memory = Memory.from_json(state["Memory"]) if "Memory" in state else Memory(status_since=received_at)
    memory, outcome = run(request, memory, _surroundings(event, stay, context, log))
    if isinstance(outcome, Done | Fail):
        return {**carried, "Answer": answer_for(request, memory, outcome).to_json()}
    return {**carried, "Memory": memory.to_json(), "Wait": math.ceil(outcome)}


def _stay(payload: Mapping[str, Any]) -> float:
    """Return for how long the tick may sleep: not at all if it had to wait for one of the account's places."""
    if payload.get("Retries", 0):
        return 0.0
    try:
        return float(payload.get("Stay", pace.ATTENTIVE))
    except ValueError:
        # A state machine without the substitution of the construct.
        return pace.ATTENTIVE


def _surroundings(event: Event, stay: float, context: Any, log: Log) -> Surroundings:
    return Surroundings(
        # One client a stream and tick: making one takes a tenth of a second.
        service_for=cache(EdgeService),
        stack=OwnStack(event["StackId"]),
        now=time.time,
        sleep=time.sleep,
        remaining=lambda: context.get_remaining_time_in_millis() / 1000,
        draw=random.random,
        log=log,
        stay=stay,
    )


def _answer(state: State, log: Log) -> Answer:
    """Return the answer that was decided, or what a fault of the loop comes to: the same for the same state."""
    if "Answer" in state:
        return Answer(**state["Answer"])
    event = state["Event"]
    fault = shortened(json.dumps(state["Fault"]), _FAULT_CHARACTERS)
    log.tell("fault", "ERROR", fault=fault)
    reason = explain.internal_fault(stream_name(event), fault)
    return fault_answer(stream_name(event), event.get("PhysicalResourceId", ""), reason)


def _deliver(answer: Answer, event: Event, received_at: float, context: Any, log: Log) -> dict[str, Any]:
    delivery = _send(answer, event, context, log)
    if delivery is Delivery.UNREACHED and time.time() - received_at < LONGEST_REQUEST:
        raise UndeliveredError(f"the answer {answer.status} did not reach CloudFormation; it is sent again")
    return {"Status": answer.status, "Reason": answer.reason, "Delivery": delivery.value}


def _send(answer: Answer, event: Event, context: Any, log: Log) -> Delivery:
    delivery = deliver(answer, event, context)
    fine = answer.status == "SUCCESS" and delivery is Delivery.DELIVERED
    log.tell("answered", "INFO" if fine else "ERROR", **answer.to_json(), delivery=delivery.value)
    return delivery
