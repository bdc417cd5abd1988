"""The tick function: what the state machine repeats until a request is decided, and what then delivers the answer.

Deciding and delivering are two states, so that a function that dies at any line, and is run again, answers nothing
different. The state that goes round is {Event, ReceivedAt, Progress, Wait}; with Answer in it, it is decided.
"""

import json
import math
import random
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from kvs_edge import messages, polling
from kvs_edge.cloudformation import Delivery, deliver
from kvs_edge.decisions import Done, Fail
from kvs_edge.edge_client import EdgeClient
from kvs_edge.errors import ConfigurationError
from kvs_edge.event import Event, stream_name
from kvs_edge.log import Log
from kvs_edge.progress import Progress
from kvs_edge.reasons import shortened
from kvs_edge.reconciler import Dependencies, run
from kvs_edge.request import parse
from kvs_edge.request_time import MAX_REQUEST_SECONDS
from kvs_edge.response import Response, internal_error_response, rejected_response, response_for
from kvs_edge.stack_client import StackClient

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
        return _deliver(_response(state, log), state["Event"], state["ReceivedAt"], context, log)
    return _tick(state, _stay(payload), context, log)


def report_refused_start(event: Event, text: str, context: Any, log: Log) -> bool:
    """Tell CloudFormation that the request could not begin; return whether it was told, or never can be."""
    reason = messages.internal_error(stream_name(event), f"its state machine could not be started, {text}")
    response = rejected_response(stream_name(event), event.get("PhysicalResourceId", ""), reason)
    return _send(response, event, context, log) is not Delivery.UNDELIVERED


def _tick(state: State, stay: float, context: Any, log: Log) -> dict[str, Any]:
    event, received_at = state["Event"], state["ReceivedAt"]
    carried = {"Event": event, "ReceivedAt": received_at}
    try:
        request = parse(event, received_at)
    except ConfigurationError as error:
        refused = rejected_response(
            stream_name(event), event.get("PhysicalResourceId", ""), messages.invalid_properties(str(error))
        )
        return {**carried, "Answer": refused.to_json()}
    progress = Progress.from_json(state["Progress"]) if "Progress" in state else Progress(status_since=received_at)
    progress, outcome = run(request, progress, _dependencies(event, stay, context, log))
    if isinstance(outcome, Done | Fail):
        return {**carried, "Answer": response_for(request, progress, outcome).to_json()}
    return {**carried, "Progress": progress.to_json(), "Wait": math.ceil(outcome)}


def _stay(payload: Mapping[str, Any]) -> float:
    """Return for how long the tick may sleep: not at all if it had to wait for one of the account's places."""
    if payload.get("Retries", 0):
        return 0.0
    try:
        return float(payload.get("Stay", polling.FAST_POLL_SECONDS))
    except ValueError:
        # A state machine without the substitution of the construct.
        return polling.FAST_POLL_SECONDS


def _dependencies(event: Event, stay: float, context: Any, log: Log) -> Dependencies:
    return Dependencies(
        # One client a stream and tick: making one takes a tenth of a second.
        client_for=cache(EdgeClient),
        stack=StackClient(event["StackId"]),
        now=time.time,
        sleep=time.sleep,
        remaining=lambda: context.get_remaining_time_in_millis() / 1000,
        jitter=random.random,
        log=log,
        stay=stay,
    )


def _response(state: State, log: Log) -> Response:
    """Return the answer that was decided, or what a fault of the loop comes to: the same for the same state."""
    if "Answer" in state:
        return Response(**state["Answer"])
    event = state["Event"]
    fault = shortened(json.dumps(state["Fault"]), _FAULT_CHARACTERS)
    log.write("internal error", "ERROR", error=fault)
    reason = messages.internal_error(stream_name(event), fault)
    return internal_error_response(stream_name(event), event.get("PhysicalResourceId", ""), reason)


def _deliver(response: Response, event: Event, received_at: float, context: Any, log: Log) -> dict[str, Any]:
    delivery = _send(response, event, context, log)
    if delivery is Delivery.UNDELIVERED and time.time() - received_at < MAX_REQUEST_SECONDS:
        raise UndeliveredError(f"the answer {response.status} did not reach CloudFormation; it is sent again")
    return {"Status": response.status, "Reason": response.reason, "Delivery": delivery.value}


def _send(response: Response, event: Event, context: Any, log: Log) -> Delivery:
    delivery = deliver(response, event, context)
    fine = response.status == "SUCCESS" and delivery is Delivery.DELIVERED
    log.write("responded", "INFO" if fine else "ERROR", **response.to_json(), delivery=delivery.value)
    return delivery
