"""The real thing, end to end: the construct's template, deployed through CloudFormation's API to a local AWS.

There is one local AWS a worker, on a scaled clock; a test has a stack, a stream and two hubs of its own.
"""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from aws_cdk import App, CfnOutput, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo
from botocore.config import Config

from cdk_kvs_edge import EdgeConfigurationProvider, EdgeFleet, StreamEdgeConfiguration, bundle
from kvs_edge_local import LocalAws
from kvs_edge_local.cloudformation.assumptions import Assumptions as CloudFormationAssumptions
from kvs_edge_local.cloudformation.engine import Engine
from kvs_edge_local.cloudformation.exchanges import Exchange
from kvs_edge_local.edge import Behaviour, Fault, SyncStatus
from kvs_edge_local.lambdas import ReceivedEvent

HERE = Path(__file__).parent
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:camera-aBcDeF"
MEDIA_SOURCE = {"MediaUriSecretArn": SECRET, "MediaUriType": "RTSP_URI"}
PROVIDER_STACK = "edge-provider"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
MAX_ANSWER_BYTES = 4096
PATIENCE = 120.0
"""Real seconds in which whatever is waited for has happened, on a busy machine as well."""

Template = dict[str, Any]
Declare = Callable[[Stack, EdgeConfigurationProvider | None], None]


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait until the condition holds, and return what it said."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{PATIENCE:.0f} seconds have passed, and still not: {what}"
        time.sleep(0.005)
    return found


class Synthesizer:
    """Makes templates as `cdk synth` does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()

    def templates(self, name: str, declare: Declare, *, own_provider: bool) -> tuple[Template, Template]:
        """The stack's template, and that of the stack with the provider that it uses (empty if it has its own)."""
        app = App(
            analytics_reporting=False,
            outdir=str(self._folder / str(next(self._numbers))),
            context={"aws:cdk:disable-asset-staging": True},
        )
        provider = None if own_provider else EdgeConfigurationProvider(Stack(app, PROVIDER_STACK), "Provider")
        declare(Stack(app, name), provider)
        assembly = app.synth()
        shared = {} if own_provider else assembly.get_stack_by_name(PROVIDER_STACK).template
        return assembly.get_stack_by_name(name).template, shared


class Bootstrapped:
    """A region of a local AWS that `cdk deploy` could deploy to."""

    def __init__(self, aws: LocalAws, region: str) -> None:
        self.aws = aws
        self.region = region
        self.cloudformation = self.client("cloudformation")
        self.kinesisvideo = self.client("kinesisvideo")
        self._s3 = self.client("s3")
        self._bucket = f"cdk-hnb659fds-assets-{aws.account}-{region}"
        self._s3.create_bucket(Bucket=self._bucket, CreateBucketConfiguration={"LocationConstraint": region})
        self.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="21", Type="String")
        self._bundle = bundle.build().zip_bytes
        self._assets: set[str] = set()
        self._has_provider = False

    @property
    def engine(self) -> Engine:
        """CloudFormation from the inside: to wait without a call each time."""
        return self.aws.cloudformation.engine(self.aws.account, self.region)

    def client(self, service: str) -> Any:
        """A boto3 client with the owner's credentials."""
        environment = self.aws.environment()
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=self.aws.endpoint_url,
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}),
        )

    def template_url(self, name: str, template: Template) -> str:
        """Where the template is, once it and its asset are uploaded as the CDK CLI does."""
        for asset in _asset_keys(template) - self._assets:
            self._upload(asset, self._bundle)
            self._assets.add(asset)
        key = f"{name}.json"
        self._upload(key, json.dumps(template).encode())
        return f"{self.aws.endpoint_url}/{self._bucket}/{key}"

    def provide(self, template: Template) -> None:
        """Have the stack with the provider that all stacks share which have none of their own."""
        if template and not self._has_provider:
            url = self.template_url(PROVIDER_STACK, template)
            self.cloudformation.create_stack(StackName=PROVIDER_STACK, TemplateURL=url, Capabilities=CAPABILITIES)
            assert self.ended(PROVIDER_STACK) == "CREATE_COMPLETE"
            self._has_provider = True

    def ended(self, stack: str) -> str:
        """The status of a stack, once nothing is in progress any more."""
        until(lambda: not self.engine.stack(stack).status.endswith("IN_PROGRESS"), f"the operation on {stack} is over")
        return str(self.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])

    def _upload(self, key: str, content: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)


def _asset_keys(template: Template) -> set[str]:
    functions = (one for one in template["Resources"].values() if one["Type"] == "AWS::Lambda::Function")
    return {function["Properties"]["Code"]["S3Key"] for function in functions}


class EdgeStack:
    """One test's stack, and what became of it. Its stream and hubs are its own; they are there, and online."""

    def __init__(self, site: Bootstrapped, synthesizer: Synthesizer, name: str) -> None:
        self.site, self.aws, self.name = site, site.aws, name
        self._synthesizer = synthesizer
        self.stream = f"{name}-stream"
        self.hub, self.other_hub = (f"arn:aws:iot:eu-central-1:123456789012:thing/{name}-{hub}" for hub in "ab")
        self.stack_id = ""
        self.make_stream()

    # What is declared

    def template(
        self, *declarations: Mapping[str, Any], own_provider: bool = False, makes_streams: bool = False
    ) -> Template:
        """The template that declares these edge configurations: arguments of the construct, and its `id`.

        What is not given has a value that is right.
        """

        def declare(scope: Stack, provider: EdgeConfigurationProvider | None) -> None:
            for declaration in declarations or ({},):
                arguments = {
                    "id": "Edge",
                    "stream": self.stream,
                    "hub_device_arn": self.hub,
                    "media_uri_secret": SECRET,
                    **({"provider": provider} if provider else {}),
                    **declaration,
                }
                name = arguments.pop("id")
                if makes_streams:
                    arguments["stream"] = kinesisvideo.CfnStream(
                        scope, f"{name}Stream", name=arguments["stream"], data_retention_in_hours=24
                    )
                edge = StreamEdgeConfiguration(scope, name, **arguments)
                CfnOutput(scope, f"{name}Status", value=edge.sync_status)

        template, shared = self._synthesizer.templates(self.name, declare, own_provider=own_provider)
        self.site.provide(shared)
        return template

    def fleet_template(self, directory: Path) -> Template:
        """The template of all that the files of a directory declare."""

        def declare(scope: Stack, provider: EdgeConfigurationProvider | None) -> None:
            EdgeFleet.from_directory(scope, "Fleet", directory, provider=provider)

        template, shared = self._synthesizer.templates(self.name, declare, own_provider=False)
        self.site.provide(shared)
        return template

    def edge_config(self, **more: Any) -> dict[str, Any]:
        """What the template declares if it is not told otherwise, in the API's shape."""
        return {"HubDeviceArn": self.hub, "RecorderConfig": {"MediaSourceConfig": MEDIA_SOURCE}, **more}

    # What is done

    def begin_create(self, template: Template | None = None, **declared: Any) -> None:
        """Create the stack, and don't wait for it."""
        body = template or self.template(declared)
        url = self.site.template_url(self.name, body)
        created = self.site.cloudformation.create_stack(StackName=self.name, TemplateURL=url, Capabilities=CAPABILITIES)
        self.stack_id = created["StackId"]

    def begin_update(self, template: Template | None = None, **declared: Any) -> None:
        """Update the stack, and don't wait for it."""
        body = template or self.template(declared)
        url = self.site.template_url(self.name, body)
        self.site.cloudformation.update_stack(StackName=self.stack_id, TemplateURL=url, Capabilities=CAPABILITIES)

    def create(self, template: Template | None = None, **declared: Any) -> str:
        """Create the stack, and return its status at the end."""
        self.begin_create(template, **declared)
        return self.ended()

    def update(self, template: Template | None = None, **declared: Any) -> str:
        """Update the stack, and return its status at the end."""
        self.begin_update(template, **declared)
        return self.ended()

    def delete(self) -> str:
        """Delete the stack, and return its status at the end."""
        self.site.cloudformation.delete_stack(StackName=self.stack_id)
        return self.ended()

    def ended(self) -> str:
        """The stack's status, once its operation is over."""
        return self.site.ended(self.stack_id)

    def make_stream(self, name: str = "", retention: int = 24) -> str:
        """Make a stream that is not the stack's."""
        made = self.site.kinesisvideo.create_stream(StreamName=name or self.stream, DataRetentionInHours=retention)
        return str(made["StreamARN"])

    def delete_stream(self) -> None:
        """Delete the stream behind the stack's back."""
        client = self.site.kinesisvideo
        client.delete_stream(StreamARN=client.describe_stream(StreamName=self.stream)["StreamInfo"]["StreamARN"])

    def start_out_of_band(self, stream: str = "", **more: Any) -> None:
        """Somebody else gives a stream an edge configuration: the declared one, and more."""
        self.site.kinesisvideo.start_edge_configuration_update(
            StreamName=stream or self.stream, EdgeConfig=self.edge_config(**more)
        )

    def delete_out_of_band(self) -> None:
        """Somebody else deletes the stream's edge configuration."""
        self.site.kinesisvideo.delete_edge_configuration(StreamName=self.stream)

    def set_hub(self, behaviour: Behaviour, hub: str | None = None) -> None:
        """Let a hub behave like this from now on."""
        self.aws.edge.set_hub(hub or self.hub, behaviour)

    def inject(self, operation: str, code: str, times: int = 1, *, stream: str = "", **more: Any) -> None:
        """Let calls for a stream fail."""
        self.aws.edge.inject(Fault(operation, code, times, stream or self.stream, **more))

    def assume(self, **assumptions: Any) -> None:
        """Answer open questions about the service, for the rest of the test."""
        settings = self.aws.edge.settings
        self.aws.edge.settings = replace(settings, assumptions=replace(settings.assumptions, **assumptions))

    # What became of it

    def exchanges(self, request_type: str = "", logical_id: str = "") -> list[Exchange]:
        """The stack's custom resource requests, and how they were answered."""
        return [
            exchange
            for exchange in self.aws.cloudformation.exchanges.all()
            if exchange.event["StackId"] == self.stack_id
            and request_type in {"", exchange.event["RequestType"]}
            and str(exchange.event["LogicalResourceId"]).startswith(logical_id)
        ]

    def response(self, request_type: str = "") -> dict[str, Any]:
        """The latest answer that counted."""
        counted = [one.body for exchange in self.exchanges(request_type) for one in exchange.responses if one.counted]
        answer: dict[str, Any] = json.loads(counted[-1])
        return answer

    def reason(self) -> str:
        """Why a resource failed first, as CloudFormation shows it to people."""
        events = self.site.cloudformation.describe_stack_events(StackName=self.stack_id)["StackEvents"]
        failed = [event["ResourceStatusReason"] for event in events if "Message returned" in str(event)]
        return str(failed[-1]) if failed else ""

    def history(self) -> str:
        """Return the events of this test's stacks, one line each."""
        stacks = [one for one in self.site.engine.all_stacks() if one.identity.name.startswith(self.name)]
        return "\n".join(
            f"{event.timestamp:.3f} {one.identity.name} {event.logical_id} {event.status} {event.reason or ''}"
            for one in stacks
            for event in one.events
        )

    def log(self, message: str) -> list[dict[str, Any]]:
        """What the functions logged for this stack under that message."""
        functions = {event.function_name for event in self.aws.lambdas.received_events()}
        lines = [line.as_json() for name in functions for line in self.aws.lambdas.logs(name)]
        return [
            line for line in lines if line and line.get("stack") == self.stack_id and line.get("message") == message
        ]

    def until_logged(self, message: str, times: int) -> list[dict[str, Any]]:
        """Wait until the functions have logged that message so many times."""
        until(lambda: len(self.log(message)) >= times, f"{message!r} was logged {times} times")
        return self.log(message)

    def ticks(self) -> list[ReceivedEvent]:
        """The invocations of the tick function for this stack."""
        received = self.aws.lambdas.received_events()
        states = [(one, one.payload.get("State", {})) for one in received]
        return [one for one, state in states if state.get("Event", {}).get("StackId") == self.stack_id]

    def function(self, handler: str) -> str:
        """The name of the function with that handler in a stack that has its own provider."""
        found = self.site.cloudformation.describe_stack_resources(StackName=self.stack_id)["StackResources"]
        functions = [one["PhysicalResourceId"] for one in found if one["ResourceType"] == "AWS::Lambda::Function"]
        return str(next(name for name in functions if handler in name))

    def writes(self, stream: str = "") -> list[str]:
        """What the handler wrote: Start and Delete in the order in which the service took them."""
        return [
            call.operation.removesuffix("EdgeConfigurationUpdate").removesuffix("EdgeConfiguration")
            for call in self.aws.edge.writes(stream or self.stream)
            if "assumed-role" in call.caller
        ]

    def status(self, stream: str = "") -> SyncStatus | None:
        """The status of the stream's latest edge configuration; GONE if it was deleted, None if there never was one."""
        history = self.aws.edge.history(stream or self.stream)
        return history.status if history else None

    def configuration(self, stream: str = "") -> Mapping[str, Any]:
        """The stream's latest edge configuration, as it was sent."""
        history = self.aws.edge.history(stream or self.stream)
        assert history is not None, f"stream {stream or self.stream} never had an edge configuration"
        return history.edge_config

    def until_written(self, *writes: str) -> None:
        """Wait until the handler has written that."""
        until(lambda: self.writes() == list(writes), f"the handler has written {writes}, not {self.writes()}")

    def until_status(self, *statuses: SyncStatus, stream: str = "") -> None:
        """Wait until the stream's edge configuration has one of these statuses."""
        until(lambda: self.status(stream) in statuses, f"the configuration is {statuses}")

    def until_polled(self) -> None:
        """Wait until the handler looks again, from now on."""
        before = len(self.polls())
        until(lambda: len(self.polls()) > before, "the handler has looked again")

    def until_quiet(self) -> None:
        """Wait until no execution runs any more: nobody is left who could write."""
        executions = self.aws.stepfunctions.executions
        until(lambda: all(each.exec_status != "RUNNING" for each in executions()), "every execution is over")

    def check_what_always_holds(self) -> None:
        """Whatever has happened: small answers, none that differs from another, and no log that tells a ResponseURL."""
        for exchange in self.exchanges():
            bodies = {answer.body for answer in exchange.responses}
            assert all(len(body.encode()) <= MAX_ANSWER_BYTES for body in bodies)
            assert len({_meaning(body) for body in bodies}) <= 1, bodies
        events = [event for event in self.aws.lambdas.received_events() if self.stack_id in json.dumps(event.payload)]
        signatures = {_signature(event.payload) for event in events}
        lines = [
            line.message for name in {event.function_name for event in events} for line in self.aws.lambdas.logs(name)
        ]
        lines += [str(event.reason) for event in self.site.engine.stack(self.stack_id).events] if self.stack_id else []
        for signature in signatures:
            assert not [line for line in lines if signature in line]

    def polls(self, stream: str = "") -> list[Any]:
        """The handler's looks at the stream."""
        calls = self.aws.edge.calls("DescribeEdgeConfiguration", stream or self.stream)
        return [call for call in calls if "assumed-role" in call.caller]


def _meaning(body: str) -> tuple[str, ...]:
    answer = json.loads(body)
    return answer["Status"], answer["Reason"], answer["PhysicalResourceId"]


def _signature(payload: Mapping[str, Any]) -> str:
    """Return what is secret in the ResponseURL of an event, or of a state that carries one: its query."""
    state = payload.get("State", payload)
    query = urlsplit(state.get("Event", state)["ResponseURL"]).query
    signed = parse_qs(query)
    return str(next((signed[name][0] for name in ("X-Amz-Signature", "Signature") if name in signed), query))


class Sites:
    """A local AWS on a clock of the scale that is asked for: the same one as long as it is the same scale."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self._sites: dict[str, Bootstrapped] = {}
        self._time_scale = 0.0
        self._aws: LocalAws | None = None

    def site(self, time_scale: float, region: str) -> Bootstrapped:
        """A region of it."""
        if self._aws is None or time_scale != self._time_scale:
            self.close()
            self._aws = self._running.enter_context(LocalAws(time_scale=time_scale))
            self._time_scale = time_scale
        if region not in self._sites:
            self._sites[region] = Bootstrapped(self._aws, region)
        return self._sites[region]

    def close(self) -> None:
        """Stop it."""
        self._running.close()
        self._sites.clear()
        self._aws = None


SITES = pytest.StashKey[Sites]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Stop the local AWS with the folder's last test: others have a moto of their own in this process."""
    yield
    if SITES in item.config.stash and (nextitem is None or HERE not in nextitem.path.parents):
        item.config.stash[SITES].close()


@pytest.fixture(scope="session")
def synthesizer(tmp_path_factory: pytest.TempPathFactory) -> Synthesizer:
    return Synthesizer(tmp_path_factory.mktemp("cdk.out"))


@pytest.fixture(scope="module")
def time_scale() -> float:
    """Fifteen minutes in four and a half seconds. A module whose promises are finer has a scale of its own."""
    return 200.0


@pytest.fixture(scope="module")
def region() -> str:
    return "eu-central-1"


@pytest.fixture
def site(request: pytest.FixtureRequest, time_scale: float, region: str) -> Iterator[Bootstrapped]:
    """The local AWS; what a test sets is as it was after it."""
    site = request.config.stash.setdefault(SITES, Sites()).site(time_scale, region)
    settings = site.aws.edge.settings
    yield site
    site.aws.edge.settings = settings
    site.aws.authorizer.propagation_seconds = 0.0
    site.aws.cloudformation.assumptions = CloudFormationAssumptions()
    site.aws.cloudformation.faults.clear()
    site.aws.cloudformation.exchanges.deliveries.forget()
    site.aws.cloudformation.exchanges.reuse_request_ids = False


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture
def stack(site: Bootstrapped, synthesizer: Synthesizer, numbers: Iterator[int]) -> Iterator[EdgeStack]:
    """A stack that is not there yet. After the test, what always holds is held against what happened."""
    stack = EdgeStack(site, synthesizer, f"camera-{next(numbers)}")
    yield stack
    stack.check_what_always_holds()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add the events of a failed test's stacks to its report: the status alone does not say why."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(stack, EdgeStack):
        report.sections.append(("stack events", stack.history()))
    return report
