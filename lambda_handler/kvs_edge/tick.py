"""Tick function: the state machine calls it until a request is decided, and then to deliver the response.

Deciding and delivering are two states, so that a retry after a crash at any line sends the same response. The state is
{Event, ReceivedAt, Progress, Wait} until the decision, and then {Event, ReceivedAt, Answer}.
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
from kvs_edge.reconciler import Dependencies, reconcile
from kvs_edge.request import parse
from kvs_edge.request_time import MAX_REQUEST_SECONDS
from kvs_edge.response import Response, internal_error_response, rejected_response, response_for
from kvs_edge.stack_client import StackClient

_ERROR_CHARACTERS = 300

State = Mapping[str, Any]


class UndeliveredError(Exception):
    """A response that did not arrive; the state machine sends it again."""


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Reconcile a request, or deliver its response.

    Args:
        payload: The state machine's State; for a tick also how long it may Stay (seconds) and its number of Retries.
        context: Lambda's context.
    """
    state = payload.get("State", payload)
    log = Log(state["Event"])
    if "Answer" in state or "Fault" in state:
        return _deliver(_response(state, log), state["Event"], state["ReceivedAt"], context, log)
    return _tick(state, _stay(payload), context, log)


def report_rejected_start(event: Event, text: str, context: Any, log: Log) -> bool:
    """Respond that the request could not start; return False if the response must be sent again."""
    reason = messages.internal_error(stream_name(event), f"its state machine could not be started, {text}")
    response = rejected_response(stream_name(event), event.get("PhysicalResourceId", ""), reason)
    return _send(response, event, context, log) is not Delivery.UNDELIVERED


def _tick(state: State, stay: float, context: Any, log: Log) -> dict[str, Any]:
    event, received_at = state["Event"], state["ReceivedAt"]
    carried = {"Event": event, "ReceivedAt": received_at}
    try:
        request = parse(event, received_at)
    except ConfigurationError as error:
        response = rejected_response(
            stream_name(event), event.get("PhysicalResourceId", ""), messages.invalid_properties(str(error))
        )
        return {**carried, "Answer": response.to_json()}
    progress = Progress.from_json(state["Progress"]) if "Progress" in state else Progress(status_since=received_at)
    progress, outcome = reconcile(request, progress, _dependencies(event, stay, context, log))
    if isinstance(outcome, Done | Fail):
        return {**carried, "Answer": response_for(request, progress, outcome).to_json()}
    return {**carried, "Progress": progress.to_json(), "Wait": math.ceil(outcome)}


def _stay(payload: Mapping[str, Any]) -> float:
    """Return how long the tick may sleep: not at all if Lambda throttled it."""
    if payload.get("Retries", 0):
        return 0.0
    try:
        return float(payload.get("Stay", polling.FAST_POLL_SECONDS))
    except ValueError:
        # The state machine lacks the construct's substitution.
        return polling.FAST_POLL_SECONDS


def _dependencies(event: Event, stay: float, context: Any, log: Log) -> Dependencies:
    return Dependencies(
        # One client per stream and tick: creating a client takes a tenth of a second.
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
    """Return the decided response, or the one for an internal error; always equal for equal states."""
    if "Answer" in state:
        return Response(**state["Answer"])
    event = state["Event"]
    fault = shortened(json.dumps(state["Fault"]), _ERROR_CHARACTERS)
    log.write("internal error", "ERROR", fault, error=fault)
    reason = messages.internal_error(stream_name(event), fault)
    return internal_error_response(stream_name(event), event.get("PhysicalResourceId", ""), reason)


def _deliver(response: Response, event: Event, received_at: float, context: Any, log: Log) -> dict[str, Any]:
    delivery = _send(response, event, context, log)
    if delivery is Delivery.UNDELIVERED and time.time() - received_at < MAX_REQUEST_SECONDS:
        raise UndeliveredError(f"the response {response.status} did not reach CloudFormation; it is sent again")
    return {"Status": response.status, "Reason": response.reason, "Delivery": delivery.value}


def _send(response: Response, event: Event, context: Any, log: Log) -> Delivery:
    delivery = deliver(response, event, context)
    fine = response.status == "SUCCESS" and delivery is Delivery.DELIVERED
    text = f"{response.status} {response.reason}"
    log.write("responded", "INFO" if fine else "ERROR", text, **response.to_json(), delivery=delivery.value)
    return delivery
