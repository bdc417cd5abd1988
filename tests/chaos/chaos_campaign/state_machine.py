"""An interpreter of the Amazon States Language, as far as the handler's state machine may use it.

A state or a field that it does not know is refused by name, never passed over.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any

from chaos_campaign.errors import ServiceError
from chaos_campaign.lambdas import InvocationError
from chaos_campaign.requests import Request
from chaos_campaign.scheduler import Scheduler

_KNOWN = {
    "Type", "Comment", "Resource", "Parameters", "InputPath", "OutputPath", "ResultPath", "ResultSelector", "Result",
    "TimeoutSeconds", "Retry", "Catch", "Next", "End", "Choices", "Default", "Seconds", "SecondsPath", "Timestamp",
    "TimestampPath", "Error", "Cause",
}  # fmt: skip
_NOT_CAUGHT_BY_ALL = {"States.Runtime", "States.DataLimitExceeded"}

Invoke = Callable[[Any, float], Any]


class StateMachine:
    """One state machine and its executions."""

    def __init__(
        self, definition: Mapping[str, Any], scheduler: Scheduler, invoke: Invoke, random: Random,
        note: Callable[..., None], substitutions: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.failed: list[str] = []
        self._definition = _substituted(definition, substitutions)
        self._scheduler = scheduler
        self._invoke = invoke
        self._random = random
        self._note = note
        self._executions: dict[str, tuple[str, bool]] = {}

    def start_execution(self, parameters: Mapping[str, Any], request: Request | None) -> dict[str, Any]:
        """Answer StartExecution; a name is used once, unless the input is the same and the execution still runs."""
        name, text = parameters.get("name", f"execution-{len(self._executions)}"), parameters.get("input", "{}")
        arn = f"arn:aws:states:us-west-2:123456789012:execution:machine:{name}"
        known = self._executions.get(name)
        if known is not None and (known[0] != text or not known[1]):
            raise ServiceError("ExecutionAlreadyExists", f"Execution Already Exists: '{arn}'")
        if known is None:
            self._executions[name] = (text, True)
            process = self._scheduler.spawn(lambda: self._execute(name, text), f"execution {name}", 0.02)
            process.locals["request"] = request
            if request is not None:
                request.executed_at = min(request.executed_at, self._scheduler.now + 0.02)
        return {"executionArn": arn, "startDate": datetime.fromtimestamp(self._scheduler.now)}

    def _execute(self, name: str, text: str) -> None:
        end = self._scheduler.now + float(self._definition.get("TimeoutSeconds", float("inf")))
        try:
            self._run(json.loads(text), end)
        except InvocationError as error:
            self._note(f"an execution has failed: {error}")
            self.failed.append(str(error))
        finally:
            self._executions[name] = (text, False)

    def _run(self, data: Any, end: float) -> None:
        name = self._definition["StartAt"]
        context = {"Execution": {"Input": data, "StartTime": _iso(self._scheduler.now)}, "StateMachine": {}}
        while name:
            if self._scheduler.now >= end:
                raise InvocationError("States.Timeout", "the execution")
            state = self._definition["States"][name]
            unknown = set(state) - _KNOWN
            assert not unknown, f"state {name} has fields that are not simulated: {unknown}"
            # The context object [Accessing execution data from the Context object, Step Functions guide].
            context["State"] = {"Name": name, "EnteredTime": _iso(self._scheduler.now), "RetryCount": 0}
            name, data = getattr(self, f"_{state['Type'].lower()}")(state, data, context)

    def _task(self, state: Mapping[str, Any], data: Any, context: Any) -> tuple[str, Any]:
        retried: dict[int, int] = {}
        effective = _path(data, state.get("InputPath", "$"))
        while True:
            payload = _filled(state.get("Parameters", {"Payload.$": "$"}), effective, context).get("Payload")
            try:
                result = {"Payload": self._invoke(payload, float(state.get("TimeoutSeconds", 99999999)))}
            except InvocationError as error:
                pause = self._retry(state, error, retried)
                if pause is None:
                    return self._catch(state, data, error)
                self._scheduler.sleep(pause)
                context["State"]["RetryCount"] += 1
                continue
            return _next(state, data, result)

    def _retry(self, state: Mapping[str, Any], error: InvocationError, retried: dict[int, int]) -> float | None:
        for number, rule in enumerate(state.get("Retry", [])):
            if not _matches(rule["ErrorEquals"], error.name):
                continue
            done = retried.get(number, 0)
            if done >= rule.get("MaxAttempts", 3):
                return None
            retried[number] = done + 1
            pause = rule.get("IntervalSeconds", 1) * rule.get("BackoffRate", 2.0) ** done
            pause = min(pause, rule.get("MaxDelaySeconds", float("inf")))
            return self._random.uniform(0.0, pause) if rule.get("JitterStrategy") == "FULL" else float(pause)
        return None

    def _catch(self, state: Mapping[str, Any], data: Any, error: InvocationError) -> tuple[str, Any]:
        for rule in state.get("Catch", []):
            if _matches(rule["ErrorEquals"], error.name):
                fault = {"Error": error.name, "Cause": error.cause}
                return rule["Next"], _put(data, rule.get("ResultPath", "$"), fault)
        raise error

    def _choice(self, state: Mapping[str, Any], data: Any, context: Any) -> tuple[str, Any]:
        for rule in state["Choices"]:
            if _holds(rule, data):
                return rule["Next"], data
        return state["Default"], data

    def _wait(self, state: Mapping[str, Any], data: Any, context: Any) -> tuple[str, Any]:
        if "Timestamp" in state or "TimestampPath" in state:
            text = state.get("Timestamp") or _path(data, state["TimestampPath"])
            seconds = datetime.fromisoformat(text).timestamp() - self._scheduler.now
        else:
            seconds = state["Seconds"] if "Seconds" in state else _path(data, state["SecondsPath"])
            assert seconds == int(seconds), f"Wait takes whole seconds, not {seconds}"
        self._scheduler.sleep(max(0.0, seconds))
        return state.get("Next", ""), data

    def _pass(self, state: Mapping[str, Any], data: Any, context: Any) -> tuple[str, Any]:
        effective = _path(data, state.get("InputPath", "$"))
        result = state.get(
            "Result", _filled(state["Parameters"], effective, context) if "Parameters" in state else effective
        )
        return _next(state, data, result)

    def _succeed(self, state: Mapping[str, Any], data: Any, context: Any) -> tuple[str, Any]:
        return "", data

    def _fail(self, state: Mapping[str, Any], data: Any, context: Any) -> tuple[str, Any]:
        raise InvocationError(state.get("Error", "Fail"), state.get("Cause", ""))


def _next(state: Mapping[str, Any], data: Any, result: Any) -> tuple[str, Any]:
    if "ResultSelector" in state:
        result = _filled(state["ResultSelector"], result, {})
    data = _put(data, state.get("ResultPath", "$"), result)
    return state.get("Next", ""), _path(data, state.get("OutputPath", "$"))


def _matches(names: list[str], error: str) -> bool:
    if error in names:
        return True
    if "States.TaskFailed" in names and error != "States.Timeout":
        return True
    return "States.ALL" in names and error not in _NOT_CAUGHT_BY_ALL


def _path(data: Any, path: str | None) -> Any:
    if path is None:
        return {}
    assert re.fullmatch(r"\$(\.[A-Za-z0-9_]+)*", path), f"the path {path} is not simulated"
    for part in path.split(".")[1:]:
        if part not in data:
            raise InvocationError("States.Runtime", f"{path} is not in the input")
        data = data[part]
    return data


def _put(data: Any, path: str | None, value: Any) -> Any:
    if path is None:
        return data
    if path == "$":
        return value
    *parents, last = path.split(".")[1:]
    copied = json.loads(json.dumps(data))
    place = copied
    for part in parents:
        place = place.setdefault(part, {})
    place[last] = value
    return copied


def _filled(template: Any, data: Any, context: Any) -> Any:
    if not isinstance(template, Mapping):
        return template
    filled = {}
    for key, value in template.items():
        if not key.endswith(".$"):
            filled[key] = _filled(value, data, context)
        elif value.startswith("$$"):
            filled[key[:-2]] = _path(context, value[1:])
        else:
            filled[key[:-2]] = _path(data, value)
    return filled


def _substituted(template: Any, substitutions: Mapping[str, str]) -> Any:
    """Return a definition with its placeholders filled (DefinitionSubstitutions)."""
    if isinstance(template, Mapping):
        return {key: _substituted(value, substitutions) for key, value in template.items()}
    if isinstance(template, list):
        return [_substituted(value, substitutions) for value in template]
    if isinstance(template, str) and "${" in template:
        return re.sub(r"\$\{(\w+)\}", lambda found: substitutions[found[1]], template)
    return template


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _holds(rule: Mapping[str, Any], data: Any) -> bool:
    if "And" in rule:
        return all(_holds(part, data) for part in rule["And"])
    if "Or" in rule:
        return any(_holds(part, data) for part in rule["Or"])
    if "Not" in rule:
        return not _holds(rule["Not"], data)
    (operator,) = set(rule) - {"Variable", "Next", "Comment"}
    present, value = True, None
    try:
        value = _path(data, rule["Variable"])
    except InvocationError:
        present = False
    wanted = rule[operator]
    if operator == "IsPresent":
        return present == wanted
    if not present:
        raise InvocationError("States.Runtime", f"{rule['Variable']} is not in the input")
    return _COMPARISONS[operator](value, wanted)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "BooleanEquals": lambda value, wanted: value is wanted,
    "StringEquals": lambda value, wanted: value == wanted,
    "NumericEquals": lambda value, wanted: value == wanted,
    "NumericGreaterThan": lambda value, wanted: value > wanted,
    "NumericGreaterThanEquals": lambda value, wanted: value >= wanted,
    "NumericLessThan": lambda value, wanted: value < wanted,
    "NumericLessThanEquals": lambda value, wanted: value <= wanted,
    "IsNull": lambda value, wanted: (value is None) == wanted,
}
