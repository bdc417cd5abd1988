"""Footage on the hub that no upload is known to fetch before it is deleted by age."""

from dataclasses import dataclass
from datetime import datetime

from kvs_edge_health.observation import Observation
from kvs_edge_health.recording import Recording
from kvs_edge_health.span import seconds_within
from kvs_edge_health.timetable import Due, Timetable, first_due
from kvs_edge_schedules.zone import instant_of, seconds_since_epoch


@dataclass(frozen=True)
class FootageAtRisk:
    """Footage that is only on the hub.

    Attributes:
        since: The earliest time at which it may have been recorded.
        until: The time at which the hub deletes the earliest of it, by age. If it is in the past, the hub is deleting.
    """

    since: datetime
    until: datetime


def footage_at_risk(
    observation: Observation, recording: Recording, now: datetime, *, can_upload: bool
) -> FootageAtRisk | None:
    """Return the footage at risk; None if there is none, or if that is not known.

    It is what was recorded after the last upload, up to the last media that the recorder stored. It is not at risk if
    the uploader works and an upload is due before the deletion. The limit of the hub's storage is not considered.

    Args:
        observation: The facts.
        recording: The demands of the configuration.
        now: The time.
        can_upload: False if the uploader is known to fail or the hub to be out of touch.
    """
    stored = observation.recorder.collected if observation.recorder else None
    uploaded = observation.uploader.collected if observation.uploader else None
    last_upload = uploaded or observation.created
    if stored is None or last_upload is None:
        return None
    present, start, last = seconds_since_epoch(now), seconds_within(last_upload, now), seconds_within(stored, now)
    if last <= start:
        return None
    earliest = first_due(recording.recorder, start)
    if earliest is None or earliest > last:
        # Recorded outside of this schedule: by an earlier configuration.
        earliest = start
    since = instant_of(earliest)
    until = since + recording.retention
    if can_upload and _is_fetched(recording.uploader, present, seconds_since_epoch(until)):
        return None
    return FootageAtRisk(since, until)


def _is_fetched(uploader: Timetable, now: int, until: int) -> bool:
    """Return whether an upload is due in time; True if that is not known, as no risk is known."""
    if until <= now:
        return False
    if uploader.due(now) is not Due.NOT_DUE:
        return True
    start = uploader.next_start(now)
    return start is not None and start < until
