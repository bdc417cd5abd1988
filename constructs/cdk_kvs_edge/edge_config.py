"""The EdgeConfig of a StartEdgeConfigurationUpdate request, put together from CDK's own types."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from aws_cdk import Duration, Size
from aws_cdk import aws_secretsmanager as secretsmanager

import kvs_edge_schedules
from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault

INVALID = object()
"""Stands where an argument could not be converted: its fault is reported already."""


class MediaUriType(StrEnum):
    """The kind of URI that the media source's secret holds."""

    RTSP_URI = "RTSP_URI"
    FILE_URI = "FILE_URI"


class StrategyOnFullSize(StrEnum):
    """What the hub does when a stream's footage has reached its maximum local size."""

    DELETE_OLDEST_MEDIA = "DELETE_OLDEST_MEDIA"
    DENY_NEW_MEDIA = "DENY_NEW_MEDIA"


@dataclass(frozen=True, kw_only=True)
class ScheduleConfig:
    """When a job of the hub starts, and for how long it runs.

    Attributes:
        expression: A Quartz cron expression of 11 to 100 characters, in the hub's own system time zone.
        duration: 60 to 3600 seconds. A window longer than an hour is several hourly triggers; AWS's
            examples run 3599 seconds, so that they don't touch.
    """

    expression: str
    duration: Duration

    @classmethod
    def between(cls, start: str, end: str, days: Iterable[str] | None = None) -> Self:
        """From `start` to `end`, such as 08:30 and 16:30, every day or on some days of the week.

        Args:
            start: HH:MM, in the hub's own system time zone.
            end: HH:MM, up to 24:00. An end before the start is on the day after.
            days: English names, short or long, or ranges of them such as MON-FRI; one alone as it is.

        Raises:
            ValueError: A time or a day is not understood, or no one expression with one duration makes the
                window; the message names the nearest that can be made.
        """
        return cls._made_of(kvs_edge_schedules.between(start, end, days))

    @classmethod
    def around_the_clock(cls) -> Self:
        """Every hour of every day, 3599 seconds long, so that each run is over before the next one starts."""
        return cls._made_of(kvs_edge_schedules.around_the_clock())

    @classmethod
    def _made_of(cls, schedule: kvs_edge_schedules.Schedule) -> Self:
        return cls(expression=schedule.expression, duration=Duration.seconds(schedule.duration))


class EdgeConfigBuilder:
    """Turns typed arguments into the API's JSON, and collects what can't be turned."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def seconds(self, argument: str, value: Duration | None) -> object:
        """The duration in seconds."""
        return self._number(argument, value, Duration, Duration.to_seconds, "Duration.minutes(30)")

    def hours(self, argument: str, value: Duration | None) -> object:
        """The duration in hours."""
        return self._number(argument, value, Duration, Duration.to_hours, "Duration.hours(24)")

    def mebibytes(self, argument: str, value: Size | None) -> object:
        """The size in MiB, which is what the API's "MB" is taken for."""
        return self._number(argument, value, Size, Size.to_mebibytes, "Size.gibibytes(2)")

    def schedule(self, argument: str, value: ScheduleConfig | None) -> object:
        """A ScheduleConfig of the API."""
        if not isinstance(value, ScheduleConfig):
            return self._refused(argument, value, "a ScheduleConfig(expression=..., duration=...)")
        return {
            "ScheduleExpression": value.expression,
            "DurationInSeconds": self.seconds(f"{argument}.duration", value.duration),
        }

    def secret_arn(self, argument: str, value: secretsmanager.ISecret | str) -> object:
        """The ARN of the secret, whose name may not hold a slash."""
        if isinstance(value, str):
            return value
        if not hasattr(value, "secret_arn"):
            return self._refused(argument, value, "a secret, or a secret's ARN")
        name = _literal_name(value)
        if name is not None and "/" in name:
            return self._refused(argument, name, "a secret whose name has no '/': the service takes no other")
        return value.secret_arn

    def _number(self, argument: str, value: object, kind: type, in_unit: Callable[[Any], Any], example: str) -> object:
        if value is None:
            return None
        if not isinstance(value, kind):
            return self._refused(argument, value, f"a {kind.__name__}, like {example}")
        try:
            return in_unit(value)
        except RuntimeError as error:
            reason = str(error).partition(": ")[2] or str(error)
            self.faults.append(Fault(argument, value, f"{_shown(value)} is not accepted: {reason}"))
            return INVALID

    def _refused(self, argument: str, value: object, wanted: str) -> object:
        if value is None:
            return None
        self.faults.append(Fault(argument, value, f"{_shown(value)} is not accepted: give {wanted}"))
        return INVALID


def drop_none(**fields: object) -> dict[str, object]:
    """The fields that are there; the service fills in the others itself."""
    return {name: value for name, value in fields.items() if value is not None and value != {}}


def to_plain(value: object) -> object:
    """The value made of plain dicts and lists, as JSON has them."""
    if isinstance(value, Mapping):
        return {str(name): to_plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(member) for member in value]
    return str(value) if isinstance(value, StrEnum) else value


def _literal_name(secret: secretsmanager.ISecret) -> str | None:
    resource = secret.node.default_child
    name = resource.name if isinstance(resource, secretsmanager.CfnSecret) else secret.secret_name
    return None if name is None or is_token(name) else name


def _shown(value: object) -> str:
    if isinstance(value, Duration):
        return str(value.to_human_string())
    return repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
