"""The AWS session of a command: credentials, account, and clients by region."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.edge_client import EdgeClient
from kvs_edge_gitops.aws.failures import failure
from kvs_edge_gitops.aws.parallel import WORKERS
from kvs_edge_gitops.errors import AwsError
from kvs_edge_preflight.files import Environment, hub_arn
from kvs_edge_preflight.regions import region_fault

if TYPE_CHECKING:
    from mypy_boto3_kinesisvideo import KinesisVideoClient

_CONFIG = Config(
    connect_timeout=10,
    read_timeout=30,
    max_pool_connections=WORKERS,
    retries={"total_max_attempts": 1},
    user_agent_extra="kvs-edge",
)


class Aws:
    """A boto3 session with the settings of a command.

    Raises:
        AwsError: From the constructor and from each method: a request fails.
    """

    def __init__(self, settings: Settings, calls: Calls | None = None) -> None:
        self._settings = settings
        self._calls = calls or Calls()
        self._clients: dict[str, EdgeClient] = {}
        self._exports: dict[str, Mapping[str, str]] = {}
        self._lock = Lock()
        try:
            self._session = boto3.Session(profile_name=settings.profile, region_name=settings.region)
        except BotoCoreError as error:
            raise failure(error, "the credentials", settings.region or "") from error

    @property
    def region(self) -> str:
        """The region of the settings, the environment or the profile."""
        if self._session.region_name is None:
            raise AwsError("no region given: pass --region, set AWS_REGION, or set region: in the file")
        return self._session.region_name

    @cached_property
    def account(self) -> str:
        """The account of the credentials."""
        client: Any = self._client("sts", self.region)
        return str(self._call("sts:GetCallerIdentity", self.region, client.get_caller_identity)["Account"])

    def edge(self, region: str | None = None) -> EdgeClient:
        """Return the client for a region, by default that of the settings."""
        region = region or self.region
        with self._lock:
            if region not in self._clients:
                _check(region)
                client = cast("KinesisVideoClient", self._client("kinesisvideo", region))
                self._clients[region] = EdgeClient(client, region, self._calls)
            return self._clients[region]

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
            raise failure(error, action, region) from error

    def _client(self, service: str, region: str) -> Any:
        try:
            return self._session.client(
                service,  # type: ignore[call-overload] # a name, not one literal
                region_name=region,
                endpoint_url=self._settings.endpoint_url,
                config=_CONFIG,
            )
        except (BotoCoreError, ValueError) as error:  # ValueError: an endpoint that is not a URL
            raise failure(error, service, region) from error


def _check(region: str) -> None:
    """Raise AwsError for a region without the edge API: its endpoint would be a host that does not exist."""
    if fault := region_fault(region):
        raise AwsError(fault)
