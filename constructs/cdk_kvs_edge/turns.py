"""Turns of throttled requests: the times over which the state machine spreads them.

Kinesis Video Streams accepts 10 StartEdgeConfigurationUpdate per second in an account and region. A stack knows its own
size only, so a deployment of several stacks at once has to state how many edge configurations compete.
"""

from collections.abc import Iterator

from constructs import Construct

from cdk_kvs_edge.arguments import Arguments
from cdk_kvs_edge.tokens import is_token

CONTEXT_KEY = "cdk-kvs-edge:deployed-at-once"
"""Context key for the number of edge configurations that are deployed at once in an account and region."""

SYNC_MARGIN_SECONDS = 150
"""Minimum of a request's sync timeout beyond the last turn: for its sync, and for another turn."""

_STARTS_PER_SECOND = 10
"""Quota of an account [StartEdgeConfigurationUpdate, Kinesis Video Streams Developer Guide, quotas]."""
_SPARE_TIME = 1.05
"""Factor of the time of all Starts: without a reserve, more requests poll and find no free Start."""
_MIN_SECONDS = 2
_MAX_OWN_SECONDS = 150
"""Without the context key: a pause must end before CloudFormation stops waiting, 180 s after the sync timeout."""
_MAX_REPEATED_SECONDS = 50
"""The Starts of a full stack, which has 500 resources."""


class Turns:
    """Number of a provider's edge configurations, and the seconds over which their throttled requests are spread."""

    def __init__(self, at_once: int | None = None) -> None:
        self.configurations: int = 0
        self._at_once = at_once
        self._shortest_timeout = float("inf")
        self._shortest: Construct | None = None

    @classmethod
    def of(cls, scope: Construct) -> "Turns":
        """Return the turns for a provider in this scope; raises ConfigurationError if the context is invalid."""
        arguments = Arguments()
        wanted = "the number of edge configurations that are deployed at once, like 10000"
        value = arguments.checked(CONTEXT_KEY, scope.node.try_get_context(CONTEXT_KEY), _is_number, wanted)
        arguments.raise_faults("the context is invalid:")
        return cls(None if value is None else int(value))

    def add(self, configuration: Construct, sync_timeout: float) -> None:
        """Count an edge configuration with its sync timeout in seconds, perhaps a token."""
        self.configurations += 1
        if not is_token(sync_timeout) and sync_timeout < self._shortest_timeout:
            self._shortest_timeout, self._shortest = sync_timeout, configuration

    @property
    def first_seconds(self) -> int:
        """Time over which requests are spread that were throttled once: the service's for all Starts."""
        if self._at_once is not None:
            return max(_MIN_SECONDS, int(self._at_once * _SPARE_TIME / _STARTS_PER_SECOND))
        return min(max(_MIN_SECONDS, self.configurations // _STARTS_PER_SECOND), _MAX_OWN_SECONDS)

    @property
    def next_seconds(self) -> int:
        """Pause of a request that is throttled again."""
        return min(self.first_seconds, _MAX_REPEATED_SECONDS)

    def faults(self) -> Iterator[str]:
        """Yield a fault if a request can time out before its turn."""
        needed = self.first_seconds + SYNC_MARGIN_SECONDS
        if self._at_once is not None and self._shortest is not None and self._shortest_timeout < needed:
            yield (
                f"{self._shortest.node.path} has a sync_timeout of {self._shortest_timeout:g} s, but "
                f"{self._at_once:,} edge configurations that are deployed at once ({CONTEXT_KEY}) take "
                f"{self.first_seconds:,} s to start: give it at least {needed:,} s, or deploy fewer at once"
            )


def _is_number(value: object) -> bool:
    """Return whether a value of the context is a whole number, perhaps as text from `cdk deploy -c`."""
    if isinstance(value, str):
        return value.isascii() and value.isdigit() and int(value) >= 1
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 1 and value == int(value)
