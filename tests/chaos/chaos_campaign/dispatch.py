"""CloudFormation's custom resource requests: sending, waiting for a response, and timeout."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any
from urllib.parse import quote

from chaos_campaign.open_questions import OpenQuestions
from chaos_campaign.requests import Answer, Request, as_sent
from chaos_campaign.scheduler import Scheduler, Signal
from chaos_campaign.stacks import RESOURCE_TYPE, Operation, Stack

URL_LIFETIME = 7200.0
"""Seconds for which a ResponseURL is valid."""

LONGEST_ANSWER = 4096
"""Bytes (custom resource response objects, CloudFormation User Guide)."""

_HOST = "https://cloudformation-custom-resource-response-uswest2.s3.us-west-2.amazonaws.com"


class Dispatch:
    """The requests of all stacks, and the ResponseURLs behind them."""

    def __init__(
        self, scheduler: Scheduler, questions: OpenQuestions, random: Random, note: Callable[..., None]
    ) -> None:
        self.requests: dict[str, Request] = {}
        self.deliver: Callable[[Request], None] = lambda request: None
        self.closed: Callable[[Stack], None] = lambda stack: None
        self._scheduler = scheduler
        self._questions = questions
        self._random = random
        self._note = note
        self._request_ids: dict[tuple[str, str, str], str] = {}

    def send(
        self,
        stack: Stack,
        operation: Operation,
        phase: str,
        kind: str,
        logical_id: str,
        physical_id: str,
        properties: Mapping[str, Any],
        old: Mapping[str, Any] | None,
    ) -> Request:
        """Send a request to the entry function, and begin to wait for its response."""
        now = self._scheduler.now
        number = len(self.requests) + 1
        token = f"{number:04d}{self._random.getrandbits(48):012x}"
        request_id = f"{self._random.getrandbits(128):032x}"
        if self._questions.reused_request_ids == "yes":
            request_id = self._request_ids.setdefault((stack.id, logical_id, kind), request_id)
        event: dict[str, Any] = {
            "RequestType": kind,
            "ServiceToken": "arn:aws:lambda:us-west-2:123456789012:function:entry",
            "ResponseURL": self._url(token, stack, logical_id, now),
            "StackId": stack.id,
            "RequestId": request_id,
            "LogicalResourceId": logical_id,
            "ResourceType": RESOURCE_TYPE,
            "ResourceProperties": as_sent(properties),
        }
        if physical_id:
            event["PhysicalResourceId"] = physical_id
        if old is not None:
            event["OldResourceProperties"] = as_sent(old)
        timeout = float(properties["ServiceTimeout"])
        request = Request(
            number, stack, operation, phase, kind, logical_id, physical_id, properties, old, now, timeout, token, event,
            Signal(self._scheduler),
        )  # fmt: skip
        self.requests[token] = request
        stack.requests.append(request)
        stack.tell(now, request, f"{kind.upper()}_IN_PROGRESS")
        self._note(f"CloudFormation sends {request} in the {phase} phase, id {physical_id!r}")
        self._scheduler.after(timeout, lambda: self._time_out(request))
        self.deliver(request)
        return request

    def give_up(self, request: Request, because: str) -> None:
        """Stop waiting for a request that its operation has no use for any more."""
        request.close("CANCELLED", self._scheduler.now, because)
        self._fail(request, f"Resource {request.type.lower()} cancelled")

    def is_valid(self, token: str) -> bool:
        """Tell if a ResponseURL may still be used."""
        return self._scheduler.now < self.requests[token].sent_at + URL_LIFETIME

    def take(self, token: str, body: bytes) -> None:
        """Take what was put to a ResponseURL; the first answer counts."""
        request = self.requests[token]
        values = json.loads(body)
        fits = len(body) <= LONGEST_ANSWER and _is_complete(values, request)
        taken = request.is_open and fits
        answer = Answer(
            values.get("Status", ""),
            values.get("PhysicalResourceId", ""),
            values.get("Reason") or "",
            values.get("Data") or {},
            self._scheduler.now,
            taken,
            len(body),
        )
        request.answers.append(answer)
        late = "" if taken else " (nobody waits for it)"
        self._note(f"answer to {request}: {answer.status} {answer.physical_id!r} {answer.reason[:160]}{late}")
        if taken:
            self._accept(request, answer)

    def _accept(self, request: Request, answer: Answer) -> None:
        request.answer = answer
        resource = request.stack.resources.get(request.logical_id)
        if resource is not None and resource.last is request:
            if request.type != "Delete":
                resource.physical_id = answer.physical_id
            resource.certain = answer.status == "SUCCESS"
        request.close(answer.status, self._scheduler.now, "it was answered")
        if answer.status == "SUCCESS":
            self._set_status(request, "COMPLETE", "")
        else:
            self._set_status(request, "FAILED", answer.reason)
        self.closed(request.stack)

    def _time_out(self, request: Request) -> None:
        if request.is_open:
            self._note(f"{request} has timed out")
            request.close("TIMED_OUT", self._scheduler.now, "its ServiceTimeout is over")
            self._fail(request, "CloudFormation did not receive a response from your Custom Resource")

    def _fail(self, request: Request, reason: str) -> None:
        self._set_status(request, "FAILED", reason)
        self.closed(request.stack)

    def _set_status(self, request: Request, outcome: str, reason: str) -> None:
        status = f"{request.type.upper()}_{outcome}"
        resource = request.stack.resources.get(request.logical_id)
        if resource is not None and resource.last is request:
            resource.status = status
            if request.type != "Delete" and request.answer:
                request = _with_id(request, resource.physical_id)
        request.stack.tell(self._scheduler.now, request, status, reason)

    def _url(self, token: str, stack: Stack, logical_id: str, now: float) -> str:
        path = f"{_HOST}/{quote(stack.id, safe='')}%7C{logical_id}%7C{token}"
        stamp = datetime.fromtimestamp(int(now), tz=UTC).strftime("%Y%m%dT%H%M%SZ")
        match self._questions.response_url:
            case "sigv4":
                query = (
                    f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={stamp}&X-Amz-SignedHeaders=host"
                    f"&X-Amz-Expires={URL_LIFETIME:.0f}&X-Amz-Credential=AKIA&X-Amz-Signature=00"
                )
            case "expires":
                query = f"AWSAccessKeyId=AKIA&Expires={int(now) + int(URL_LIFETIME)}&Signature=00"
            case _:
                query = "Signature=00"
        return f"{path}?{query}"


def _with_id(request: Request, physical_id: str) -> Request:
    """Return what an event shows of a request whose answer brought an id."""
    shown = Request.__new__(Request)
    shown.__dict__.update(request.__dict__, physical_id=physical_id)
    return shown


def _is_complete(values: Mapping[str, Any], request: Request) -> bool:
    expected = {key: request.event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    return (
        all(values.get(key) == value for key, value in expected.items())
        and values.get("Status") in {"SUCCESS", "FAILED"}
        and 0 < len(str(values.get("PhysicalResourceId") or "")) <= 1024
    )
