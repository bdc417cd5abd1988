"""The two functions' entry points: `start` takes CloudFormation's event, `tick` is what the state machine repeats.

The state that goes round is {Event, ReceivedAt, Memory, Wait}; without Wait, the request has been answered.
"""

import hashlib
import json
import math
import os
import random
import re
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge import explain
from kvs_edge.answer import Answer, answer_for, failure
from kvs_edge.cloudformation import Delivery, deliver
from kvs_edge.decide import Done, Fail
from kvs_edge.errors import ConfigurationError
from kvs_edge.log import Log
from kvs_edge.memory import Memory
from kvs_edge.reasons import Reason, shortened
from kvs_edge.request import Request, parse
from kvs_edge.service import EdgeService, stack_status, start_execution
from kvs_edge.step import Surroundings, run

DELIVERY_PAUSE = 15
"""Seconds until an answer that did not get through is sent again."""

DELIVERY_PATIENCE = 3600.0
"""Seconds after which nobody waits for an answer any more: the longest ServiceTimeout."""

_FAULT_CHARACTERS = 300
_NAME_CHARACTERS = 256
_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_.-]+")
_SLASHES_IN_A_STREAMS_ARN = 2

State = Mapping[str, Any]


def start(event: Mapping[str, Any], context: Any) -> None:
    """Start one execution for the event, however often it is delivered; if that fails, tell CloudFormation."""
    received_at = time.time()
    log = Log(event, _stream_name(event))
    name = _execution_name(event)
    text = json.dumps({"Event": event, "ReceivedAt": received_at})
    try:
        start_execution(os.environ["STATE_MACHINE_ARN"], name, text)
    except (BotoCoreError, ClientError) as error:
        log.tell("not started", "ERROR", error=str(error))
        reason = explain.internal_fault(_stream_name(event), f"its state machine could not be started, {error}")
        if _deliver(_failure(event, Memory(since=received_at), reason), event, context, log) is Delivery.UNREACHED:
            # Lambda delivers the event again, twice, after a while.
            raise
    else:
        log.tell("started", execution=name)


def tick(state: State, context: Any) -> dict[str, Any]:
    """Take a request as far as it goes now, and answer it when it is over."""
    event = state["Event"]
    log = Log(event, _stream_name(event))
    memory, outcome = _work(state, context, log)
    if not isinstance(outcome, Answer):
        return _again(state, memory, outcome)
    delivery = _deliver(outcome, event, context, log)
    if delivery is Delivery.UNREACHED and time.time() - memory.since < DELIVERY_PATIENCE:
        return _again(state, memory.but(answer=outcome.to_json()), DELIVERY_PAUSE)
    return {"Status": outcome.status, "Reason": outcome.reason, "Delivery": delivery.value}


def _work(state: State, context: Any, log: Log) -> tuple[Memory, Answer | float]:
    """The answer, or the seconds until the next tick."""
    event, memory = state["Event"], _memory(state)
    if memory.answer is not None:
        return memory, Answer(**memory.answer)
    if "Fault" in state:
        fault = shortened(json.dumps(state["Fault"]), _FAULT_CHARACTERS)
        log.tell("fault", "ERROR", fault=fault)
        return memory, _failure(event, memory, explain.internal_fault(_stream_name(event), fault))
    try:
        request = parse(event)
    except ConfigurationError as error:
        return memory, _failure(event, memory, explain.invalid_properties(str(error)))
    memory, outcome = run(request, memory, _surroundings(request, event, context, log))
    return memory, answer_for(request, memory, outcome) if isinstance(outcome, Done | Fail) else outcome


def _failure(event: Mapping[str, Any], memory: Memory, reason: Reason) -> Answer:
    return failure(event["RequestType"], _stream_name(event), event.get("PhysicalResourceId", ""), memory, reason)


def _surroundings(request: Request, event: Mapping[str, Any], context: Any, log: Log) -> Surroundings:
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


def _deliver(answer: Answer, event: Mapping[str, Any], context: Any, log: Log) -> Delivery:
    delivery = deliver(answer, event, context)
    fine = answer.status == "SUCCESS" and delivery is Delivery.DELIVERED
    log.tell("answered", "INFO" if fine else "ERROR", **answer.to_json(), delivery=delivery.value)
    return delivery


def _stream_name(event: Mapping[str, Any]) -> str:
    """The stream's name, fit for a physical id however wrong the properties may be."""
    properties = event.get("ResourceProperties", {})
    name, arn = properties.get("StreamName"), properties.get("StreamARN")
    text = str(name or arn or "unnamed")
    is_arn = not name and text.count("/") == _SLASHES_IN_A_STREAMS_ARN
    return _NOT_IN_A_NAME.sub("_", text.split("/")[1] if is_arn else text)[:_NAME_CHARACTERS]


def _execution_name(event: Mapping[str, Any]) -> str:
    """One name for one event: the same when it is delivered twice, another when its RequestId is used again.

    CloudFormation does use a RequestId again when it retries a deployment (github.com/aws/aws-cdk/issues/35957);
    the rest of the event, the ResponseURL above all, is then another.
    """
    digest = hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()
    return f"{event['LogicalResourceId'][:40]}-{digest[:32]}"
