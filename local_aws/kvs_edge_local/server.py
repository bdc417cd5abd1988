"""The local AWS: moto's server with the additions that this project needs."""

import os
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, ClassVar, Self

from botocore.config import Config
from moto.moto_api._internal.models import moto_api_backend

from kvs_edge_local import cloudformation, edge, event_bus, lambdas, monitoring, scheduler, stepfunctions
from kvs_edge_local.call_fault_middleware import CallFaultMiddleware
from kvs_edge_local.clock import Clock
from kvs_edge_local.cloud_control import CloudControl
from kvs_edge_local.cloudformation import CloudFormation
from kvs_edge_local.cloudformation.hotswap import Hotswap
from kvs_edge_local.control import ControlApi
from kvs_edge_local.edge import EdgeApi, LocalEdgeService, Settings
from kvs_edge_local.event_bus import EventBus
from kvs_edge_local.http_server import HOST, HttpServer, listening, moto_application
from kvs_edge_local.iam import Authorizer, IamMiddleware, read_policies_once
from kvs_edge_local.lambdas import DEFAULT_ACCOUNT_CONCURRENCY, Lambdas
from kvs_edge_local.minutes import Minutes
from kvs_edge_local.monitoring import Monitoring
from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.moto_requests import look_up_cheaply
from kvs_edge_local.response_urls import ResponseUrls
from kvs_edge_local.scheduler import Scheduler
from kvs_edge_local.sessions import new_session
from kvs_edge_local.stepfunctions import StepFunctions
from kvs_edge_local.tls import LocalAuthority
from kvs_edge_local.unsupported import UnsupportedOperations

ACCOUNT = "123456789012"
DEFAULT_REGION = "eu-central-1"
LOCAL_HOSTS = ("localhost", "127.0.0.1")


class AlreadyRunningError(RuntimeError):
    """A local AWS already runs in this process."""


class LocalAws:
    """AWS on this machine, for the duration of its `with` block or until `stop`.

    `port` 0 takes a free port. `time_scale` is the number of its seconds per real second. `account_concurrency` is the
    number of events that its functions may handle at once: new accounts have 10. A process can have one local AWS,
    since moto keeps its state in modules. Its state is gone when it stops.
    """

    _running: ClassVar["LocalAws | None"] = None
    _running_lock: ClassVar[threading.Lock] = threading.Lock()

    clock: Clock
    edge: LocalEdgeService
    lambdas: Lambdas
    stepfunctions: StepFunctions
    cloudformation: CloudFormation
    response_urls: ResponseUrls
    authorizer: Authorizer
    monitoring: Monitoring
    scheduler: Scheduler
    events: EventBus

    def __init__(
        self,
        port: int = 0,
        time_scale: float = 1.0,
        *,
        region: str = DEFAULT_REGION,
        edge_settings: Settings | None = None,
        account_concurrency: int = DEFAULT_ACCOUNT_CONCURRENCY,
    ) -> None:
        self.region = region
        self.account = ACCOUNT
        self._port = port
        self._time_scale = time_scale
        self._edge_settings = edge_settings
        self._account_concurrency = account_concurrency
        self._started = ExitStack()
        self._clients: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Start all services.

        Raise PortTakenError, and AlreadyRunningError if this process has a local AWS already.
        """
        with ExitStack() as starting:
            starting.enter_context(self._only_one())
            listener = starting.enter_context(listening(self._port))
            self._port = listener.getsockname()[1]
            self._compose(starting, listener)
            self._started = starting.pop_all()
        return self

    def stop(self) -> None:
        """Stop all services and discard their state. Stopping twice is a no-op."""
        self._clients.clear()
        self._started.close()

    @property
    def port(self) -> int:
        """Listening port."""
        return self._port

    @property
    def endpoint_url(self) -> str:
        """Endpoint of every service."""
        return f"http://{HOST}:{self._port}"

    def environment(self) -> dict[str, str]:
        """Return the environment variables for a client of this AWS: an SDK, the AWS CLI, the CDK CLI."""
        no_proxy = _without_proxy(os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or "")
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ENDPOINT_URL_S3": self.endpoint_url,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            # A role of this machine or a profile's region must not interfere.
            "AWS_EC2_METADATA_DISABLED": "true",
            # Neither may a proxy, which would look for localhost on its own machine.
            "NO_PROXY": no_proxy,
            "no_proxy": no_proxy,
            **credentials(),
        }

    def client(self, service: str) -> Any:
        """Return a boto3 client for a service of this AWS, cached because its creation is slow."""
        if service not in self._clients:
            self._clients[service] = self._make_client(service)
        return self._clients[service]

    def _make_client(self, service: str) -> Any:
        return new_session().client(
            service,  # type: ignore[call-overload] # a name, not one literal
            region_name=self.region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=credentials()["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=credentials()["AWS_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}, proxies={}),
        )

    def _compose(self, stack: ExitStack, listener: socket.socket) -> None:
        self.clock = Clock(self._time_scale)
        stack.enter_context(self.clock.beating())
        # The last reset, when moto would not load AWS's managed policies again.
        stack.callback(moto_api_backend.reset)
        stack.enter_context(_environment({"MOTO_PORT": str(self.port), "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}))
        patches = Patches()
        read_policies_once(patches)
        look_up_cheaply(patches)
        stack.callback(patches.undo)
        moto_api_backend.reset()
        authority = LocalAuthority()
        stack.callback(authority.close)
        self.response_urls = ResponseUrls(self.clock, authority)
        stack.callback(self.response_urls.stop)
        self.edge = edge.install(self.clock, self._edge_settings)
        stack.callback(edge.uninstall)
        # Stopped after the services that use it: an operation in progress still makes calls.
        server = HttpServer(listener)
        stack.callback(server.stop)
        self.lambdas = lambdas.install(
            self.clock, authority.ca_file, self.endpoint_url, account_concurrency=self._account_concurrency
        )
        stack.callback(self.lambdas.stop)
        self.stepfunctions = stepfunctions.install(self.clock, self.endpoint_url)
        stack.callback(self.stepfunctions.stop)
        self._compose_monitoring(stack)
        self.cloudformation = cloudformation.install(
            self.clock, self.response_urls, self.lambdas.invoke_async, self.endpoint_url, credentials()
        )
        stack.callback(self.cloudformation.stop)
        self.authorizer = Authorizer(self.clock)
        self.response_urls.interruption_of = self.lambdas.outgoing_calls.answer
        cloud_control = CloudControl(UnsupportedOperations(moto_application()), self._hotswap_in, self.clock)
        services = IamMiddleware(EdgeApi(cloud_control, self.edge), self.authorizer)
        server.start(ControlApi(self, CallFaultMiddleware(services, self.lambdas.outgoing_calls.aws_call)))

    def _compose_monitoring(self, stack: ExitStack) -> None:
        self.monitoring = monitoring.install(self.clock)
        stack.callback(self.monitoring.stop)
        self.events = event_bus.install(self.clock, self.lambdas.invoke_async)
        stack.callback(self.events.stop)
        self.scheduler = scheduler.install(self.clock, self.endpoint_url)
        stack.callback(self.scheduler.stop)
        # The alarms come first: what a schedule starts at a minute belongs to the next one.
        minutes = Minutes(self.clock, [self.monitoring.evaluate, self.scheduler.run])
        stack.callback(minutes.stop)

    def _hotswap_in(self, region: str) -> Hotswap:
        return self.cloudformation.hotswap(self.account, region)

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        with LocalAws._running_lock:
            if LocalAws._running is not None:
                raise AlreadyRunningError(
                    f"a local AWS runs in this process already, at {LocalAws._running.endpoint_url}: stop it first, "
                    "or start this one in another process"
                )
            LocalAws._running = self
        try:
            yield
        finally:
            LocalAws._running = None


def known_regions() -> frozenset[str]:
    """Return the regions of all partitions that moto knows, which refuses requests to any other."""
    session = new_session()
    partitions = session.get_available_partitions()
    return frozenset(region for each in partitions for region in session.get_available_regions("cloudformation", each))


def _without_proxy(others: str) -> str:
    """Return the hosts without a proxy: the shell's, and this machine."""
    named = [host.strip() for host in others.split(",") if host.strip()]
    return ",".join(dict.fromkeys([*named, *LOCAL_HOSTS]))


def credentials() -> Mapping[str, str]:
    """Return credentials that the local AWS accepts as its owner's; they are not secret."""
    return {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
