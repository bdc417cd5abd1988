"""CloudFormation of all accounts and regions, in place of moto's own."""

import threading
from collections.abc import Mapping

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.assumptions import Assumptions
from kvs_edge_local.cloudformation.engine import Engine
from kvs_edge_local.cloudformation.exchanges import Exchanges
from kvs_edge_local.cloudformation.faults import Fault, Faults
from kvs_edge_local.cloudformation.hotswap import Hotswap
from kvs_edge_local.cloudformation.identity import StackIdentity
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.resources.api import Api
from kvs_edge_local.cloudformation.resources.custom import CustomResource, Send
from kvs_edge_local.cloudformation.responses import CloudFormationResponse
from kvs_edge_local.cloudformation.sources import ApiSources
from kvs_edge_local.cloudformation.stack import Timestamps
from kvs_edge_local.iam.roles import is_of_function
from kvs_edge_local.moto_cloudformation import urls
from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.response_urls import ResponseUrls


class CloudFormation:
    """Engines of all accounts and regions; created by `install`.

    `exchanges` holds the custom resource requests and responses. `assumptions` may be set at any time; a change applies
    to operations that start later.
    """

    def __init__(
        self,
        clock: Clock,
        urls_for_answers: ResponseUrls,
        send: Send,
        endpoint_url: str,
        credentials: Mapping[str, str],
    ) -> None:
        self.exchanges = Exchanges(clock)
        self.assumptions = Assumptions()
        self.faults = Faults(clock)
        self._clock = clock
        self._endpoint_url = endpoint_url
        self._credentials = credentials
        self._custom = CustomResource(clock, urls_for_answers, self.exchanges, send, self._assumed)
        self._timestamps = Timestamps(clock)
        self._lock = threading.Lock()
        self._engines: dict[tuple[str, str], Engine] = {}
        self._hotswaps: dict[tuple[str, str], Hotswap] = {}
        self._replacements = Patches()
        CloudFormationResponse.engines = self
        self._replacements.item(urls.url_paths, "{0}/$", CloudFormationResponse.dispatch)

    def engine(self, account: str, region: str) -> Engine:
        """Return the engine of an account and region."""
        with self._lock:
            if (account, region) not in self._engines:
                self._engines[account, region] = self._new_engine(account, region)
            return self._engines[account, region]

    def inject(self, fault: Fault) -> None:
        """Inject a fault of CloudFormation's own API."""
        self.faults.add(fault)

    def apply_fault(self, operation: str, stack: StackIdentity | None, access_key: str) -> float | None:
        """Return the time whose state a caller's operation reads, None for now; raise the error of a fault."""
        return self.faults.apply(operation, stack) if is_of_function(access_key) else None

    def hotswap(self, account: str, region: str) -> Hotswap:
        """Return the hotswap access to the resources of an account and region."""
        self.engine(account, region)
        return self._hotswaps[account, region]

    def stop(self) -> None:
        """Stop every operation without a rollback, and restore moto's own CloudFormation."""
        self.exchanges.deliveries.stop()
        for engine in list(self._engines.values()):
            engine.close()
        self._replacements.undo()

    def _new_engine(self, account: str, region: str) -> Engine:
        api = Api(self._endpoint_url, region, self._credentials)
        registry = Registry(self._clock, api, self._custom)
        sources, assumed = ApiSources(api), self._assumed
        engine = Engine(account, region, registry, sources, self._timestamps, assumptions=assumed)
        self._hotswaps[account, region] = Hotswap(engine, registry)
        return engine

    def _assumed(self) -> Assumptions:
        return self.assumptions


def install(
    clock: Clock,
    urls_for_answers: ResponseUrls,
    send: Send,
    endpoint_url: str,
    credentials: Mapping[str, str],
) -> CloudFormation:
    """Replace moto's CloudFormation by this one.

    `send` passes an event to the function of a ServiceToken; `endpoint_url` and `credentials` are for the calls that
    create ordinary resources. Call this before the server's first request.
    """
    return CloudFormation(clock, urls_for_answers, send, endpoint_url, credentials)
