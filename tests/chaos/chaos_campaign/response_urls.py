"""The place of `urllib3.PoolManager`: what is put to a ResponseURL reaches the simulated CloudFormation, or not."""

from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import unquote, urlsplit

from urllib3 import HTTPResponse, Retry
from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

from chaos_campaign.dispatch import Dispatch
from chaos_campaign.faults import Faults
from chaos_campaign.network import Network
from chaos_campaign.scheduler import Scheduler

_FORBIDDEN = 403
_BODIES = {
    400: b"<Error><Code>RequestTimeout</Code><Message>Your socket connection to the server was not read from or "
    b"written to within the timeout period. Idle connections will be closed.</Message></Error>",
    403: b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
    500: b"<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>",
    503: b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
}
"""S3's errors (error responses, Amazon S3 API reference). RequestTimeout is worth another try; AccessDenied is not."""


class ResponseUrls:
    """The listener behind all ResponseURLs."""

    def __init__(
        self, scheduler: Scheduler, dispatch: Dispatch, network: Network, faults: Faults, random: Random,
        note: Callable[..., None],
    ) -> None:  # fmt: skip
        self._scheduler = scheduler
        self._dispatch = dispatch
        self._network = network
        self._faults = faults
        self._random = random
        self._note = note

    def pool(self, *args: Any, **kwargs: Any) -> "_Pool":
        """Take the place of `urllib3.PoolManager`."""
        return _Pool(self)

    def put(self, url: str, body: bytes, retries: Any) -> HTTPResponse:
        """Put a body, with urllib3's retries."""
        retry = retries if isinstance(retries, Retry) else Retry(total=retries if isinstance(retries, int) else 3)
        attempts = 1 + (retry.total if isinstance(retry.total, int) else 3)
        for attempt in range(attempts):
            if attempt:
                self._scheduler.sleep(retry.backoff_factor * 2 ** (attempt - 1) if attempt > 1 else 0.0)
            try:
                status = self._once(url, body)
            except (NewConnectionError, ReadTimeoutError) as error:
                if attempt == attempts - 1:
                    raise MaxRetryError(None, url, error) from error  # type: ignore[arg-type]
                continue
            if status in retry.status_forcelist and attempt < attempts - 1:
                continue
            return HTTPResponse(body=_BODIES.get(status, b""), status=status, preload_content=True)
        raise AssertionError("not reached")

    def _once(self, url: str, body: bytes) -> int:
        random, token = self._random, unquote(urlsplit(url).path).rpartition("|")[2]
        self._network.may_kill("before it answers")
        self._scheduler.sleep(random.uniform(0.02, 0.15))
        if random.random() < self._faults.put_lost:
            return self._lose(url, token, body)
        if not self._dispatch.is_valid(token):
            self._note("a ResponseURL has expired")
            return _FORBIDDEN
        if random.random() < self._faults.put_refused:
            return random.choice([500, 503, 400])
        self._dispatch.take(token, body)
        self._network.may_kill("after it has answered")
        return 200

    def _lose(self, url: str, token: str, body: bytes) -> int:
        if self._random.random() < 0.5 and self._dispatch.is_valid(token):
            self._dispatch.take(token, body)
            self._note("the acknowledgement of an answer is lost")
            self._scheduler.sleep(10.0)
            raise ReadTimeoutError(None, url, "Read timed out.")  # type: ignore[arg-type]
        raise NewConnectionError(None, "connection refused")  # type: ignore[arg-type]


class _Pool:
    """One pool of connections."""

    def __init__(self, listener: ResponseUrls) -> None:
        self._listener = listener

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, *args: object) -> None:
        pass

    def clear(self) -> None:
        """Close nothing."""

    def request(self, method: str, url: str, body: Any = None, retries: Any = None, **kwargs: Any) -> HTTPResponse:
        """Send one request."""
        assert method == "PUT", method
        raw = body.encode() if isinstance(body, str) else bytes(body or kwargs.get("json") or b"")
        return self._listener.put(url, raw, retries)
