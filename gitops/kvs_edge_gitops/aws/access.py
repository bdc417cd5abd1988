"""The AWS that a command asks: its credentials, its account, and its services region by region."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge.configuration import REGIONS_WITHOUT_EDGE
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.edge_service import EdgeService
from kvs_edge_gitops.aws.failures import failure
from kvs_edge_gitops.aws.many import WORKERS
from kvs_edge_gitops.cli import AwsError
from kvs_edge_preflight.files import Environment, hub_arn

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
    """One session of boto3, made of the settings of a command.

    Raises:
        AwsError: From the constructor and from each method: AWS can't be asked.
    """

    def __init__(self, settings: Settings, calls: Calls | None = None) -> None:
        self._settings = settings
        self._calls = calls or Calls()
        self._services: dict[str, EdgeService] = {}
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
            raise AwsError("no region is known: pass --region, set AWS_REGION, or write region: into the file")
        return self._session.region_name

    @cached_property
    def account(self) -> str:
        """The account that the credentials are of."""
        client: Any = self._client("sts", self.region)
        return str(self._ask("sts:GetCallerIdentity", self.region, client.get_caller_identity)["Account"])

    def edge(self, region: str | None = None) -> EdgeService:
        """Kinesis Video Streams in a region; in that of the settings unless another is given."""
        region = region or self.region
        with self._lock:
            if region not in self._services:
                self._check(region)
                client = cast("KinesisVideoClient", self._client("kinesisvideo", region))
                self._services[region] = EdgeService(client, region, self._calls)
            return self._services[region]

    def exports(self, region: str) -> Mapping[str, str]:
        """What the stacks of a region export, by the exports' names; it is asked once."""
        if region not in self._exports:
            self._exports[region] = self._ask_for_exports(region)
        return self._exports[region]

    def hub_arns(self, hubs: Sequence[str]) -> list[str]:
        """The ARNs of hubs, each once; one that is given by its name is of the region and account that are asked."""
        if all(hub.startswith("arn:") for hub in hubs):
            return list(dict.fromkeys(hubs))
        pseudo = Environment(self.region, self.account).pseudo
        return list(dict.fromkeys(hub_arn(hub, pseudo) for hub in hubs))

    def _ask_for_exports(self, region: str) -> Mapping[str, str]:
        client: Any = self._client("cloudformation", region)
        found: dict[str, str] = {}
        page: Any = {}
        while True:
            more = {"NextToken": page["NextToken"]} if page else {}
            page = self._ask("cloudformation:ListExports", region, partial(client.list_exports, **more))
            found.update((export["Name"], export["Value"]) for export in page.get("Exports", ()))
            if not page.get("NextToken"):
                return found

    def _ask(self, action: str, region: str, call: Callable[[], Any]) -> Any:
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
        except (BotoCoreError, ValueError) as error:  # ValueError: an endpoint that is no URL
            raise failure(error, service, region) from error

    def _check(self, region: str) -> None:
        """Refuse a region that has no edge API: its endpoint would be a host that is not there."""
        partitions = self._session.get_available_partitions()
        known = {name for one in partitions for name in self._session.get_available_regions("kinesisvideo", one)}
        if region in REGIONS_WITHOUT_EDGE or region not in known:
            has = ", ".join(sorted(known - REGIONS_WITHOUT_EDGE))
            raise AwsError(f"Kinesis Video Streams has no edge configurations in {region}; it has them in {has}")
