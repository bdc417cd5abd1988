"""Deployment options of an edge configuration: the custom resource's properties beside the EdgeConfig."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, TypedDict

from aws_cdk import Duration, RemovalPolicy

from cdk_kvs_edge.arguments import INVALID, Arguments, either, without_none
from cdk_kvs_edge.edge_config import EdgeConfigBuilder, drop_none, to_plain
from cdk_kvs_edge.edge_resource import HANDLER_POLICIES
from cdk_kvs_edge.former_options import with_successors
from cdk_kvs_edge.provider import EdgeConfigurationProvider
from cdk_kvs_edge.tokens import is_token
from kvs_edge.decide import OFFLINE_HUB_SECONDS
from kvs_edge.request import DEFAULT_SYNC_TIMEOUT_SECONDS
from kvs_edge.request_time import MAX_REQUEST_SECONDS
from kvs_edge.wait_for import HUB_TIME_ZONE, WaitFor
from kvs_edge_preflight.zone_names import probable_zone
from kvs_edge_schedules import ScheduleError, time_zone

# The service tries an offline hub for 15 minutes, and a rollback may have to wait for that first: a request has at
# least OFFLINE_HUB_SECONDS, even with a shorter sync timeout. The response takes additional time.
_RESPONSE_SECONDS = 3 * 60


class HubMove(StrEnum):
    """Permission for an update to move the stream to another hub, which deletes its footage on the old hub."""

    FORBIDDEN = "FORBIDDEN"
    """Fail an update that would move the stream; nothing is written."""
    ALLOWED = "ALLOWED"
    """Move the stream; its footage on the old hub is deleted."""


class DeploymentOptions(TypedDict, total=False):
    """Deployment options of an edge configuration.

    Attributes:
        removal_policy: Effect of removing the resource from the stack, and of renaming its stream.
            RETAIN (default) keeps the configuration and its footage. DESTROY deletes both at the edge.
            RETAIN_ON_UPDATE_OR_DELETE keeps both, except after a failed creation.
        hub_move: Permission for an update to move the stream to another hub; FORBIDDEN by default.
        wait_for: What a deployment waits for. SYNC (default): the hub has the configuration. NOTHING: the service
            has accepted it. RECORDING: the hub's recorder also reports success, unless the deployment is outside a
            recording window.
        hub_time_zone: IANA name of the hub's system time zone, such as Europe/Berlin. RECORDING needs it for a
            recorder schedule; a fleet's files state it as `time_zone`.
        wait_for_sync: Deprecated: use `wait_for`. True is SYNC, False is NOTHING.
        sync_timeout: Longest wait of a deployment, 1 to 57 minutes; 20 by default. The service tries an
            offline hub for 15 minutes.
        sync_token: Any text. A new value sends the configuration again even if nothing else differs: it
            restarts a job that stopped on a fatal error, and undoes changes made elsewhere.
        provider: Provider; the stack's `EdgeConfigurationProvider` by default.
    """

    removal_policy: RemovalPolicy
    hub_move: HubMove
    wait_for: WaitFor
    hub_time_zone: str | None
    wait_for_sync: bool
    sync_timeout: Duration
    sync_token: str | None
    provider: EdgeConfigurationProvider | None


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Deployment options with their defaults."""

    removal_policy: RemovalPolicy = RemovalPolicy.RETAIN
    hub_move: HubMove = HubMove.FORBIDDEN
    wait_for: WaitFor = WaitFor.SYNC
    hub_time_zone: str | None = None
    sync_timeout: Duration | None = None
    sync_token: str | None = None
    provider: EdgeConfigurationProvider | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any], arguments: Arguments) -> "Deployment":
        """Return the options; add the faults of their types to `arguments`, which leave the default."""
        given = without_none({name: options.get(name) for name in DeploymentOptions.__annotations__})
        checked = {name: check(arguments, name, given[name]) for name, check in _CHECKS.items() if name in given}
        valid = {name: value for name, value in checked.items() if value is not INVALID}
        return cls(**with_successors(valid, arguments))

    @property
    def may_delete(self) -> bool:
        """True if the handler may ever delete this edge configuration at the service."""
        destroyed = HANDLER_POLICIES[self.removal_policy] == "DESTROY"
        return destroyed or self.hub_move == HubMove.ALLOWED or is_token(self.hub_move)

    @cached_property
    def template_bytes(self) -> int:
        """Maximum number of bytes of its properties in a template, with the CDK's indentation."""
        return len(json.dumps(self.properties(EdgeConfigBuilder(), has_schedule=True), indent=4, default=str))

    def properties(self, builder: EdgeConfigBuilder, *, has_schedule: bool) -> dict[str, object]:
        """Return the custom resource's properties that differ from their defaults; add faults to the builder.

        RemovalPolicy is always there, because it decides about footage. `has_schedule` says whether recording depends
        on the hub's time zone.
        """
        seconds = builder.seconds("sync_timeout", self.sync_timeout)
        needs_zone = has_schedule and (self.wait_for == WaitFor.RECORDING or is_token(self.wait_for))
        return {
            "RemovalPolicy": HANDLER_POLICIES[self.removal_policy],
            **drop_none(
                HubMove=None if self.hub_move == HubMove.FORBIDDEN else to_plain(self.hub_move),
                WaitFor=None if self.wait_for == WaitFor.SYNC else to_plain(self.wait_for),
                SyncTimeoutInSeconds=None if seconds == DEFAULT_SYNC_TIMEOUT_SECONDS else seconds,
                SyncToken=self.sync_token,
                **{HUB_TIME_ZONE: self.hub_time_zone if needs_zone else None},
            ),
        }


def _is_time_zone(name: object) -> bool:
    try:
        return isinstance(name, str) and (is_token(name) or bool(time_zone(name)))
    except ScheduleError:
        return False


def _hub_time_zone(arguments: Arguments, name: str, value: object) -> object:
    if _is_time_zone(value):
        return value
    meant = probable_zone(value) if isinstance(value, str) else None
    return arguments.refuse(name, value, f'the IANA name of a time zone, like "{meant or "Europe/Berlin"}"')


def _removal_policy(arguments: Arguments, name: str, value: object) -> object:
    if isinstance(value, RemovalPolicy) and value in HANDLER_POLICIES:
        return value
    meant = [policy.name for policy in HANDLER_POLICIES if policy.name == str(value).upper()]
    names = meant or [policy.name for policy in HANDLER_POLICIES]
    return arguments.refuse(name, value, either(f"RemovalPolicy.{policy}" for policy in names))


_CHECKS: Mapping[str, Callable[[Arguments, str, Any], Any]] = {
    "removal_policy": _removal_policy,
    "hub_move": lambda arguments, name, value: arguments.choice(name, value, HubMove),
    "wait_for": lambda arguments, name, value: arguments.choice(name, value, WaitFor),
    "hub_time_zone": _hub_time_zone,
    "wait_for_sync": lambda arguments, name, value: arguments.checked(
        name, value, lambda given: isinstance(given, bool), "wait_for=WaitFor.SYNC or WaitFor.NOTHING instead"
    ),
    # The conversion to seconds checks it.
    "sync_timeout": lambda arguments, name, value: value,
    "sync_token": lambda arguments, name, value: arguments.text(name, value, 'a text, like "2026-01-31"'),
    "provider": lambda arguments, name, value: arguments.checked(
        name, value, lambda provider: isinstance(provider, EdgeConfigurationProvider), "an EdgeConfigurationProvider"
    ),
}


def service_timeout(sync_timeout_seconds: float) -> int:
    """Return CloudFormation's ServiceTimeout in seconds, with time for a rollback and for the response.

    A sync timeout that is known only at deployment gets CloudFormation's maximum. The handler knows the value and
    responds in time; ServiceTimeout is for a handler that does not respond at all.
    """
    if is_token(sync_timeout_seconds):
        # A number token is a huge negative float: arithmetic with it is meaningless.
        return MAX_REQUEST_SECONDS
    request = max(int(sync_timeout_seconds), OFFLINE_HUB_SECONDS)
    return min(request + _RESPONSE_SECONDS, MAX_REQUEST_SECONDS)
