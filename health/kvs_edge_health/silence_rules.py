"""Causes from a recorder that reports nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from kvs_edge_health.causes import Cause
from kvs_edge_health.formatting import at, duration_text, time_text
from kvs_edge_health.kinds import Kind
from kvs_edge_health.limits import Limits
from kvs_edge_health.observation import Observation
from kvs_edge_health.span import seconds_within
from kvs_edge_health.timetable import Due, Timetable, Unclear
from kvs_edge_schedules.zone import seconds_since_epoch


def silence_causes(observation: Observation, timetable: Timetable, now: datetime, limits: Limits) -> Iterator[Cause]:
    """Yield the cause if the recorder is silent, has yet to report, or may be silent.

    Only time in which recording is due counts. It counts from the last report, or from the last update of the
    configuration if that is later.
    """
    if isinstance(timetable, Unclear):
        yield Cause(Kind.UNKNOWN, None, f"{timetable.reason}, so it is not known when recording is due")
        return
    report = observation.recorder
    if report is not None and (report.is_error or _is_ahead(report.reported, now, limits)):
        return
    reported = report.reported if report else None
    if report is not None and reported is None:
        yield Cause(Kind.UNKNOWN, None, "the recorder's report has no time, so its age is not known")
        return
    silent = _silence(observation, reported, timetable, now, limits.silent_after)
    if silent is not None:
        yield silent
    elif reported is None and timetable.due(seconds_since_epoch(now)) is Due.DUE:
        yield _first_report(observation)


def _is_ahead(reported: datetime | None, now: datetime, limits: Limits) -> bool:
    return reported is not None and reported - now > limits.clock_skew


def _silence(
    observation: Observation,
    reported: datetime | None,
    timetable: Timetable,
    now: datetime,
    limit: timedelta | None,
) -> Cause | None:
    since = max(filter(None, (reported, observation.updated)), default=None)
    if limit is None or since is None:
        return None
    most = max(1, limit // timedelta(seconds=1))
    if timetable.due_seconds(seconds_within(since, now), seconds_since_epoch(now), most) < most:
        return None
    last = f"since {time_text(reported)}" if reported else "yet"
    after = f", and the configuration was last updated{at(observation.updated)}" if since != reported else ""
    due = timetable.due(seconds_since_epoch(now))
    now_due = "; recording is not due now" if due is Due.NOT_DUE else ""
    limit_text = f"recording was due for {duration_text(timedelta(seconds=most))} or more"
    return Cause(
        Kind.SILENT_HUB, since, f"the recorder has not reported {last}{after}; {limit_text} since then{now_due}"
    )


def _first_report(observation: Observation) -> Cause:
    if observation.updated is None:
        unknown = "the recorder has not reported yet, and the service gives no time of the configuration's last update"
        return Cause(Kind.UNKNOWN, None, unknown)
    waiting = f"the recorder has not reported yet; the configuration was last updated{at(observation.updated)}"
    return Cause(Kind.IN_PROGRESS, observation.updated, waiting)
