"""Monitor of streams: what it watches, how fast, with which rights, and its alarms, rule and dashboard."""

import json

import pytest
from aws_cdk import Aws, CfnParameter, Duration, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iot as iot
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from cdk_kvs_edge import AgentDimensions, ConfigurationError, EdgeFleet, EdgeMonitor, ScheduleConfig
from cdk_kvs_edge.monitor.pacing import MINUTES, Pacing, calls_of
from kvs_edge_monitor.order import read_order
from support.declarations import hub_arn, media_secret
from support.nag import violations

HUB = hub_arn("warehouse-hub", region="us-west-2")
OTHER = hub_arn("dock-hub", region="us-west-2")
SCHEDULE = "AWS::Scheduler::Schedule"
READS = "kinesisvideo:DescribeEdgeConfiguration"
LISTS = "kinesisvideo:ListEdgeAgentConfigurations"
NOT_ACKNOWLEDGED = {
    "CloudWatchLogGroupEncrypted": "encryption_key",
    "EventBusDLQ": "the target of the rule, with its queue, is the user's",
    "LambdaConcurrency": "a monitor has one invocation at a time",
    "LambdaInsideVPC": "it calls public APIs only",
}
"""Rules that depend on the user's account, with the reason."""


@pytest.fixture
def orders(template_of, resources):
    """Return a function that returns the orders of a stack's schedules, as the function reads them."""

    def orders(stack):
        schedules = resources(template_of(stack), SCHEDULE).values()
        return [json.loads(text(one["Properties"]["Target"]["Input"])) for one in schedules]

    return orders


@pytest.fixture
def allowed(template_of, resources):
    """Return a function that returns the resource of each action that the function's role has."""

    def allowed(stack):
        roles = resources(template_of(stack), "AWS::IAM::Role")
        (role,) = [one for name, one in roles.items() if "FunctionRole" in name and "Monitor" in name]
        statements = role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
        return {action: statement["Resource"] for statement in statements for action in statement["Action"]}

    return allowed


def text(value):
    """Return the text of a rendered value, with <NAME> for a reference."""
    match value:
        case {"Fn::Join": [delimiter, parts]}:
            return delimiter.join(map(text, parts))
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Select": [index, {"Fn::Split": [delimiter, whole]}]}:
            return f"<{delimiter}{index} of {text(whole)}>"
    return value


def test_configurations_are_watched_by_hub(stack, declare, orders):
    watched = [declare(stack, "a"), declare(stack, "b", hub_device_arn=OTHER), declare(stack, "c")]
    EdgeMonitor(stack, "Monitor", watch=watched, hub_time_zone={"dock-hub": "Europe/Berlin"})
    (order,) = orders(stack)
    assert order["hubs"] == [
        {"hub": HUB, "streams": ["a", "c"]},
        {"hub": OTHER, "zone": "Europe/Berlin", "streams": ["b"]},
    ]
    read = read_order(order)
    assert (read.monitor, read.namespace, read.interval_seconds, read.stream_metrics) == (
        "Test-Monitor",
        "KvsEdge",
        300,
        False,
    )


def test_a_stack_is_watched_from_another_stack(app, declare, orders):
    """One monitor for the stacks of an account and region; literal names make no dependency between them."""
    cameras = Stack(app, "Cameras")
    declare(cameras, "a")
    monitors = Stack(app, "Monitors")
    EdgeMonitor(monitors, "Monitor", watch=[cameras], silent_after=Duration.hours(1), stream_metrics=True)
    (order,) = orders(monitors)
    assert order["hubs"] == [{"hub": HUB, "streams": ["a"]}]
    assert (order["silenceSeconds"], order["streamMetrics"]) == (3600, True)
    assert not monitors.dependencies


def test_a_fleets_files_state_the_time_zones(stack, write, request_for, orders):
    fleet = EdgeFleet.from_directory(
        stack, "Fleet", write("dock.yaml", {"time_zone": "Asia/Tokyo", "streams": [request_for("a")]})
    )
    EdgeMonitor(stack, "Monitor", watch=[fleet])
    assert orders(stack)[0]["hubs"] == [{"hub": HUB, "zone": "Asia/Tokyo", "streams": ["a"]}]


def test_a_hub_is_watched_with_all_of_its_streams(stack, declare, orders, allowed):
    thing = iot.CfnThing(stack, "Hub")
    parameter = CfnParameter(stack, "HubArn").value_as_string
    EdgeMonitor(stack, "Monitor", watch=[declare(stack, "a"), HUB, thing, parameter], hub_time_zone="Europe/Berlin")
    (order,) = orders(stack)
    zone = {"zone": "Europe/Berlin"}
    assert order["hubs"] == [
        {"hub": HUB, **zone},
        {"hub": "arn:<AWS::Partition>:iot:<AWS::Region>:<AWS::AccountId>:thing/<Hub>", **zone},
        {"hub": "<HubArn>", **zone},
    ]
    assert allowed(stack)[READS] == [
        {"Fn::Sub": "arn:${AWS::Partition}:kinesisvideo:${AWS::Region}:${AWS::AccountId}:stream/*"}
    ]


def test_the_role_reads_the_watched_streams_and_reports_and_nothing_else(
    stack, declare, allowed, template_of, resources
):
    camera = kinesisvideo.CfnStream(stack, "Camera", data_retention_in_hours=24)
    EdgeMonitor(stack, "Monitor", watch=[declare(stack, "a"), declare(stack, "Own", stream=camera)])
    granted = allowed(stack)
    assert set(granted) == {
        READS,
        "events:PutEvents",
        "logs:CreateLogStream",
        "logs:FilterLogEvents",
        "logs:PutLogEvents",
    }
    named, token = granted[READS]
    assert named == {"Fn::Sub": "arn:${AWS::Partition}:kinesisvideo:${AWS::Region}:${AWS::AccountId}:stream/a/*"}
    assert text(token).endswith(":stream/<Camera>/*")
    (role,) = [
        role for name, role in resources(template_of(stack), "AWS::IAM::Role").items() if "MonitorFunctionRole" in name
    ]
    (events,) = [
        one
        for one in role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
        if one["Action"] == ["events:PutEvents"]
    ]
    assert events["Condition"] == {"StringEquals": {"events:source": "kvs-edge.monitor"}}
    assert text(events["Resource"]).endswith("event-bus/default")


def test_a_list_needs_its_right_and_many_streams_one_wildcard(stack, declare, allowed):
    for number in range(3):
        declare(stack, f"a{number}")
    EdgeMonitor(stack, "Monitor", watch=[stack])
    assert allowed(stack)[LISTS] == "*"
    assert len(allowed(stack)[READS]) == 3


def test_only_the_scheduler_of_this_account_may_invoke_it(stack, declare, template_of, resources):
    EdgeMonitor(stack, "Monitor", watch=[declare(stack)])
    roles = resources(template_of(stack), "AWS::IAM::Role")
    (role,) = [one["Properties"] for name, one in roles.items() if "ScheduleRole" in name]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    (statement,) = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["lambda:InvokeFunction"]


def test_resources_have_descriptions_and_a_tag(stack, declare, template_of, resources):
    EdgeMonitor(stack, "Monitor", watch=[declare(stack)], monitor_name="site")
    template = template_of(stack)
    for kind in ("AWS::IAM::Role", "AWS::Lambda::Function", SCHEDULE):
        for name, one in resources(template, kind).items():
            if name.startswith("Monitor"):
                assert "site" in one["Properties"]["Description"], name
    (function,) = [
        one for name, one in resources(template, "AWS::Lambda::Function").items() if name.startswith("Monitor")
    ]
    assert {"Key": "kvs-edge:monitor", "Value": "site"} in function["Properties"]["Tags"]
    (schedule,) = resources(template, SCHEDULE).values()
    assert schedule["Properties"]["ScheduleExpression"] == "cron(0/5 * * * ? *)"
    assert schedule["Properties"]["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 0


def test_options_reach_the_template(stack, declare, template_of, resources):
    EdgeMonitor(
        stack,
        "Monitor",
        watch=[declare(stack)],
        interval=Duration.hours(1),
        architecture=lambda_.Architecture.ARM_64,
        runtime=lambda_.Runtime.PYTHON_3_13,
        encryption_key=kms.Key(stack, "Key"),
        log_retention=logs.RetentionDays.ONE_WEEK,
        namespace="Site",
    )
    template = template_of(stack)
    (function,) = [
        one["Properties"]
        for name, one in resources(template, "AWS::Lambda::Function").items()
        if name.startswith("Monitor")
    ]
    assert (function["Architectures"], function["Runtime"]) == (["arm64"], "python3.13")
    assert "KmsKeyArn" in function
    (group,) = [one for name, one in resources(template, "AWS::Logs::LogGroup").items() if name.startswith("Monitor")]
    assert group["Properties"]["RetentionInDays"] == 7
    (schedule,) = resources(template, SCHEDULE).values()
    assert schedule["Properties"]["ScheduleExpression"] == "cron(0 * * * ? *)"


@pytest.mark.parametrize(
    ("arguments", "name", "rule"),
    [
        ({"watch": []}, "watch", "give a list of edge configurations"),
        ({"watch": "hub"}, "watch", "give a list of edge configurations"),
        ({"watch": ["hub-1"]}, "watch", "'hub-1' is not accepted: give StreamEdgeConfigurations"),
        ({"watch": [7]}, "watch", "7 is not accepted"),
        (
            {"interval": Duration.minutes(7)},
            "interval",
            r"7 minutes is not accepted: give Duration.minutes\(...\) of 1, 2",
        ),
        ({"interval": 5}, "interval", "5 is not accepted"),
        ({"hub_time_zone": "Berlin"}, "hub_time_zone", "'Berlin' is not accepted: give an IANA time zone"),
        ({"hub_time_zone": {"hub": "CET/1"}}, "hub_time_zone", "give an IANA time zone"),
        ({"monitor_name": "a b"}, "monitor_name", "'a b' is not accepted"),
        ({"namespace": "AWS/KinesisVideo"}, "namespace", "is not accepted"),
        ({"silent_after": Duration.seconds(5)}, "silent_after", "5 seconds is not accepted"),
        ({"stream_metrics": 1}, "stream_metrics", "1 is not accepted: give True or False"),
        ({"hub_metrics": "no"}, "hub_metrics", "'no' is not accepted: give True or False"),
        ({"runtime": lambda_.Runtime.NODEJS_22_X}, "runtime", "give a Python runtime"),
        ({"time_zone": "Europe/Berlin"}, "time_zone", "did you mean hub_time_zone"),
    ],
)
def test_a_wrong_argument_is_named_with_its_value_and_the_fix(stack, arguments, name, rule):
    with pytest.raises(ConfigurationError, match=rule) as raised:
        EdgeMonitor(stack, "Monitor", **({"watch": [HUB]} | arguments))
    assert [fault.path for fault in raised.value.faults] == [name]


def test_a_stack_without_edge_configurations_is_refused(app, stack):
    with pytest.raises(ConfigurationError, match="declared before the monitor"):
        EdgeMonitor(stack, "Monitor", watch=[Stack(app, "Empty")])


def test_what_is_in_another_region_needs_a_monitor_there(app, declare):
    here = Stack(app, "Here", env={"account": "123456789012", "region": "us-west-2"})
    there = Stack(app, "There", env={"account": "123456789012", "region": "eu-west-1"})
    edge = declare(
        there,
        "a",
        hub_device_arn=hub_arn("dock", region="eu-west-1"),
        media_uri_secret=media_secret(region="eu-west-1"),
    )
    with pytest.raises(ConfigurationError) as raised:
        EdgeMonitor(here, "Monitor", watch=[edge, HUB, OTHER.replace("us-west-2", "eu-west-1")])
    places = [fault.rule.partition(" is not in")[0] for fault in raised.value.faults]
    assert places == ["There", hub_arn("dock", region="eu-west-1"), OTHER.replace("us-west-2", "eu-west-1")]
    assert all("123456789012/us-west-2, where the monitor is" in fault.rule for fault in raised.value.faults)


def test_a_region_without_edge_configurations_needs_no_monitor(app):
    stack = Stack(app, "Africa", env={"account": "123456789012", "region": "af-south-1"})
    with pytest.raises(ConfigurationError, match="af-south-1"):
        EdgeMonitor(stack, "Monitor", watch=[hub_arn("dock", region="af-south-1")])


def test_a_time_zone_of_a_hub_that_is_not_watched_is_refused(stack):
    with pytest.raises(ConfigurationError, match="watches no hub dok: it watches warehouse-hub, dock-hub"):
        EdgeMonitor(stack, "Monitor", watch=[HUB, OTHER], hub_time_zone={"dok": "Europe/Berlin"})


def test_a_metric_that_the_monitor_does_not_report_is_refused(stack):
    """An alarm on it would never ring."""
    monitor = EdgeMonitor(stack, "Monitor", watch=[HUB])
    with pytest.raises(
        ConfigurationError, match="'dok' is not accepted: give the name of a watched hub: warehouse-hub"
    ):
        monitor.alarm_on_unhealthy("Hub", hub="dok")
    with pytest.raises(ConfigurationError, match="'a' is not accepted: give stream_metrics=True"):
        monitor.metric_unhealthy(stream="a")


def test_ten_thousand_streams_take_a_fifth_of_the_accounts_rate(app, orders, template_of, resources):
    """The interval is half an hour, in two parts that follow each other; five minutes are refused with the fix."""
    stack = Stack(app, "Large")
    hubs = [hub_arn(f"hub-{number}", region="us-west-2") for number in range(625)]
    with pytest.raises(
        ConfigurationError, match=r"5 minutes is not accepted: give Duration.minutes\(30\): 11,250 calls"
    ):
        EdgeMonitor(stack, "Monitor", watch=hubs)
    EdgeMonitor(stack, "Slower", watch=hubs, interval=Duration.minutes(30))
    first, second = orders(stack)
    assert {each["callsPerSecond"] for each in (first, second)} == {7.82}
    assert sorted(each["hub"] for order in (first, second) for each in order["hubs"]) == sorted(hubs)
    schedules = resources(template_of(stack), SCHEDULE).values()
    expressions = [one["Properties"]["ScheduleExpression"] for one in schedules]
    assert expressions == ["cron(0/30 * * * ? *)", "cron(15/30 * * * ? *)"]
    assert max(len(text(one["Properties"]["Target"]["Input"])) for one in schedules) < 256_000


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("calls", [1, 60, 500, 5_000, 11_250, 28_000])
def test_each_part_ends_before_lambda_stops_it_and_before_the_next_begins(minutes, calls):
    pacing = Pacing(minutes, calls)
    if pacing.is_too_fast:
        return
    seconds = calls / pacing.parts / pacing.calls_per_second
    assert seconds <= pacing.timeout_seconds <= 900
    assert seconds <= minutes * 60 / pacing.parts or calls <= 60
    assert len(set(pacing.expressions())) == pacing.parts


def test_calls_are_lists_in_pages_of_ten_and_a_description_of_each_stream():
    assert calls_of([16, 1, None]) == (16 + 2) + (1 + 1) + (16 + 2)


def test_alarms_have_actions_and_treat_missing_data_each_in_its_way(stack, declare, template_of, resources):
    topic = sns.Topic(stack, "Topic")
    monitor = EdgeMonitor(stack, "Monitor", watch=[declare(stack)], monitor_name="site", stream_metrics=True)
    act = actions.SnsAction(topic)
    monitor.alarm_on_unhealthy("Unhealthy", act)
    monitor.alarm_on_unhealthy("Hub", act, hub="warehouse-hub", periods=1)
    monitor.alarm_on_unhealthy("Stream", stream="Edge")
    monitor.alarm_on_unknown("Unknown", act)
    monitor.alarm_on_silence("Silence", act)
    alarms = {
        name.removeprefix("Monitor")[:-8]: one["Properties"]
        for name, one in resources(template_of(stack), "AWS::CloudWatch::Alarm").items()
    }
    treatment = {name: one["TreatMissingData"] for name, one in alarms.items()}
    assert treatment == {
        "Unhealthy": "ignore",
        "Hub": "ignore",
        "Stream": "ignore",
        "Unknown": "ignore",
        "Silence": "breaching",
    }
    assert alarms["Hub"]["Dimensions"] == [
        {"Name": "Hub", "Value": "warehouse-hub"},
        {"Name": "Monitor", "Value": "site"},
    ]
    assert "kvs-edge status --hub warehouse-hub" in alarms["Hub"]["AlarmDescription"]
    assert (alarms["Hub"]["EvaluationPeriods"], alarms["Hub"]["Period"], alarms["Hub"]["MetricName"]) == (
        1,
        300,
        "UnhealthyStreams",
    )
    assert alarms["Unhealthy"]["AlarmActions"] == alarms["Unhealthy"]["OKActions"] == [{"Ref": "TopicBFC7AF6E"}]
    assert "AlarmActions" not in alarms["Stream"]
    assert alarms["Silence"]["ComparisonOperator"] == "LessThanThreshold"


def test_metrics_are_those_that_the_function_writes(stack, declare):
    monitor = EdgeMonitor(stack, "Monitor", watch=[declare(stack)])
    names = [
        monitor.metric_recording_failed().metric_name,
        monitor.metric_silent_hub().metric_name,
        monitor.metric_not_in_sync().metric_name,
        monitor.metric_upload_failed().metric_name,
        monitor.metric_unknown().metric_name,
        monitor.metric_healthy().metric_name,
    ]
    assert names == ["RecordingFailed", "SilentHub", "NotInSync", "UploadFailed", "Unknown", "Healthy"]
    assert monitor.metric_streams(statistic="Minimum").statistic == "Minimum"


def test_the_agents_own_metrics_have_optional_dimensions(stack, declare):
    edge = declare(stack, "a")
    fatal = edge.metric_record_fatal_error()
    assert (fatal.namespace, fatal.metric_name, fatal.statistic) == (
        "EdgeRuntimeAgent",
        "RecordJob.FatalError",
        "Maximum",
    )
    assert list(fatal.dimensions) == ["StreamName"]
    alive = edge.metric_hub_alive(AgentDimensions(thing="Thing name"), label="hub")
    assert (alive.metric_name, dict(alive.dimensions)) == ("Alive", {"Thing name": "warehouse-hub"})
    names = [
        edge.metric_record_running().metric_name,
        edge.metric_upload_fatal_error().metric_name,
        edge.metric_space_used().metric_name,
        edge.metric_hub_unhealthy_record_jobs().metric_name,
    ]
    assert names == ["RecordJob.Running", "UploadJob.FatalError", "PercentageSpaceUsed", "RecordJobs.UnhealthyJobCount"]


def test_the_name_of_a_hub_follows_from_a_token(stack, declare):
    edge = declare(stack, "a", hub_device_arn=CfnParameter(stack, "HubArn").value_as_string)
    (name,) = edge.metric_hub_alive().dimensions.values()
    assert text(stack.resolve(name)) == "<:thing/1 of <HubArn>>"


def test_a_rule_matches_this_monitors_alerts(stack, declare, template_of, only):
    monitor = EdgeMonitor(stack, "Monitor", watch=[declare(stack)], monitor_name="site")
    monitor.on_health_change("Changes", target=targets.SnsTopic(sns.Topic(stack, "Topic")))
    rule = only(template_of(stack), "AWS::Events::Rule")["Properties"]
    assert rule["EventPattern"] == {
        "source": ["kvs-edge.monitor"],
        "detail-type": ["Edge Health Change"],
        "detail": {"monitor": ["site"], "alert": [True]},
    }
    assert len(rule["Targets"]) == 1


def test_a_rule_can_match_every_change(stack, declare, template_of, only):
    monitor = EdgeMonitor(stack, "Monitor", watch=[declare(stack)], monitor_name="site")
    monitor.on_health_change("Changes", unhealthy_only=False)
    rule = only(template_of(stack), "AWS::Events::Rule")["Properties"]
    assert rule["EventPattern"]["detail"] == {"monitor": ["site"]}


def test_the_dashboard_shows_the_worst_first_and_links_to_the_runbook(stack, declare, template_of, only):
    monitor = EdgeMonitor(stack, "Monitor", watch=[declare(stack)], monitor_name="site")
    monitor.add_dashboard()
    body = text(only(template_of(stack), "AWS::CloudWatch::Dashboard")["Properties"]["DashboardBody"])
    widgets = json.loads(body.replace("<AWS::Region>", "us-west-2"))["widgets"]
    assert "/runbook/" in widgets[0]["properties"]["markdown"]
    now = [metric[1] for metric in widgets[1]["properties"]["metrics"]]
    assert now[0] == "RecordingFailed"
    assert now[-1] == "Healthy"
    searches = [
        metric[0]["expression"]
        for widget in widgets
        for metric in widget["properties"].get("metrics", [])
        if isinstance(metric[0], dict)
    ]
    assert len(searches) == 3
    assert all(search.startswith("SORT(SEARCH(") and search.endswith(",MAX,DESC,20)") for search in searches)
    assert 'Monitor="site"' in searches[0]


def test_without_metrics_of_hubs_the_dashboard_reads_the_log_and_an_alarm_on_a_hub_is_refused(
    stack, declare, orders, template_of, only
):
    monitor = EdgeMonitor(stack, "Monitor", watch=[declare(stack)], hub_metrics=False)
    with pytest.raises(ConfigurationError, match="'warehouse-hub' is not accepted: give hub_metrics=True"):
        monitor.alarm_on_unhealthy("Hub", hub="warehouse-hub")
    monitor.add_dashboard()
    assert not read_order(orders(stack)[0]).hub_metrics
    body = text(only(template_of(stack), "AWS::CloudWatch::Dashboard")["Properties"]["DashboardBody"])
    assert "Hub,Monitor" not in body
    (of_hubs,) = [
        widget["properties"]
        for widget in json.loads(body.replace("<AWS::Region>", "us-west-2"))["widgets"]
        if widget["properties"].get("title") == "Unhealthy streams by hub, worst first"
    ]
    assert "stats latest(UnhealthyStreams) as unhealthy by Hub" in of_hubs["query"]


def test_a_time_zone_that_is_not_stated_is_a_warning_where_a_schedule_needs_it(stack, declare, warnings):
    """The streams would be UNKNOWN; continuous recording needs no time zone."""
    schedule = ScheduleConfig(expression="0 0 9-16 ? * * *", duration=Duration.seconds(3599))
    watched = [
        declare(stack, "a", recorder_schedule=schedule),
        declare(stack, "b"),
        declare(stack, "c", recorder_schedule=schedule, hub_device_arn=OTHER),
    ]
    EdgeMonitor(stack, "Monitor", watch=watched, hub_time_zone={"dock-hub": "Europe/Berlin"})
    (found,) = [text for path, text in warnings(stack) if path == "/Test/Monitor"]
    assert found == (
        "the time zone of hub warehouse-hub is not stated, and the schedules of a run in it: their health will be "
        "unknown; set hub_time_zone [ack: MonitorTimeZoneUnstated]"
    )


def test_a_fleets_stack_has_the_time_zones_of_its_files(app, write, request_for, orders):
    """The fleet is watched, or one of its stacks."""
    files = write("dock.yaml", {"time_zone": "Asia/Tokyo", "streams": [request_for("a")]})
    fleet = EdgeFleet.from_directory(app, "Fleet", files)
    monitors = Stack(app, "Monitors")
    EdgeMonitor(monitors, "Monitor", watch=[fleet.stacks["dock"]])
    assert orders(monitors)[0]["hubs"] == [{"hub": HUB, "zone": "Asia/Tokyo", "streams": ["a"]}]


def test_cdk_nag_finds_only_what_depends_on_the_account(app, stack, declare):
    declare(stack, "a")
    streams = Stack(app, "Monitors")
    monitor = EdgeMonitor(streams, "Monitor", watch=[stack, OTHER])
    monitor.alarm_on_silence(
        "Silence", actions.SnsAction(sns.Topic.from_topic_arn(streams, "T", f"arn:aws:sns:{Aws.REGION}:1:t"))
    )
    monitor.add_dashboard()
    monitor.on_health_change("Changes")
    found = {rule for rule in violations(streams) if not any(rule.endswith(each) for each in NOT_ACKNOWLEDGED)}
    assert found == set()
