"""How an edge configuration is deployed: what the handler is told beside the configuration itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from aws_cdk import Duration, RemovalPolicy

from cdk_kvs_edge.edge_config import EdgeConfigBuilder, drop_none, to_plain
from cdk_kvs_edge.edge_resource import HANDLER_POLICIES
from cdk_kvs_edge.provider import EdgeConfigurationProvider
from cdk_kvs_edge.tokens import is_token

_DEFAULT_SYNC_SECONDS = 20 * 60

# The service tries an offline hub for 15 minutes, and a roll back may first have to wait for that: however
# short the sync time-out is, a request has this long. What comes on top is for the answer itself.
_LEAST_REQUEST_SECONDS = 16 * 60
_ANSWER_SECONDS = 3 * 60
_MAX_SERVICE_TIMEOUT_SECONDS = 3600


class HubMove(StrEnum):
    """Whether an update may move the stream to another hub, which deletes its footage on the old one."""

    FORBIDDEN = "FORBIDDEN"
    ALLOWED = "ALLOWED"


class DeploymentOptions(TypedDict, total=False):
    """How an edge configuration is deployed; what all ways to declare one have in common.

    Attributes:
        removal_policy: What happens to the configuration when it leaves the stack, and when its stream is
            renamed. RETAIN (the default) leaves it and its footage alone; DESTROY deletes both at the edge;
            RETAIN_ON_UPDATE_OR_DELETE leaves them, unless it is the creation that failed.
        hub_move: Whether an update may move the stream to another hub; FORBIDDEN by default.
        wait_for_sync: Whether a deployment waits until the hub has the configuration (the default), or only
            until the service took it.
        sync_timeout: How long a deployment waits, 1 to 57 minutes; 20 by default. A hub that is offline
            is tried by the service for 15.
        sync_token: Any text. When it changes, the configuration is sent again even if nothing else
            differs: it restarts a job that stopped on a fatal error, and undoes changes made elsewhere.
        provider: What serves it; by default the stack's `EdgeConfigurationProvider`.
    """

    removal_policy: RemovalPolicy
    hub_move: HubMove
    wait_for_sync: bool
    sync_timeout: Duration
    sync_token: str | None
    provider: EdgeConfigurationProvider | None


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """The options, with what holds where none is given."""

    removal_policy: RemovalPolicy = RemovalPolicy.RETAIN
    hub_move: HubMove = HubMove.FORBIDDEN
    wait_for_sync: bool = True
    sync_timeout: Duration | None = None
    sync_token: str | None = None
    provider: EdgeConfigurationProvider | None = None

    @property
    def may_delete(self) -> bool:
        """Whether a Delete may ever be sent to the service for this edge configuration."""
        destroyed = HANDLER_POLICIES.get(self.removal_policy) == "DESTROY"
        return destroyed or self.hub_move == HubMove.ALLOWED or is_token(self.hub_move)

    def properties(self, builder: EdgeConfigBuilder) -> dict[str, object]:
        """The custom resource's properties that tell the handler; faults go to the builder."""
        policy = HANDLER_POLICIES.get(self.removal_policy) or getattr(self.removal_policy, "name", None)
        return {
            "RemovalPolicy": policy,
            "HubMove": to_plain(self.hub_move),
            "WaitForSync": self.wait_for_sync,
            "SyncTimeoutInSeconds": _DEFAULT_SYNC_SECONDS
            if self.sync_timeout is None
            else builder.seconds("sync_timeout", self.sync_timeout),
            **drop_none(SyncToken=self.sync_token),
        }


def service_timeout(sync_timeout_seconds: float) -> int:
    """Return CloudFormation's ServiceTimeout, in seconds: with time for a roll back, and for the answer.

    For a sync time-out that is known only at deployment it is the longest that CloudFormation takes. The handler knows
    the value, and answers in time; CloudFormation's own time-out is there for a handler that does not answer at all.
    """
    if is_token(sync_timeout_seconds):
        # A number token is a huge negative float: to calculate with it gives a number that means nothing.
        return _MAX_SERVICE_TIMEOUT_SECONDS
    request = max(int(sync_timeout_seconds), _LEAST_REQUEST_SECONDS)
    return min(request + _ANSWER_SECONDS, _MAX_SERVICE_TIMEOUT_SECONDS)
