"""Assessment of a stream: all facts together as one kind of health."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from kvs_edge_health.causes import Cause, worst_first
from kvs_edge_health.footage import FootageAtRisk, footage_at_risk
from kvs_edge_health.formatting import at, one_line, time_text
from kvs_edge_health.job_rules import Job, clock_causes, job_causes
from kvs_edge_health.kinds import Kind
from kvs_edge_health.limits import Limits
from kvs_edge_health.observation import NO_CONFIGURATION, NO_STREAM, JobReport, Observation
from kvs_edge_health.recording import Recording
from kvs_edge_health.silence_rules import silence_causes
from kvs_edge_health.sync_rules import sync_causes
from kvs_edge_health.timetable import Due
from kvs_edge_schedules.zone import instant_of, seconds_since_epoch

_BLOCKS_UPLOADS = frozenset({Kind.SILENT_HUB, Kind.NOT_IN_SYNC, Kind.UPLOAD_FAILED})


@dataclass(frozen=True)
class Health:
    """Health of a stream.

    Attributes:
        causes: The facts that decided, the worst first; never empty.
        recording: Whether the schedule records now.
        uploading: Whether the schedule uploads now.
        next_due: The start of the next recording window; None if recording is due now, if no window follows, or if
            that is not known.
        at_risk: The footage at risk; None if there is none, or if that is not known.
    """

    causes: tuple[Cause, ...]
    recording: Due
    uploading: Due
    next_due: datetime | None
    at_risk: FootageAtRisk | None

    @classmethod
    def unknown(cls, reason: str) -> Self:
        """Return the health of a stream that could not be observed, such as after a refused request."""
        return cls((Cause(Kind.UNKNOWN, None, reason),), Due.UNKNOWN, Due.UNKNOWN, None, None)

    @property
    def kind(self) -> Kind:
        """The kind of the worst cause."""
        return self.causes[0].kind

    @property
    def since(self) -> datetime | None:
        """Since when, as far as the service reports it; None if it is not known."""
        return self.causes[0].since

    @property
    def reason(self) -> str:
        """The worst cause as a sentence, without a full stop and without advice."""
        return self.causes[0].reason

    @property
    def at_risk_until(self) -> datetime | None:
        """The time at which the hub deletes the first of the footage at risk."""
        return self.at_risk.until if self.at_risk else None


def assess(
    observation: Observation,
    recording: Recording,
    now: datetime,
    limits: Limits | None = None,
    further: Iterable[Cause] = (),
) -> Health:
    """Return the health of a stream.

    Args:
        observation: The facts that the service reports.
        recording: The demands of the declared or live configuration. They do not matter if the stream has none.
        now: The time of the observation, with a UTC offset.
        limits: Limits of time; the documented defaults if not given.
        further: Causes that the caller knows, such as a difference between the declared and the live configuration.

    Raises:
        ValueError: `now` has no UTC offset.
    """
    if now.utcoffset() is None:
        raise ValueError(f"now is {now.isoformat()}, without a UTC offset; give an aware datetime")
    second, is_absent = seconds_since_epoch(now), observation.sync_status in {NO_STREAM, NO_CONFIGURATION}
    due = Due.NOT_DUE if is_absent else recording.recorder.due(second)
    uploading = Due.NOT_DUE if is_absent else recording.uploader.due(second)
    next_start = recording.recorder.next_start(second) if due is Due.NOT_DUE and not is_absent else None
    next_due = None if next_start is None else instant_of(next_start)
    causes = worst_first((*_causes(observation, recording, now, limits or Limits(), (due, uploading)), *further))
    can_upload = not any(cause.kind in _BLOCKS_UPLOADS for cause in causes)
    return Health(
        causes=causes or (_fine(observation, due, next_due),),
        recording=due,
        uploading=uploading,
        next_due=next_due,
        at_risk=None if is_absent else footage_at_risk(observation, recording, now, can_upload=can_upload),
    )


def _causes(
    observation: Observation, recording: Recording, now: datetime, limits: Limits, due: tuple[Due, Due]
) -> Iterator[Cause]:
    yield from sync_causes(observation, now, limits.sync)
    if observation.sync_status in {NO_STREAM, NO_CONFIGURATION} or observation.is_deleting:
        # A deletion stops the jobs: their last reports no longer matter.
        return
    recorder = Job("recorder", "recording", Kind.RECORDING_FAILED, observation.recorder, due[0])
    uploader = Job("uploader", "uploading", Kind.UPLOAD_FAILED, observation.uploader, due[1])
    for job in (recorder, uploader):
        yield from job_causes(job, observation.updated)
        yield from clock_causes(job, now, limits.clock_skew)
    if observation.is_in_sync:
        yield from silence_causes(observation, recording.recorder, now, limits)


def _fine(observation: Observation, due: Due, next_due: datetime | None) -> Cause:
    if due is Due.NOT_DUE:
        opens = f"the next window opens at {time_text(next_due)}" if next_due else "no window follows"
        return Cause(Kind.NOT_DUE, None, f"recording is not due; {opens}")
    # Without a report there is a worse cause.
    report = observation.recorder or JobReport("SUCCESS")
    details = f": {one_line(report.details)}" if report.details else ""
    return Cause(Kind.HEALTHY, None, f"the recorder reported SUCCESS{at(report.reported)}{details}")
