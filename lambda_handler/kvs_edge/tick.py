"""Tick function: the state machine calls it until a request is decided, and then to deliver the response.

The state is {Event, ReceivedAt, Progress, Wait} until the decision, and then {Event, ReceivedAt, Answer}. Deciding and
delivering are two states, so that a retry after a crash at any line sends the same response. Only a first tick
delivers, and only what a retry would find again.
"""

import json
import math
import random
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kvs_edge import messages, polling
from kvs_edge.cloudformation import Delivery, deliver
from kvs_edge.decisions import Done, Fail
from kvs_edge.edge_client import EdgeClient
from kvs_edge.errors import ConfigurationError
from kvs_edge.event import Event, stream_name
from kvs_edge.log import Log
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress
from kvs_edge.reasons import shortened
from kvs_edge.reconciler import Dependencies, reconcile
from kvs_edge.request import Request, RequestType, parse
from kvs_edge.request_time import MAX_REQUEST_SECONDS
from kvs_edge.response import Response, internal_error_response, rejected_response, response_for
from kvs_edge.stack_client import StackClient

_ERROR_CHARACTERS = 300
_BUSY_RETRIES = 4

State = Mapping[str, Any]


class UndeliveredError(Exception):
    """A response that did not arrive: it is sent again."""


class ServiceThrottledError(Exception):
    """A first tick that was throttled before it had an effect: it is retried."""


class ServiceStillThrottledError(Exception):
    """The same in the retry, which is then repeated after the same time, without jitter.

    The first retries are spread evenly, and so are those that fail.
    """


class ServiceBusyError(Exception):
    """The same after several retries: the service is throttling other stacks, too."""


class NotOverError(Exception):
    """A first tick that leaves. The text is the JSON of what it passes on."""


class DecidedError(NotOverError):
    """A first tick that leaves the delivery to the state machine."""


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Reconcile a request, or deliver its response.

    Args:
        payload: The state machine's State; for a tick also the seconds that it may Stay, the Retries, First, and when
            the execution Started and the state was Entered, ISO 8601 by the clock of Step Functions.
        context: Lambda's context.
    """
    state = payload.get("State", payload)
    state = {**state, **_left(state)}
    event = state["Event"]
    log = Log(event)
    if "Answer" in state or "Fault" in state:
        return _deliver(state, context, log)
    lag = 0.0
    if "Started" in payload:
        # The functions' clocks may differ from CloudFormation's.
        state["ReceivedAt"] = _seconds(payload["Started"])
        lag = max(lag, _seconds(payload["Entered"]) - time.time())
    first, retries = "First" in payload, payload.get("Retries", 0)
    # A tick that had to wait for its place leaves early.
    longest = polling.BRIEF_STAY_SECONDS if retries else polling.STAY_SECONDS
    stay = min(float(payload.get("Stay", longest)), longest)
    # A tick of a large stack that has a turn of its own tries a few times.
    in_large_stack = first and stay <= polling.BRIEF_STAY_SECONDS
    has_turn = polling.has_turn(retries, time.time() - state["ReceivedAt"])
    deps = replace(
        _dependencies(event, stay, context, log, lag),
        yields=in_large_stack and not (has_turn and retries < _BUSY_RETRIES),
        repeats=in_large_stack and retries > 0,
    )
    passed_on, is_repeatable = _tick(state, deps)
    if first and is_repeatable:
        response = Response(**passed_on["Answer"])
        delivery = _send(response, event, context, log)
        if delivery is not Delivery.UNDELIVERED:
            return _result(response, delivery)
    if first:
        raise _departure(passed_on, retries if has_turn else 0)
    return {"Event": event, "ReceivedAt": state["ReceivedAt"], **passed_on}


def report_rejected_start(event: Event, text: str, context: Any, log: Log) -> bool:
    """Respond that the request could not start; return False if the response must be sent again."""
    reason = messages.internal_error(stream_name(event), f"its state machine could not be started, {text}")
    response = rejected_response(stream_name(event), event.get("PhysicalResourceId", ""), reason)
    return _send(response, event, context, log) is not Delivery.UNDELIVERED


def _left(state: State) -> Mapping[str, Any]:
    """Return what a first tick passed on, or the Error of its crash; nothing in later states."""
    left: Mapping[str, Any] = state.get("Left", {})
    if left.get("Error") not in {NotOverError.__name__, DecidedError.__name__}:
        return left
    passed_on: dict[str, Any] = json.loads(json.loads(left["Cause"])["errorMessage"])
    return passed_on


def _tick(state: State, deps: Dependencies) -> tuple[dict[str, Any], bool]:
    """Return what the tick passes on, and whether another tick would find the same answer."""
    event, received_at = state["Event"], state["ReceivedAt"]
    try:
        request = parse(event, received_at)
    except ConfigurationError as error:
        reason = messages.invalid_properties(str(error))
        response = rejected_response(stream_name(event), event.get("PhysicalResourceId", ""), reason)
        return {"Answer": response.to_json()}, False
    if "Progress" in state:
        progress = Progress.from_json(state["Progress"])
    elif "Error" in state:
        progress = Progress(status_since=received_at, crashed=True, relation=Relation.UNKNOWN)
    else:
        progress = Progress(status_since=received_at)
    progress, outcome = reconcile(request, progress, deps)
    if not isinstance(outcome, Done | Fail):
        return {"Progress": progress.to_json(), "Wait": math.ceil(outcome)}, False
    if progress.crashed and progress.relation is Relation.SUPERSEDED:
        # CloudFormation has its answer.
        return {"Answer": None}, False
    answer = {"Answer": response_for(request, progress, outcome).to_json()}
    return answer, _is_repeatable(request, progress, outcome)


def _is_repeatable(request: Request, progress: Progress, outcome: Done | Fail) -> bool:
    if isinstance(outcome, Fail) or outcome.warning or progress.relation is Relation.ROLLBACK:
        return False
    return request.type is not RequestType.DELETE or request.leaves_everything


def _departure(passed_on: dict[str, Any], retries: int) -> Exception:
    """Return the error that ends a first tick."""
    if "Progress" in passed_on and Progress.from_json(passed_on["Progress"]).may_begin_anew:
        if not retries:
            return ServiceThrottledError()
        return ServiceStillThrottledError() if retries < _BUSY_RETRIES else ServiceBusyError()
    return (DecidedError if "Answer" in passed_on else NotOverError)(json.dumps(passed_on))


def _seconds(time: str) -> float:
    return datetime.fromisoformat(time).timestamp()


def _dependencies(event: Event, stay: float, context: Any, log: Log, lag: float) -> Dependencies:
    return Dependencies(
        client_for=EdgeClient,
        stack=StackClient(event["StackId"]),
        now=lambda: time.time() + lag,
        sleep=time.sleep,
        remaining=lambda: context.get_remaining_time_in_millis() / 1000,
        jitter=random.random,
        log=log,
        stay=stay,
        began=time.time() + lag,
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


def _deliver(state: State, context: Any, log: Log) -> dict[str, Any]:
    if state.get("Answer", ...) is None:
        return {"Delivery": "not needed"}
    response = _response(state, log)
    delivery = _send(response, state["Event"], context, log)
    if delivery is Delivery.UNDELIVERED and time.time() - state["ReceivedAt"] < MAX_REQUEST_SECONDS:
        raise UndeliveredError(f"the response {response.status} did not reach CloudFormation; it is sent again")
    return _result(response, delivery)


def _result(response: Response, delivery: Delivery) -> dict[str, Any]:
    return {"Status": response.status, "Reason": response.reason, "Delivery": delivery.value}


def _send(response: Response, event: Event, context: Any, log: Log) -> Delivery:
    delivery = deliver(response, event, context)
    fine = response.status == "SUCCESS" and delivery is Delivery.DELIVERED
    text = f"{response.status} {response.reason}"
    log.write("responded", "INFO" if fine else "ERROR", text, **response.to_json(), delivery=delivery.value)
    return delivery
