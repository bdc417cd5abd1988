"""CloudFormation in all accounts and regions, put in the place of moto's own."""

import threading
from collections.abc import Mapping

from moto.cloudformation import urls

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
from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.response_urls import ResponseUrls


class CloudFormation:
    """The engines; made by `install`.

    `exchanges` holds what was sent to custom resources and what they answered. `assumptions` may be set at any time,
    and is in force for what begins after that.
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
        """The engine of an account and region."""
        with self._lock:
            if (account, region) not in self._engines:
                self._engines[account, region] = self._new_engine(account, region)
            return self._engines[account, region]

    def inject(self, fault: Fault) -> None:
        """Let a fault of CloudFormation's own API happen."""
        self.faults.add(fault)

    def apply_fault(self, operation: str, stack: StackIdentity | None, access_key: str) -> float | None:
        """Return the time as of which a caller's reading operation is answered, None for now; or raise the error."""
        return self.faults.apply(operation, stack) if is_of_function(access_key) else None

    def hotswap(self, account: str, region: str) -> Hotswap:
        """Return what changes the resources of an account and region past their stacks."""
        self.engine(account, region)
        return self._hotswaps[account, region]

    def stop(self) -> None:
        """Stop every operation where it stands, and give moto its own CloudFormation back."""
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
    """Put this CloudFormation in the place of moto's.

    `send` hands an event to the function that a ServiceToken names; `endpoint_url` and `credentials` are for
    the calls that make ordinary resources. To be called before the server takes its first request.
    """
    return CloudFormation(clock, urls_for_answers, send, endpoint_url, credentials)
