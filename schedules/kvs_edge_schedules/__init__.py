"""Schedules as the hub's Quartz 2.3.2 runs them: parse, judge, explain, fire times and windows.

Standard library only, without a clock: functions that depend on today's date take it as an argument. Instants are
aware datetimes; functions named ``*_seconds`` use whole seconds since 1970-01-01T00:00:00Z.
"""

from kvs_edge_schedules.builders import Schedule, around_the_clock, between, from_words
from kvs_edge_schedules.error import Leniency, ScheduleError
from kvs_edge_schedules.explain import explain
from kvs_edge_schedules.expression import CronExpression
from kvs_edge_schedules.fires import fire_seconds, fire_times
from kvs_edge_schedules.next_fire import next_fire, next_fire_seconds
from kvs_edge_schedules.parse import Verdict, judge, parse
from kvs_edge_schedules.remarks import Remark, RemarkKind, remarks
from kvs_edge_schedules.tzdata import tzdata_release
from kvs_edge_schedules.windows import Window, window_seconds, windows
from kvs_edge_schedules.zone import time_zone

__all__ = [
    "CronExpression",
    "Leniency",
    "Remark",
    "RemarkKind",
    "Schedule",
    "ScheduleError",
    "Verdict",
    "Window",
    "around_the_clock",
    "between",
    "explain",
    "fire_seconds",
    "fire_times",
    "from_words",
    "judge",
    "next_fire",
    "next_fire_seconds",
    "parse",
    "remarks",
    "time_zone",
    "tzdata_release",
    "window_seconds",
    "windows",
]
