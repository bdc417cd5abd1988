"""A monitor on the local AWS: a camera breaks, and metric, alarm and event say so."""

import json

import pytest
from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from cdk_kvs_edge import EdgeMonitor, StreamEdgeConfiguration
from kvs_edge_local.edge import JobStatus
from support.declarations import media_secret
from support.waiting import until


class Monitored:
    """Stack with two cameras of one hub, a third one of another hub, and their monitor."""

    def __init__(self, stack):
        self.stack, self.aws = stack, stack.aws
        self.streams = [stack.stream, *(stack.make_stream(f"{stack.stream}-{n}").split("/")[1] for n in (2, 3))]
        self.queue, queue_arn = self._queue(f"{stack.name}-changes")
        self.alarms, alarm_queue = self._queue(f"{stack.name}-alarms")
        secret = media_secret(region=stack.site.region)
        topic = stack.site.client("sns").create_topic(Name=f"{stack.name}-alarms")["TopicArn"]
        stack.site.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=alarm_queue)

        def declare(scope: Stack) -> None:
            hubs = [stack.hub, stack.hub, stack.other_hub]
            cameras = [
                StreamEdgeConfiguration(scope, f"Edge{n}", stream=name, hub_device_arn=hub, media_uri_secret=secret)
                for n, (name, hub) in enumerate(zip(self.streams, hubs, strict=True))
            ]
            monitor = EdgeMonitor(
                scope,
                "Monitor",
                watch=cameras,
                interval=Duration.minutes(1),
                monitor_name=stack.name,
                stream_metrics=True,
                silent_after=Duration.days(7),
            )
            # On a slow machine a deployment takes hours of the local AWS's clock: the monitor would see them.
            monitor.node.add_dependency(*cameras)
            act = actions.SnsAction(sns.Topic.from_topic_arn(scope, "Topic", topic))
            monitor.alarm_on_unhealthy("Unhealthy", act)
            monitor.alarm_on_unknown("Unknown")
            monitor.alarm_on_silence("Silence")
            monitor.on_health_change(
                "Changes", target=targets.SqsQueue(sqs.Queue.from_queue_arn(scope, "Q", queue_arn))
            )
            monitor.add_dashboard()

        assert stack.create(stack.own_template(declare)) == "CREATE_COMPLETE", stack.history()
        found = stack.site.cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
        self.names = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}
        self.report(*self.streams)

    def report(self, *streams, status="SUCCESS", details=None):
        """Let the hub report its recorders."""
        for stream in streams:
            self.aws.edge.set_agent_status(stream, recorder=JobStatus(status, details, updated=self.aws.clock.now()))

    def name(self, construct_id):
        """Return the physical name of the monitor's resource with that id."""
        return next(name for logical, name in self.names.items() if logical[:-8] == f"Monitor{construct_id}")

    def latest(self, metric, **dimensions):
        """Return the latest value of a metric of this monitor; None without one."""
        pairs = {"Monitor": self.stack.name, **dimensions}
        data = self.aws.monitoring.data(self.aws.account, self.stack.site.region, "KvsEdge", metric, pairs)
        return data[-1].value if data else None

    def until_latest(self, value, metric, **dimensions):
        until(lambda: self.latest(metric, **dimensions) == value, f"{metric} {dimensions} is {value}")

    def states(self, alarm):
        """Return the states that an alarm has had so far."""
        return [change.state for change in self.aws.monitoring.transitions(self.name(alarm))]

    def changes(self):
        """Return the changes of health that reached the event bus: stream, previous and present kind."""
        own = [
            one.detail for one in self.aws.events.events("kvs-edge.monitor") if one.detail["monitor"] == self.stack.name
        ]
        return [(detail["stream"], detail.get("previous"), detail["health"]) for detail in own]

    def notes(self):
        """Return the lines of the monitor's function without metrics: what went wrong."""
        lines = [line.message for line in self.aws.lambdas.logs(self.name("Function"))]
        return [line for line in lines if '"_aws"' not in line]

    def messages(self, queue):
        """Return the messages that arrive in a queue."""
        received = until(
            lambda: (
                self.stack.site.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages")
            ),
            "the queue has messages",
        )
        return [json.loads(message["Body"]) for message in received]

    def _queue(self, name):
        client = self.stack.site.client("sqs")
        url = client.create_queue(QueueName=name)["QueueUrl"]
        found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, found["Attributes"]["QueueArn"]


@pytest.fixture
def monitored(stack):
    """Deploy the monitored stack, and delete it afterwards: its monitor would run each minute of all later tests."""
    yield Monitored(stack)
    assert stack.delete() == "DELETE_COMPLETE", stack.history()


def test_a_camera_that_breaks_is_a_metric_an_alarm_and_an_event_and_so_is_its_recovery(monitored):
    """The other cameras stay what they are, and the monitor's role needs all that it has."""
    first, second, third = monitored.streams
    monitored.until_latest(3.0, "Healthy")
    monitored.report(second, status="USER_ERROR", details="the camera refused the password")
    monitored.until_latest(1.0, "RecordingFailed")
    assert monitored.latest("UnhealthyStreams", Stream=second) == 1.0
    assert monitored.latest("UnhealthyStreams", Stream=first) == 0.0
    hub, other_hub = (arn.partition("/")[2] for arn in (monitored.stack.hub, monitored.stack.other_hub))
    assert monitored.latest("UnhealthyStreams", Hub=hub) == 1.0
    assert monitored.latest("UnhealthyStreams", Hub=other_hub) == 0.0
    until(lambda: monitored.states("Unhealthy")[-1:] == ["ALARM"], "the alarm rings")
    assert (second, "healthy", "recording_failed") in monitored.changes(), monitored.notes()
    # Two invocations at once may both send it: here a minute is shorter than a cold start.
    event, *again = monitored.messages(monitored.queue)
    assert {one["detail"]["stream"] for one in (event, *again)} == {second}, monitored.changes()
    assert "the camera refused the password" in event["detail"]["text"]
    assert f"kvs-edge status --hub {hub}" in event["detail"]["text"]
    notified = [json.loads(message["Message"]) for message in monitored.messages(monitored.alarms)]
    assert "kvs-edge status" in notified[-1]["AlarmDescription"]
    monitored.report(second)
    until(lambda: monitored.states("Unhealthy")[-2:] == ["ALARM", "OK"], "the alarm ends")
    assert (second, "recording_failed", "healthy") in monitored.changes()
    others = [kind for name, _, kind in monitored.changes() if name in {first, third}]
    assert set(others) <= {"in_progress", "healthy"}
    unused = monitored.aws.authorizer.unused_grants(monitored.name("FunctionRole"))
    # Lambda writes the log without a call that the local AWS would check.
    assert {grant.action for grant in unused} == {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_a_stream_that_may_not_be_read_is_no_alarm_for_the_others(monitored):
    """It is UNKNOWN, as an event, and with an alarm of its own."""
    first, second, _ = monitored.streams
    monitored.until_latest(3.0, "Healthy")
    monitored.stack.inject("DescribeEdgeConfiguration", "AccessDenied", 10_000, stream=second)
    monitored.until_latest(1.0, "Unknown")
    monitored.until_latest(2.0, "Healthy")
    assert monitored.latest("UnhealthyStreams") == 0.0
    until(lambda: monitored.states("Unknown")[-1:] == ["ALARM"], "the alarm on unknown rings")
    assert "ALARM" not in monitored.states("Unhealthy")
    # Two invocations at once may both send it: here a minute is shorter than a cold start.
    assert (second, "healthy", "unknown") in monitored.changes()
    assert monitored.latest("UnhealthyStreams", Stream=first) == 0.0


def test_a_monitor_that_does_not_run_is_an_alarm_of_its_own(monitored):
    """The alarm on streams keeps its state meanwhile."""
    monitored.until_latest(3.0, "Healthy")
    until(lambda: monitored.states("Silence")[-1:] == ["OK"], "the monitor reports")
    monitored.report(monitored.streams[0], status="SYSTEM_ERROR", details="disk full")
    until(lambda: monitored.states("Unhealthy")[-1:] == ["ALARM"], "the alarm rings")
    concurrency = monitored.stack.site.client("lambda")
    concurrency.put_function_concurrency(FunctionName=monitored.name("Function"), ReservedConcurrentExecutions=0)
    until(lambda: monitored.states("Silence")[-1:] == ["ALARM"], "the alarm on silence rings")
    assert monitored.states("Unhealthy")[-1] == "ALARM"
