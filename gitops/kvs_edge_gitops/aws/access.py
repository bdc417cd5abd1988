"""The AWS session of a command: credentials, account, and clients by region."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.utils import get_environ_proxies

from kvs_edge_gitops.aws import credentials, network
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.connections import Connections
from kvs_edge_gitops.aws.edge_client import EdgeClient
from kvs_edge_gitops.aws.failures import NO_REGION, configuration_failure
from kvs_edge_gitops.aws.greengrass_client import GreengrassClient
from kvs_edge_gitops.aws.parallel import WORKERS
from kvs_edge_gitops.aws.secrets_client import SecretsClient
from kvs_edge_gitops.aws.session import make_session
from kvs_edge_gitops.aws.stack_client import StackClient
from kvs_edge_gitops.errors import AwsError
from kvs_edge_preflight.files import Environment, hub_arn
from kvs_edge_preflight.regions import region_fault

if TYPE_CHECKING:
    from mypy_boto3_kinesisvideo import KinesisVideoClient

_CONFIG = Config(retries={"total_max_attempts": 1}, user_agent_extra="kvs-edge")


class Timeouts(NamedTuple):
    """Seconds to wait for a connection to AWS, and for each part of a response."""

    connect: float
    read: float


_TIMEOUTS = Timeouts(connect=10.0, read=30.0)


class Aws:
    """A session with the settings of a command.

    Raises:
        AwsError: From the constructor and from each method: a request fails.
    """

    def __init__(self, settings: Settings, calls: Calls | None = None, timeouts: Timeouts = _TIMEOUTS) -> None:
        self._settings = settings
        self._calls = calls or Calls()
        self._clients: dict[str, EdgeClient] = {}
        self._stack_clients: dict[str, StackClient] = {}
        self._exports: dict[str, Mapping[str, str]] = {}
        self._lock = Lock()
        self._regions_of_files: tuple[str, ...] = ()
        self._has_credentials = False
        self._timeouts = timeouts
        try:
            # botocore reads AWS_DEFAULT_REGION only.
            region = settings.region or os.environ.get("AWS_REGION") or None
            self._session = make_session(settings.profile, region)
            self._region: str | None = self._session.get_config_variable("region") or None
            ca_bundle = network.ca_bundle_setting(self._session.get_config_variable("ca_bundle"))
        except BotoCoreError as error:
            raise configuration_failure(error) from error
        self._authorities = network.authorities(ca_bundle)

    @property
    def region(self) -> str:
        """The region of the settings, the environment or the profile, in the order of the AWS CLI v2.

        --region, AWS_REGION, AWS_DEFAULT_REGION, the profile's region
        [https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html].
        """
        if self._region is None:
            raise AwsError(NO_REGION)
        return self._region

    @property
    def configured_region(self) -> str | None:
        """The region of the settings, the environment or the profile; None if none of them has one."""
        return self._region

    def offer_regions(self, regions: Iterable[str | None]) -> None:
        """Use the first of the files' regions for the request that any region answers, if no other region is set."""
        self._regions_of_files = tuple(region for region in regions if region)

    def assume_account(self, account: str) -> None:
        """Take the account of the files for that of the credentials, for a command without requests of its own."""
        self.__dict__["account"] = account

    @cached_property
    def account(self) -> str:
        """The account of the credentials."""
        region = self._region or next(iter(self._regions_of_files), None) or self.region
        client: Any = self._client("sts", region)
        return str(self._call("sts:GetCallerIdentity", region, client.get_caller_identity)["Account"])

    def edge(self, region: str | None = None) -> EdgeClient:
        """Return the client for a region, by default that of the settings."""
        region = region or self.region
        with self._lock:
            if region not in self._clients:
                _check(region)
                client = cast("KinesisVideoClient", self._client("kinesisvideo", region))
                self._clients[region] = EdgeClient(client, region, self._calls)
            return self._clients[region]

    def stacks(self, region: str) -> StackClient:
        """Return the client for the stacks of a region."""
        if region not in self._stack_clients:
            self._stack_clients[region] = StackClient(self._client("cloudformation", region), region, self._calls)
        return self._stack_clients[region]

    def secrets(self, region: str) -> SecretsClient:
        """Return the client for the secrets of a region."""
        with self._lock:
            return SecretsClient(self._client("secretsmanager", region), region, self._calls)

    def greengrass(self, region: str) -> GreengrassClient:
        """Return the client for the Greengrass core devices of a region."""
        return GreengrassClient(self._client("greengrassv2", region), region, self._calls)

    def exports(self, region: str) -> Mapping[str, str]:
        """Return the exports of all stacks of a region by name; they are fetched once."""
        if region not in self._exports:
            self._exports[region] = self._fetch_exports(region)
        return self._exports[region]

    def hub_arns(self, hubs: Sequence[str]) -> list[str]:
        """Return the ARNs of hubs without duplicates; a hub given by name is in the session's region and account."""
        if all(hub.startswith("arn:") for hub in hubs):
            return list(dict.fromkeys(hubs))
        pseudo = Environment(self.region, self.account).pseudo
        return list(dict.fromkeys(hub_arn(hub, pseudo) for hub in hubs))

    def _fetch_exports(self, region: str) -> Mapping[str, str]:
        client: Any = self._client("cloudformation", region)
        found: dict[str, str] = {}
        page: Any = {}
        while True:
            more = {"NextToken": page["NextToken"]} if page else {}
            page = self._call("cloudformation:ListExports", region, partial(client.list_exports, **more))
            found.update((export["Name"], export["Value"]) for export in page.get("Exports", ()))
            if not page.get("NextToken"):
                return found

    def _call(self, action: str, region: str, call: Callable[[], Any]) -> Any:
        try:
            return self._calls.make(action, region, call)
        except ClientError as error:
            raise self._calls.failure(error, action, region) from error

    def _client(self, service: str, region: str) -> Any:
        self._resolve_credentials(region)
        client = self._make_client(service, region)
        connections = self._connections(client.meta.endpoint_url)
        client.meta.events.register("before-send", lambda request, **_: connections.send(request))
        return client

    def _connections(self, url: str) -> Connections:
        """Return the connections to an endpoint. A proxy elsewhere does not reach this machine."""
        return Connections(
            self._authorities,
            keepalive=self._session.get_config_variable("tcp_keepalive"),
            proxies={} if network.is_on_this_machine(url) else get_environ_proxies(url),
            timeout=self._timeouts,
            max_pool_connections=WORKERS,
        )

    def _resolve_credentials(self, region: str) -> None:
        if self._has_credentials:
            return
        if self._region is None:
            # A role is assumed with a request of its own.
            self._session.set_config_variable("region", region)
        self._calls.redact.add(credentials.resolve(self._session))
        self._has_credentials = True

    def _make_client(self, service: str, region: str) -> Any:
        try:
            return self._session.create_client(
                service,
                region_name=region,
                endpoint_url=self._settings.endpoint_url,
                config=_CONFIG,
            )
        except (BotoCoreError, ValueError) as error:
            # ValueError: an endpoint that is not a URL
            raise configuration_failure(error) from error


def _check(region: str) -> None:
    """Raise AwsError for a region without the edge API: its endpoint would be a host that does not exist."""
    if fault := region_fault(region):
        raise AwsError(fault)
