"""The time of a request, as CloudFormation stamped it into the request's ResponseURL."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

RESPONSE_URL_SECONDS = 7200.0
"""For how long a ResponseURL is taken to be valid if it gives its end alone; no page of AWS says."""

MAX_REQUEST_SECONDS = 3600.0
"""Seconds: the largest ServiceTimeout [AWS::CloudFormation::CustomResource, AWS CloudFormation User Guide]."""

_MAX_EVENT_AGE = 6 * 3600.0
"""Seconds for which Lambda keeps an asynchronous event [AWS Lambda Developer Guide, asynchronous invocation]."""

_MAX_CLOCK_SKEW = 3600.0
"""Seconds by which the clock of a function may be behind: more than that is no stamp of this request."""


def sent_at(event: Mapping[str, object], received_at: float) -> float | None:
    """Return when CloudFormation made the request, in whole seconds since the epoch.

    The ResponseURL is presigned for this one request, so its signature is as old as the request. A URL that gives
    no time, or one that cannot be this request's, gives None.

    Args:
        event: CloudFormation's event.
        received_at: When the entry function had the event, in seconds since the epoch by its own clock.
    """
    query = parse_qs(urlsplit(str(event.get("ResponseURL", ""))).query)
    signed = _date(query.get("X-Amz-Date", [""])[0])
    if signed is not None:
        return signed if -_MAX_CLOCK_SKEW <= received_at - signed <= _MAX_EVENT_AGE else None
    expires = query.get("Expires", [""])[0]
    if not expires.isdecimal():
        return None
    # Only the end is stamped. A request that then seems to be older than any can be had another validity.
    begun = float(expires) - RESPONSE_URL_SECONDS
    return begun if -_MAX_CLOCK_SKEW <= received_at - begun < MAX_REQUEST_SECONDS else None


def _date(text: str) -> float | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
