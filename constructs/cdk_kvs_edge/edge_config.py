"""Conversion of typed arguments to the EdgeConfig of a StartEdgeConfigurationUpdate request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from aws_cdk import Duration, Size
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.interfaces.aws_secretsmanager import ISecretRef

import kvs_edge_schedules
from cdk_kvs_edge.arguments import INVALID, Arguments, shown
from cdk_kvs_edge.quantities import HOURS, MEBIBYTES, SECONDS, Unit
from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault


class MediaUriType(StrEnum):
    """Kind of URI in the media source's secret."""

    RTSP_URI = "RTSP_URI"
    """RTSP URI of an IP camera."""
    FILE_URI = "FILE_URI"
    """URI of a file on the hub. The API reference says that the preview supports only RTSP_URI."""


class StrategyOnFullSize(StrEnum):
    """Action of the hub when a stream's footage reaches its maximum local size."""

    DELETE_OLDEST_MEDIA = "DELETE_OLDEST_MEDIA"
    """Delete the oldest footage of the stream, uploaded or not; recording continues."""
    DENY_NEW_MEDIA = "DENY_NEW_MEDIA"
    """Keep the footage and stop recording until there is space again."""


@dataclass(frozen=True, kw_only=True)
class ScheduleConfig:
    """Start times and duration of a hub's job.

    Attributes:
        expression: Quartz cron expression, 11 to 100 characters, in the hub's system time zone.
        duration: 60 to 3600 seconds. A window longer than an hour needs several hourly triggers. AWS's
            examples run 3599 seconds, so that runs do not touch.
    """

    expression: str
    duration: Duration

    @classmethod
    def between(cls, start: str, end: str, days: Iterable[str] | None = None) -> Self:
        """Return the schedule of a daily window, such as 08:30 to 16:30, on all or some days of the week.

        Args:
            start: HH:MM, in the hub's system time zone.
            end: HH:MM, up to 24:00. An end before the start is on the next day.
            days: English day names, short or long, or ranges such as MON-FRI; a single text is one of them.

        Raises:
            ValueError: A time or a day is invalid, or a single expression with one duration cannot make the
                window; the message names the nearest possible window.
        """
        return cls._made_of(kvs_edge_schedules.between(start, end, days))

    @classmethod
    def around_the_clock(cls) -> Self:
        """Return a schedule that runs every hour of every day for 3599 seconds: each run ends before the next."""
        return cls._made_of(kvs_edge_schedules.around_the_clock())

    @classmethod
    def _made_of(cls, schedule: kvs_edge_schedules.Schedule) -> Self:
        return cls(expression=schedule.expression, duration=Duration.seconds(schedule.duration))


class EdgeConfigBuilder(Arguments):
    """Converter of typed arguments to the API's JSON; it collects faults."""

    def __init__(self) -> None:
        super().__init__()
        self._converted: dict[str, tuple[Duration | Size, Unit]] = {}

    def seconds(self, argument: str, value: Duration | None) -> object:
        """Return the duration in seconds."""
        return self._number(argument, value, SECONDS)

    def hours(self, argument: str, value: Duration | None) -> object:
        """Return the duration in hours."""
        return self._number(argument, value, HOURS)

    def mebibytes(self, argument: str, value: Size | None) -> object:
        """Return the size in MiB, the assumed meaning of the API's "MB"."""
        return self._number(argument, value, MEBIBYTES)

    def as_given(self, fault: Fault) -> Fault:
        """Return the fault with a duration or size as it was given, beside the number that the schema refused."""
        quantity, unit = self._converted.get(fault.path, (None, None))
        if quantity is None or unit is None:
            return fault
        number = f"{fault.value} {unit.name}"
        given = shown(quantity)
        text = number if given == number else f"{given} ({number})"
        return replace(fault, rule=text + fault.rule.removeprefix(str(fault.value)))

    def schedule(self, argument: str, value: ScheduleConfig | None) -> object:
        """Return the API's ScheduleConfig."""
        if value is None:
            return None
        if not isinstance(value, ScheduleConfig):
            return self.refuse(argument, value, "a ScheduleConfig(expression=..., duration=...)")
        expression, duration = f"{argument}.expression", f"{argument}.duration"
        seconds = self.seconds(duration, value.duration)
        if seconds is None:
            seconds = self.refuse(duration, None, "a Duration, like Duration.minutes(30)")
        return {
            "ScheduleExpression": self.text(expression, value.expression, "a Quartz cron expression"),
            "DurationInSeconds": seconds,
        }

    def secret_arn(self, argument: str, value: secretsmanager.ISecret | ISecretRef | str) -> object:
        """Return the ARN of the secret; a name with a slash is a fault."""
        if isinstance(value, str):
            return value
        if not hasattr(value, "secret_arn") and not hasattr(value, "secret_ref"):
            return self.refuse(argument, value, "a secret, or a secret's ARN")
        name = _literal_name(value)
        if name is not None and "/" in name:
            return self.refuse(argument, name, "a secret whose name has no '/', as the service requires")
        # Ref of AWS::SecretsManager::Secret, its primary identifier, is the ARN.
        return value.secret_arn if hasattr(value, "secret_arn") else value.secret_ref.secret_id

    def _number(self, argument: str, value: Any, unit: Unit) -> object:
        if value is None:
            return None
        if not isinstance(value, unit.kind):
            return self.refuse(argument, value, f"a {unit.kind.__name__}, like {unit.suggestion(value)}")
        try:
            number = unit.convert(value)
        except RuntimeError as error:
            return self._refuse_token(argument, error)
        if is_token(number):
            return number
        if number != int(number):
            return self.refuse(argument, value, f"whole {unit.name}, like {unit.whole(value)}")
        self._converted[argument] = (value, unit)
        return int(number)

    def _refuse_token(self, argument: str, error: RuntimeError) -> object:
        # The CDK says in which unit the token must be.
        reason = str(error).partition(": ")[2]
        self.faults.append(Fault(argument, None, f"a token is not accepted: {reason}"))
        return INVALID


def drop_none(**fields: object) -> dict[str, object]:
    """Return the fields that have a value; the service sets the others."""
    return {name: value for name, value in fields.items() if value is not None and value != {}}


def to_plain(value: object) -> object:
    """Return the value as plain dicts, lists and strings."""
    if isinstance(value, Mapping):
        return {str(name): to_plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(member) for member in value]
    return str(value) if isinstance(value, StrEnum) else value


def _literal_name(secret: secretsmanager.ISecret | ISecretRef) -> str | None:
    resource = secret if isinstance(secret, secretsmanager.CfnSecret) else secret.node.default_child
    if isinstance(resource, secretsmanager.CfnSecret):
        name: str | None = resource.name
    else:
        name = getattr(secret, "secret_name", None)
    return None if name is None or is_token(name) else name
