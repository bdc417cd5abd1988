"""Time of a request, from its presigned ResponseURL."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

RESPONSE_URL_SECONDS = 7200.0
"""Assumed validity of a ResponseURL that has only an expiry; AWS does not document it."""

MAX_REQUEST_SECONDS = 3600
"""Maximum ServiceTimeout [AWS::CloudFormation::CustomResource, AWS CloudFormation User Guide]."""

FIRST_DELIVERY_SECONDS = 45.0
"""Age after which an event may be a duplicate: Lambda retries a failed event after a minute."""

_MAX_EVENT_AGE = 6 * 3600.0
"""Time for which Lambda keeps an asynchronous event [AWS Lambda Developer Guide, asynchronous invocation]."""

_MAX_CLOCK_SKEW = 3600.0
"""Maximum lag of a function's clock: a later timestamp belongs to another request."""


def sent_at(event: Mapping[str, object], received_at: float) -> float | None:
    """Return when CloudFormation created the request, in whole seconds since the epoch.

    The ResponseURL is signed for this request, so it has the request's age. The result is None if the URL has no
    time, or an implausible one.

    Args:
        event: CloudFormation's event.
        received_at: When the entry function received the event, in seconds since the epoch by its own clock.
    """
    query = parse_qs(urlsplit(str(event.get("ResponseURL", ""))).query)
    signed = _date(query.get("X-Amz-Date", [""])[0])
    if signed is not None:
        return signed if -_MAX_CLOCK_SKEW <= received_at - signed <= _MAX_EVENT_AGE else None
    expires = query.get("Expires", [""])[0]
    if not expires.isdecimal():
        return None
    # Only the expiry is known. If the request then seems too old, the assumed validity is wrong.
    begun = float(expires) - RESPONSE_URL_SECONDS
    return begun if -_MAX_CLOCK_SKEW <= received_at - begun < MAX_REQUEST_SECONDS else None


def _date(text: str) -> float | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
