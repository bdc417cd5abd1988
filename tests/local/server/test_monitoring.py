"""Schedules, metrics, alarms and events of a running local AWS, on its clock."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from kvs_edge_local import LocalAws
from support.waiting import until

SOURCE = """
import json, time

def handler(event, context):
    print(json.dumps({"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [{
        "Namespace": "Site", "Dimensions": [["Hub"], ["Hub", "Part"]], "Metrics": [{"Name": "Unhealthy"}]}]},
        "Hub": "hub-1", "Part": "a", "Unhealthy": event["unhealthy"]}))
"""
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.fixture(scope="module")
def aws():
    with LocalAws(time_scale=200) as aws:
        yield aws


@pytest.fixture(scope="module")
def template():
    """Return a stack's template: a function on a schedule, an alarm on its metric, and a dashboard."""
    code = {"ZipFile": SOURCE}
    invoke = {"Action": "lambda:InvokeFunction", "Effect": "Allow", "Resource": {"Fn::GetAtt": ["Function", "Arn"]}}
    write = {"Action": "logs:*", "Effect": "Allow", "Resource": "*"}
    return {
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": code,
                "Handler": "index.handler",
                "Runtime": "python3.13",
                "Role": {"Fn::GetAtt": ["FunctionRole", "Arn"]},
                "LoggingConfig": {"LogGroup": {"Ref": "Logs"}},
                "Timeout": 60,
            },
        },
        "Logs": {"Type": "AWS::Logs::LogGroup"},
        "FunctionRole": role(write),
        "ScheduleRole": role(invoke),
        "Schedule": {
            "Type": "AWS::Scheduler::Schedule",
            "Properties": {
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "ScheduleExpression": "cron(0/5 * * * ? *)",
                "Target": {
                    "Arn": {"Fn::GetAtt": ["Function", "Arn"]},
                    "RoleArn": {"Fn::GetAtt": ["ScheduleRole", "Arn"]},
                    "Input": '{"unhealthy": 2, "at": "<aws.scheduler.scheduled-time>"}',
                },
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "ComparisonOperator": "GreaterThanThreshold",
                "Dimensions": [{"Name": "Hub", "Value": "hub-1"}],
                "EvaluationPeriods": 1,
                "MetricName": "Unhealthy",
                "Namespace": "Site",
                "Period": 300,
                "Statistic": "Maximum",
                "Threshold": 0,
                "TreatMissingData": "breaching",
            },
        },
        "Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardBody": '{"widgets": []}'}},
    }


def role(statement):
    policy = {"PolicyName": "P", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    trust = {"Version": "2012-10-17", "Statement": []}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, "Policies": [policy]}}


def topic_with_queue(aws, name):
    """Create a topic with a queue that receives its messages; return the topic's ARN, the queue's URL and its ARN."""
    sqs, sns = aws.client("sqs"), aws.client("sns")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name=name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return topic, queue, arn


def deployed(aws, name, resources):
    client = aws.client("cloudformation")
    client.create_stack(
        StackName=name, TemplateBody=json.dumps({"Resources": resources}), Capabilities=["CAPABILITY_IAM"]
    )
    status = lambda: client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]  # noqa: E731
    until(lambda: not status().endswith("IN_PROGRESS"), "the stack is created")
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    assert status() == "CREATE_COMPLETE", [event.get("ResourceStatusReason") for event in events]
    found = client.describe_stack_resources(StackName=name)["StackResources"]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}


def test_a_schedule_invokes_its_function_whose_metric_raises_the_alarm(aws, template):
    topic, queue, _ = topic_with_queue(aws, "alarms")
    alarm = {**template["Alarm"]["Properties"], "AlarmActions": [topic]}
    names = deployed(aws, "scheduled", {**template, "Alarm": {**template["Alarm"], "Properties": alarm}})
    until(lambda: len(aws.monitoring.transitions(names["Alarm"])) >= 1, "the alarm has changed")
    until(lambda: len(aws.scheduler.invocations(names["Schedule"])) >= 3, "the schedule has run three times")
    invocations = aws.scheduler.invocations(names["Schedule"])
    assert {one.error for one in invocations} == {None}
    assert {one.time % 300 for one in invocations} == {0}
    first = next(event for event in aws.lambdas.received_events() if event.function_name == names["Function"])
    assert datetime.fromisoformat(first.payload["at"]).timestamp() == invocations[0].time
    assert aws.monitoring.transitions(names["Alarm"])[0].before == "INSUFFICIENT_DATA"
    assert (
        aws.client("cloudwatch").describe_alarms(AlarmNames=[names["Alarm"]])["MetricAlarms"][0]["StateValue"]
        == "ALARM"
    )
    until(lambda: "Messages" in aws.client("sqs").receive_message(QueueUrl=queue), "the topic has the alarm's message")
    exact = statistics(aws, [{"Name": "Hub", "Value": "hub-1"}])
    other = statistics(aws, [{"Name": "Hub", "Value": "hub-1"}, {"Name": "Part", "Value": "a"}])
    assert sum(one["SampleCount"] for one in exact) == sum(one["SampleCount"] for one in other) >= 1
    assert {one["Maximum"] for one in exact} == {2.0}


def statistics(aws, dimensions):
    """Return the metric's statistics from CloudWatch's API."""
    end = datetime.fromtimestamp(aws.clock.now(), UTC) + timedelta(minutes=1)
    return aws.client("cloudwatch").get_metric_statistics(
        Namespace="Site",
        MetricName="Unhealthy",
        Dimensions=dimensions,
        StartTime=end - timedelta(days=1),
        EndTime=end,
        Period=300,
        Statistics=["Maximum", "SampleCount"],
    )["Datapoints"]


def test_a_role_without_the_right_does_not_invoke(aws, template):
    other = {**template, "ScheduleRole": role({"Action": "lambda:ListFunctions", "Effect": "Allow", "Resource": "*"})}
    names = deployed(aws, "denied", other)
    until(lambda: aws.scheduler.invocations(names["Schedule"]), "the schedule has run")
    assert "AccessDenied" in aws.scheduler.invocations(names["Schedule"])[0].error
    assert not [one for one in aws.lambdas.received_events() if one.function_name == names["Function"]]


def test_an_event_reaches_the_record_and_the_topic_of_a_rule(aws):
    topic, queue, arn = topic_with_queue(aws, "events")
    events = aws.client("events")
    events.put_rule(Name="site", EventPattern=json.dumps({"source": ["site"], "detail": {"kind": ["bad"]}}))
    events.put_targets(Rule="site", Targets=[{"Id": "topic", "Arn": topic}, {"Id": "queue", "Arn": arn}])
    for kind in ("good", "bad"):
        entry = {"Source": "site", "DetailType": "Change", "Detail": json.dumps({"kind": kind})}
        assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    assert [event.detail for event in aws.events.events("site")] == [{"kind": "good"}, {"kind": "bad"}]
    messages = aws.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    bodies = [json.loads(message["Body"]) for message in messages]
    details = [json.loads(body["Message"])["detail"] if "Message" in body else body["detail"] for body in bodies]
    assert details == [{"kind": "bad"}, {"kind": "bad"}]


def test_what_cannot_run_is_refused_by_name(aws, template):
    schedule = template["Schedule"]
    monthly = {**schedule["Properties"], "ScheduleExpression": "cron(0 9 1 * ? *)"}
    client = aws.client("cloudformation")
    body = json.dumps({"Resources": {**template, "Schedule": {**schedule, "Properties": monthly}}})
    client.create_stack(StackName="monthly", TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    until(
        lambda: client.describe_stacks(StackName="monthly")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE",
        "the stack is rolled back",
    )
    reasons = [
        e.get("ResourceStatusReason", "") for e in client.describe_stack_events(StackName="monthly")["StackEvents"]
    ]
    assert any("does not support the ScheduleExpression cron(0 9 1 * ? *)" in reason for reason in reasons)
