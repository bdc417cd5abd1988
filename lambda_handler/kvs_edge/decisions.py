"""The five decisions for a request, as values; `step` carries them out."""

from collections.abc import Mapping
from dataclasses import dataclass

from kvs_edge.observed import Found
from kvs_edge.reasons import Reason


@dataclass(frozen=True)
class Start:
    """Send the configuration."""


@dataclass(frozen=True)
class Delete:
    """Delete the configuration, and with it the footage at the edge."""


@dataclass(frozen=True)
class Wait:
    """Look again later."""


@dataclass(frozen=True)
class Done:
    """The request is fulfilled."""

    attributes: Mapping[str, str]
    warning: str = ""


@dataclass(frozen=True)
class Fail:
    """The request cannot be fulfilled."""

    reason: Reason


Decision = Start | Delete | Wait | Done | Fail

MAX_DELETES = 3
STALE_GRACE_SECONDS = 30.0
"""Seconds for which a look may be older than a write: the service promises no read after write."""


def done(observed: Found, warning: str = "") -> Done:
    """Return the success of a request whose configuration is there, with what GetAtt offers."""
    attributes = {
        "SyncStatus": observed.status.value,
        "CreationTime": observed.created,
        "LastUpdatedTime": observed.updated,
        "StreamName": observed.stream_name,
        "StreamARN": observed.stream_arn,
    }
    return Done(attributes, warning)
