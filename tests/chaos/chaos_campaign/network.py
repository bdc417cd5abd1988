"""The way from an invocation to AWS: latency, losses, throttling, and the places at which it may be killed."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from chaos_campaign.aws_client import AnswerLost, Client, RequestLost
from chaos_campaign.errors import ServiceError
from chaos_campaign.faults import Faults
from chaos_campaign.requests import Request
from chaos_campaign.scheduler import Killed, Scheduler

REGION = "us-west-2"
Service = Callable[[str, Mapping[str, Any], Request | None, float], dict[str, Any]]
"""What answers an operation for a request, given the time at which the call was sent."""

_THROTTLES = {
    "kinesisvideo": ("ClientLimitExceededException", 400),
    "cloudformation": ("Throttling", 400),
    "stepfunctions": ("ThrottlingException", 400),
}


class Network:
    """All calls of a lifecycle."""

    def __init__(self, scheduler: Scheduler, faults: Faults, random: Random, note: Callable[..., None]) -> None:
        self.services: dict[str, Service] = {}
        self.calls = 0
        self._scheduler = scheduler
        self._faults = faults
        self._random = random
        self._note = note

    def client(self, service: str, *args: Any, config: Any = None, **kwargs: Any) -> Client:
        """Take the place of `boto3.client`."""
        return Client(self, service, config, REGION)

    def back_off(self, seconds: float) -> None:
        """Sleep as botocore does between two attempts."""
        self._scheduler.sleep(self._random.uniform(0.0, seconds))

    def call(
        self, service: str, operation: str, parameters: Mapping[str, Any], connect: float, read: float
    ) -> dict[str, Any]:
        """Carry one request to a service, and its response back."""
        self.calls += 1
        faults, random = self._faults, self._random
        sent_at = self._scheduler.now
        self.may_kill(f"before {operation}")
        if random.random() < faults.request_lost:
            self._scheduler.sleep(connect)
            raise RequestLost
        self._scheduler.sleep(self._latency())
        error: ServiceError | None = None
        answer: dict[str, Any] = {}
        try:
            self._refuse(service)
            answer = self.services[service](operation, parameters, self.request(), sent_at)
        except ServiceError as refusal:
            error = refusal
        if random.random() < faults.answer_lost:
            self._note(f"the answer to {operation} is lost")
            self._scheduler.sleep(read)
            raise AnswerLost
        self._scheduler.sleep(self._latency() / 2)
        self.may_kill(f"after {operation}")
        if error is not None:
            raise error
        return answer

    def request(self) -> Request | None:
        """Return the request that the present invocation works for."""
        request: Request | None = self._scheduler.running.locals.get("request")
        return request

    def may_kill(self, where: str) -> None:
        """End the present invocation, if the faults want it here."""
        faults = self._faults
        if faults.kills_left and "killable" in self._scheduler.running.locals and self._random.random() < faults.killed:
            faults.kills_left -= 1
            self._note(f"a tick is killed {where}")
            raise Killed

    def _refuse(self, service: str) -> None:
        if self._random.random() < self._faults.throttled:
            code, status = _THROTTLES[service]
            raise ServiceError(code, "Rate exceeded", status)
        if self._random.random() < self._faults.server_error:
            raise ServiceError("InternalFailure", "The service failed", 500)

    def _latency(self) -> float:
        if self._random.random() < self._faults.slow_call:
            return self._random.uniform(0.5, 6.0)
        return self._random.uniform(0.02, 0.1)
