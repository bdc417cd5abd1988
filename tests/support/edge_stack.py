"""Stack with edge configurations, deployed through CloudFormation's API, and its results."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aws_cdk import Duration, Fn, Stack

from cdk_kvs_edge import EdgeConfigurationProvider, EdgeFleet, ScheduleConfig
from kvs_edge_local.cloudformation.exchanges import Exchange
from kvs_edge_local.edge import Behaviour, Fault, SyncStatus
from kvs_edge_local.lambdas import ReceivedEvent
from support.bootstrapped_region import CAPABILITIES, BootstrappedRegion
from support.declarations import edge_config, hub_arn, media_secret
from support.stack_templates import StackTemplates
from support.synthesis import PROVIDER_STACK, Synthesizer, Template
from support.waiting import released, until

MAX_RESPONSE_BYTES = 4096

# A token: synthesis would refuse the expression if it could see it.
UNREADABLE = ScheduleConfig(expression=Fn.join(" ", ["0 0 99", "* * ? *"]), duration=Duration.minutes(1))
"""Schedule that Quartz cannot parse."""


class EdgeStack:
    """Stack of one test, with a stream and two online hubs of its own."""

    def __init__(
        self, site: BootstrappedRegion, synthesizer: Synthesizer, templates: StackTemplates, name: str, hub_region: str
    ) -> None:
        self.site, self.aws, self.name = site, site.aws, name
        self._synthesizer, self._templates = synthesizer, templates
        self.stream = f"{name}-stream"
        self.hub, self.other_hub = (hub_arn(f"{name}-{hub}", region=hub_region) for hub in "ab")
        self.stack_id = ""
        self._first_event = len(self.aws.lambdas.received_events())
        self._secret = media_secret(region=hub_region)
        self._provider = PROVIDER_STACK
        self.make_stream()

    # Declarations

    def template(
        self, *declarations: Mapping[str, Any], own_provider: bool = False, makes_streams: bool = False
    ) -> Template:
        """Return a template that declares edge configurations: arguments of the construct, and its `id`.

        Omitted arguments have valid values.
        """
        defaults = {
            "id": "Edge",
            "stream": self.stream,
            "hub_device_arn": self.hub,
            "media_uri_secret": self._secret,
        }
        template, shared = self._templates.templates(
            self.name,
            [{**defaults, **declaration} for declaration in declarations or ({},)],
            own_provider=own_provider,
            makes_streams=makes_streams,
        )
        self.site.provide(shared)
        return template if own_provider else self._with_provider(template)

    def use_provider(self, provider_stack: str) -> None:
        """Deploy the templates made from now on with another shared provider."""
        self.site.provide(self._synthesizer.provider(provider_stack, self.site.region), provider_stack)
        self._provider = provider_stack

    def _with_provider(self, template: Template) -> Template:
        """Return a template whose imports are those of this stack's provider: the names of exports are alike."""
        text = json.dumps(template)
        renamed: Template = json.loads(text.replace(f"{PROVIDER_STACK}:", f"{self._provider}:"))
        return renamed

    def own_template(self, declare: Callable[[Stack], None]) -> Template:
        """Return the template of what a function declares in the stack."""
        template, _ = self._synthesizer.templates(self.name, lambda scope, _: declare(scope), own_provider=True)
        return template

    def fleet_template(self, directory: Path) -> Template:
        """Return the template for the edge files of a directory."""

        def declare(scope: Stack, provider: EdgeConfigurationProvider | None) -> None:
            EdgeFleet.from_directory(scope, "Fleet", directory, provider=provider)

        template, shared = self._synthesizer.templates(self.name, declare, own_provider=False)
        self.site.provide(shared)
        return template

    def edge_config(self, **more: Any) -> dict[str, Any]:
        """Return the default declaration in the API's shape, with more fields."""
        return edge_config(self.hub, self._secret, **more)

    # Actions

    def begin_create(self, template: Template | None = None, **declared: Any) -> None:
        """Start the creation of the stack."""
        body = template or self.template(declared)
        url = self.site.template_url(self.name, body)
        created = self.site.cloudformation.create_stack(StackName=self.name, TemplateURL=url, Capabilities=CAPABILITIES)
        self.stack_id = created["StackId"]

    def begin_update(self, template: Template | None = None, **declared: Any) -> None:
        """Start an update of the stack."""
        body = template or self.template(declared)
        url = self.site.template_url(self.name, body)
        self.site.cloudformation.update_stack(StackName=self.stack_id, TemplateURL=url, Capabilities=CAPABILITIES)

    def begin_delete(self) -> None:
        """Start the deletion of the stack."""
        self.site.cloudformation.delete_stack(StackName=self.stack_id)

    def create(self, template: Template | None = None, **declared: Any) -> str:
        """Create the stack; return its final status."""
        self.begin_create(template, **declared)
        return self.ended()

    def update(self, template: Template | None = None, **declared: Any) -> str:
        """Update the stack; return its final status."""
        self.begin_update(template, **declared)
        return self.ended()

    def delete(self) -> str:
        """Delete the stack; return its final status."""
        self.begin_delete()
        return self.ended()

    def ended(self) -> str:
        """Wait for the end of the stack's operation; return its status."""
        return self.site.ended(self.stack_id)

    def make_stream(self, name: str = "", retention: int = 24) -> str:
        """Create a stream outside of the stack."""
        made = self.site.kinesisvideo.create_stream(StreamName=name or self.stream, DataRetentionInHours=retention)
        return str(made["StreamARN"])

    def delete_stream(self) -> None:
        """Delete the stream out of band."""
        client = self.site.kinesisvideo
        client.delete_stream(StreamARN=client.describe_stream(StreamName=self.stream)["StreamInfo"]["StreamARN"])

    def start_out_of_band(self, stream: str = "", **more: Any) -> None:
        """Start an edge configuration out of band: the declared one, with more fields."""
        self._let_a_second_pass()
        self.site.kinesisvideo.start_edge_configuration_update(
            StreamName=stream or self.stream, EdgeConfig=self.edge_config(**more)
        )

    def _let_a_second_pass(self) -> None:
        """Wait on the local AWS's clock: the service takes one write per stream and second."""
        with released():
            self.aws.clock.sleep(1.0)

    def delete_out_of_band(self) -> None:
        """Delete the stream's edge configuration out of band."""
        self._let_a_second_pass()
        self.site.kinesisvideo.delete_edge_configuration(StreamName=self.stream)

    def set_hub(self, behaviour: Behaviour, hub: str | None = None) -> None:
        """Set a hub's behaviour from now on."""
        self.aws.edge.set_hub(hub or self.hub, behaviour)

    def inject(self, operation: str, code: str, times: int = 1, *, stream: str = "", **more: Any) -> None:
        """Inject a fault into calls for a stream."""
        self.aws.edge.inject(Fault(operation, code, times, stream or self.stream, **more))

    def assume(self, **assumptions: Any) -> None:
        """Change assumptions about the service for the rest of the test."""
        settings = self.aws.edge.settings
        self.aws.edge.settings = replace(settings, assumptions=replace(settings.assumptions, **assumptions))

    # Results

    def exchanges(self, request_type: str = "", logical_id: str = "") -> list[Exchange]:
        """Return the stack's custom resource requests with their responses."""
        return [
            exchange
            for exchange in self.aws.cloudformation.exchanges.all()
            if exchange.event["StackId"] == self.stack_id
            and request_type in {"", exchange.event["RequestType"]}
            and str(exchange.event["LogicalResourceId"]).startswith(logical_id)
        ]

    def response(self, request_type: str = "") -> dict[str, Any]:
        """Return the latest response that counted."""
        counted = [
            response.body
            for exchange in self.exchanges(request_type)
            for response in exchange.responses
            if response.counted
        ]
        answer: dict[str, Any] = json.loads(counted[-1])
        return answer

    def reason(self) -> str:
        """Return the reason of the first failed resource, as CloudFormation shows it."""
        events = self.site.cloudformation.describe_stack_events(StackName=self.stack_id)["StackEvents"]
        failed = [event["ResourceStatusReason"] for event in events if "Message returned" in str(event)]
        return str(failed[-1]) if failed else ""

    def history(self) -> str:
        """Return the events of this test's stacks and the requests to its functions, one line each."""
        stacks = [stack for stack in self.site.engine.all_stacks() if stack.identity.name.startswith(self.name)]
        lines = [
            f"{event.timestamp:.3f} {stack.identity.name} {event.logical_id} {event.status} {event.reason or ''}"
            for stack in stacks
            for event in stack.events
        ]
        lines += [
            f"{exchange.sent_at:.3f} sent {exchange.event['RequestType']} {exchange.event['LogicalResourceId']}"
            for exchange in self.exchanges()
        ]
        lines += [
            f"{event.time:.3f} invoked {event.function_name} cold={event.cold_start} -> {event.result}"
            for event in self._events()
            if self.stack_id and self.stack_id in json.dumps(event.payload)
        ]
        return "\n".join(sorted(lines))

    def log(self, event: str) -> list[dict[str, Any]]:
        """Return the functions' log entries for this stack of that kind."""
        functions = {one.function_name for one in self._events()}
        lines = [line for name in functions for line in self.aws.lambdas.logs(name)]
        # Most lines are other stacks': the text shows that at a hundredth of what parsing costs.
        own = [line.as_json() for line in lines if self.stack_id in line.message]
        return [line for line in own if line and line.get("stack") == self.stack_id and line.get("event") == event]

    def until_logged(self, message: str, times: int) -> list[dict[str, Any]]:
        """Wait until the functions have logged that message this many times."""
        until(lambda: len(self.log(message)) >= times, f"{message!r} was logged {times} times")
        return self.log(message)

    def ticks(self) -> list[ReceivedEvent]:
        """Return the tick function's invocations for this stack."""
        states = [(event, event.payload.get("State", {})) for event in self._events()]
        return [event for event, state in states if state.get("Event", {}).get("StackId") == self.stack_id]

    def function(self, handler: str) -> str:
        """Return the name of the function with that handler: the stack's own, or the shared provider's."""
        kind = "AWS::Lambda::Function"
        functions = self._resources(self.stack_id, kind) or self._resources(self._provider, kind)
        return next(name for name in functions if handler in name)

    def roles(self) -> list[str]:
        """Return the names of the stack's own roles."""
        return self._resources(self.stack_id, "AWS::IAM::Role")

    def _resources(self, stack: str, resource_type: str) -> list[str]:
        found = self.site.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
        return [str(resource["PhysicalResourceId"]) for resource in found if resource["ResourceType"] == resource_type]

    def writes(self, stream: str = "") -> list[str]:
        """Return the handler's accepted writes, Start and Delete, in order."""
        return [
            call.operation.removesuffix("EdgeConfigurationUpdate").removesuffix("EdgeConfiguration")
            for call in self.aws.edge.writes(stream or self.stream)
            if "assumed-role" in call.caller
        ]

    def status(self, stream: str = "") -> SyncStatus | None:
        """Return the status of the stream's latest edge configuration: GONE if deleted, None if there never was one."""
        history = self.aws.edge.history(stream or self.stream)
        return history.status if history else None

    def configuration(self, stream: str = "") -> Mapping[str, Any]:
        """Return the stream's latest edge configuration as it was sent."""
        history = self.aws.edge.history(stream or self.stream)
        assert history is not None, f"stream {stream or self.stream} never had an edge configuration"
        return history.edge_config

    def until_sent(self, request_type: str) -> None:
        """Wait until CloudFormation has sent a request of that type, which may arrive later."""
        until(lambda: bool(self.exchanges(request_type)), f"CloudFormation has sent a request: {request_type}")

    def until_written(self, *writes: str) -> None:
        """Wait until the handler has made these writes."""
        until(lambda: self.writes() == list(writes), f"the handler has written {writes}, not {self.writes()}")

    def until_status(self, *statuses: SyncStatus, stream: str = "") -> None:
        """Wait until the stream's edge configuration has one of these statuses."""
        until(lambda: self.status(stream) in statuses, f"the configuration is {statuses}")

    def until_polled(self) -> None:
        """Wait for the handler's next poll."""
        before = len(self.polls())
        until(lambda: len(self.polls()) > before, "the handler has polled again")

    def until_quiet(self) -> None:
        """Wait for the end of every execution: no more writes can follow."""
        executions = self.aws.stepfunctions.executions
        until(lambda: all(each.exec_status != "RUNNING" for each in executions()), "every execution is over")

    def check_invariants(self) -> None:
        """Assert small responses without contradictions, and no ResponseURL in a log."""
        for exchange in self.exchanges():
            bodies = {answer.body for answer in exchange.responses}
            assert all(len(body.encode()) <= MAX_RESPONSE_BYTES for body in bodies)
            assert len({_meaning(body) for body in bodies}) <= 1, bodies
        # Without a stack of its own, the test has no events; other functions, such as a monitor's, have others.
        events = [event for event in self._events() if self._is_own(json.dumps(event.payload))]
        signatures = {_signature(event.payload) for event in events}
        lines = [
            line.message for name in {event.function_name for event in events} for line in self.aws.lambdas.logs(name)
        ]
        lines += [str(event.reason) for event in self.site.engine.stack(self.stack_id).events] if self.stack_id else []
        for signature in signatures:
            assert not [line for line in lines if signature in line]

    def _events(self) -> list[ReceivedEvent]:
        """Return what functions received since this test began: no earlier event is this stack's."""
        return self.aws.lambdas.received_events()[self._first_event :]

    def _is_own(self, payload: str) -> bool:
        return bool(self.stack_id) and self.stack_id in payload and "ResponseURL" in payload

    def polls(self, stream: str = "") -> list[Any]:
        """Return the handler's polls of the stream."""
        calls = self.aws.edge.calls("DescribeEdgeConfiguration", stream or self.stream)
        return [call for call in calls if "assumed-role" in call.caller]


def _meaning(body: str) -> tuple[str, ...]:
    answer = json.loads(body)
    return answer["Status"], answer["Reason"], answer["PhysicalResourceId"]


def _signature(payload: Mapping[str, Any]) -> str:
    """Return the secret part of the ResponseURL in an event or a state: its query."""
    state = payload.get("State", payload)
    query = urlsplit(state.get("Event", state)["ResponseURL"]).query
    signed = parse_qs(query)
    return str(next((signed[name][0] for name in ("X-Amz-Signature", "Signature") if name in signed), query))
