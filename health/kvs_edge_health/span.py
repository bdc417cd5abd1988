"""Times of reports, limited to a span that schedules are computed for."""

from datetime import datetime, timedelta

from kvs_edge_schedules.zone import seconds_since_epoch

LONGEST = timedelta(days=366)
"""Earlier times count as this long ago: a clock that was never set reports 1970 or earlier."""


def seconds_within(moment: datetime, now: datetime) -> int:
    """Return a time as seconds since 1970, at least `now` minus a year and at most `now`."""
    return seconds_since_epoch(min(max(moment, now - LONGEST), now))
