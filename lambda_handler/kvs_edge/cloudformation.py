"""Adapter for crhelper, which delivers responses to CloudFormation.

The state machine polls, not crhelper. This overrides private parts of crhelper 2.0.12, so its version is pinned
and tests/contract/test_crhelper.py tests them.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import urllib3

from kvs_edge import transport
from kvs_edge.light_crhelper import FAILED, CfnResource
from kvs_edge.reasons import split_link
from kvs_edge.response import Response

MAX_BODY_BYTES = 4096
"""CloudFormation ignores larger responses [AWS CloudFormation User Guide, custom resource response objects]."""

_RETRY = urllib3.Retry(
    total=4,
    backoff_factor=1,
    status_forcelist=(408, 429, 500, 502, 503, 504),
    allowed_methods=["PUT"],
    raise_on_status=False,
    # A server's Retry-After may outlast the function. The state machine retries anyway.
    respect_retry_after_header=False,
)
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_TEMPORARY = frozenset({408, 429})
# Amazon S3 responds to a slow body with 400 RequestTimeout [S3 error responses, Amazon S3 API reference].
_TOO_SLOW = b"<Code>RequestTimeout</Code>"


class Delivery(StrEnum):
    """Result of a delivery."""

    DELIVERED = "delivered"
    REJECTED = "rejected"
    """Permanent: the URL has expired or is invalid."""
    UNDELIVERED = "undelivered"
    """Temporary: retry."""


def deliver(response: Response, event: Mapping[str, Any], context: Any) -> Delivery:
    """Send the response to the event's ResponseURL."""
    responder = _Responder(response, event["ResponseURL"])
    # CrHelperPoll makes crhelper respond as soon as the poll function returns an id.
    responder({**event, "CrHelperPoll": True}, context)
    return responder.delivery


class _FailedRequest(Exception):  # noqa: N818 - only crhelper catches it
    """Failure for crhelper, which makes the text its reason."""


class _Responder(CfnResource):
    """crhelper for one response. It is not reused, because its Data and NoEcho persist."""

    def __init__(self, response: Response, url: str) -> None:
        with _without_clients():
            super().__init__(log_level="ERROR", boto_level="ERROR", sleep_on_delete=0)
        self._sam_local = None
        # crhelper logs tracebacks of failures, and the ResponseURL.
        logging.getLogger("crhelper").disabled = True
        logging.getLogger("crhelper.resource_helper").disabled = True
        self.delivery = Delivery.UNDELIVERED
        self._response = response
        self._url = url
        for register in (self.poll_create, self.poll_update, self.poll_delete):
            register(self._outcome)

    def _outcome(self, event: object, context: object) -> str:
        self.PhysicalResourceId = self._response.physical_id
        self.Data = dict(self._response.data)
        self.Reason = self._response.reason
        if self._response.status == FAILED:
            raise _FailedRequest(self._response.reason)
        return self._response.physical_id

    def _set_timeout(self) -> None:
        """Set no timer: it would respond FAILED with an empty id, before or after our response."""

    def _remove_polling(self) -> None:
        """Do nothing: no polling rule exists."""

    def _send(self, status: str | None = None, reason: str = "", send_response: object = None) -> None:
        # crhelper's method keeps only the last 240 characters of a reason, and retries connecting forever.
        body = response_body(
            {
                "Status": status or self.Status,
                "Reason": reason or self.Reason,
                "PhysicalResourceId": self.PhysicalResourceId,
                "StackId": self.StackId,
                "RequestId": self.RequestId,
                "LogicalResourceId": self.LogicalResourceId,
                "NoEcho": False,
                "Data": self.Data,
            }
        )
        self.delivery = _put(self._url, body)


def response_body(response: Mapping[str, Any]) -> bytes:
    """Return the JSON for CloudFormation; shorten the reason's text, but not its link, until the JSON fits."""
    text, link = split_link(response["Reason"])
    while True:
        # Text of AWS may contain half of a surrogate pair, which UTF-8 cannot encode.
        body = json.dumps({**response, "Reason": text + link}, ensure_ascii=False).encode(errors="replace")
        if len(body) <= MAX_BODY_BYTES or not text:
            return body
        text = text[: len(text) * 3 // 4]


def _put(url: str, body: bytes) -> Delivery:
    # The URL is presigned for an empty content type.
    try:
        response = transport.pool().request(
            "PUT", url, body=body, headers={"Content-Type": ""}, timeout=10.0, retries=_RETRY
        )
    except urllib3.exceptions.HTTPError:
        return Delivery.UNDELIVERED
    if response.status < _CLIENT_ERROR:
        return Delivery.DELIVERED
    is_temporary = response.status >= _SERVER_ERROR or response.status in _TEMPORARY or _TOO_SLOW in response.data
    return Delivery.UNDELIVERED if is_temporary else Delivery.REJECTED


@contextmanager
def _without_clients() -> Iterator[None]:
    """Keep crhelper from creating three boto3 clients for its polling: half of a cold start.

    crhelper's switch for local runs does that.
    """
    before = os.environ.get("AWS_SAM_LOCAL")
    os.environ["AWS_SAM_LOCAL"] = "true"
    try:
        yield
    finally:
        if before is None:
            del os.environ["AWS_SAM_LOCAL"]
        else:
            os.environ["AWS_SAM_LOCAL"] = before
