"""The one module that knows crhelper: it makes an answer of crhelper's form, and sees it delivered.

crhelper 2.0.12 speaks to CloudFormation; the waiting it would do itself is the state machine's. Private
parts are overridden for that, so its version is pinned and tests/contract/test_crhelper.py holds them.
"""

import json
import logging
import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import urllib3
from crhelper import FAILED, CfnResource

from kvs_edge.response import Response

MAX_BODY_BYTES = 4096
"""An answer that is larger is no answer [AWS CloudFormation User Guide, custom resource response objects]."""

_RETRY = urllib3.Retry(
    total=4,
    backoff_factor=1,
    status_forcelist=(408, 429, 500, 502, 503, 504),
    allowed_methods=["PUT"],
    raise_on_status=False,
    # A server's Retry-After may outlast the function; the state machine tries again anyway.
    respect_retry_after_header=False,
)
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_FOR_NOW = frozenset({408, 429})
# Amazon S3 answers a body that came too slowly with 400 RequestTimeout [S3 error responses, Amazon S3 API reference].
_TOO_SLOW = b"<Code>RequestTimeout</Code>"


class Delivery(StrEnum):
    """What became of an answer."""

    DELIVERED = "delivered"
    REJECTED = "rejected"
    """For good: the URL has expired, or is not valid. Nobody can be told any more."""
    UNDELIVERED = "undelivered"
    """For now: it is worth another try."""


def deliver(response: Response, event: Mapping[str, Any], context: Any) -> Delivery:
    """Send the answer to the event's ResponseURL."""
    responder = _Responder(response, event["ResponseURL"])
    # The mark says that the first call is over: crhelper then answers as soon as it is given an id.
    responder({**event, "CrHelperPoll": True}, context)
    return responder.delivery


class _FailedRequest(Exception):  # noqa: N818 - crhelper reports it, nobody catches it
    """What crhelper takes for a failure; its text becomes the reason."""


class _Responder(CfnResource):
    """crhelper for one answer: a fresh one each time, because its Data and NoEcho would live on."""

    def __init__(self, response: Response, url: str) -> None:
        with _without_clients():
            super().__init__(log_level="ERROR", boto_level="ERROR", sleep_on_delete=0)
        self._sam_local = None
        # It logs each failure's traceback, and on its way to an answer the ResponseURL.
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
        """No timer: it would answer FAILED with an empty id, and an answer of ours could follow."""

    def _remove_polling(self) -> None:
        """Nothing to remove: there is no rule, and no permission for one."""

    def _send(self, status: str | None = None, reason: str = "", send_response: object = None) -> None:
        # crhelper's own would keep the last 240 characters of a reason, and try to connect without end.
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
    """The response as CloudFormation takes it: if it is too large, its reason gives way."""
    reason = response["Reason"]
    while True:
        # Half of a surrogate pair, from somebody else's text, is no reason to give no answer.
        body = json.dumps({**response, "Reason": reason}, ensure_ascii=False).encode(errors="replace")
        if len(body) <= MAX_BODY_BYTES or not reason:
            return body
        reason = reason[: len(reason) * 3 // 4]


def _put(url: str, body: bytes) -> Delivery:
    # The URL is presigned for an empty content type.
    try:
        with urllib3.PoolManager(timeout=10.0, ssl_context=ssl.create_default_context()) as pool:
            response = pool.request("PUT", url, body=body, headers={"Content-Type": ""}, retries=_RETRY)
    except urllib3.exceptions.HTTPError:
        return Delivery.UNDELIVERED
    if response.status < _CLIENT_ERROR:
        return Delivery.DELIVERED
    for_now = response.status >= _SERVER_ERROR or response.status in _FOR_NOW or _TOO_SLOW in response.data
    return Delivery.UNDELIVERED if for_now else Delivery.REJECTED


@contextmanager
def _without_clients() -> Iterator[None]:
    """Keep crhelper from making three boto3 clients for a polling that is not used: half of a cold start.

    It has one switch for that, made for local runs.
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
