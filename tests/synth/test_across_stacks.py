"""One stream in two stacks: each would take it for its own, so synthesis refuses what it can see."""

import pytest
from aws_cdk import Acknowledgment, App, CfnParameter, Environment, NestedStack, Stack, Stage, Validations
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import EdgeFleet
from support.declarations import hub_arn, media_secret, stream_arn

HERE = Environment(account="123456789012", region="us-west-2")
THERE = Environment(account="111122223333", region="us-west-2")
ARN = stream_arn("dock", region="us-west-2")


@pytest.fixture
def two_stacks(app):
    """Two stacks of one app, each for an environment."""

    def two_stacks(first=None, second=None):
        return Stack(app, "First", env=first), Stack(app, "Second", env=second)

    return two_stacks


def test_two_stacks_of_one_environment_cannot_declare_one_stream(app, two_stacks, declare):
    """The error names both constructs, the stream, the environment and the fix."""
    for stack in two_stacks(HERE, HERE):
        declare(stack, "Edge", stream="dock")
    with pytest.raises(RuntimeError) as raised:
        app.synth()
    assert str(raised.value).endswith(
        "[Second/EdgeConfigurationChecks] stacks First and Second both declare stream dock (First/Edge and Second/Edge)"
        " in 123456789012/us-west-2: they would overwrite each other's edge configuration, and deleting one stack could"
        " delete the footage of the other. Declare each stream in one stack, or deploy the stacks to different accounts"
        " or regions (env)"
    )


@pytest.mark.parametrize("second", [THERE, Environment(account="123456789012", region="eu-west-1")])
def test_a_stream_of_that_name_in_another_environment_is_another_stream(app, two_stacks, declare, warnings, second):
    """Neither an error nor a warning."""
    stacks = two_stacks(HERE, second)
    for stack in stacks:
        declare(
            stack,
            "Edge",
            stream="dock",
            hub_device_arn=hub_arn(region=stack.region, account=stack.account),
            media_uri_secret=media_secret(region=stack.region),
        )
    app.synth()
    assert [warnings(stack) for stack in stacks] == [[], []]


@pytest.mark.parametrize(
    ("first", "second"),
    [(None, None), (HERE, None), (Environment(region="us-west-2"), HERE), (Environment(account="123456789012"), None)],
)
def test_where_the_environment_is_not_known_it_is_a_warning(app, two_stacks, declare, warnings, first, second):
    """Stacks without env may be deployed apart, with profiles of the CDK CLI."""
    stacks = two_stacks(first, second)
    for stack in stacks:
        declare(stack, "Edge", stream="dock")
    app.synth()
    assert warnings(stacks[0]) == []
    ((path, text),) = warnings(stacks[1])
    assert path == "/Second"
    assert text == (
        "stacks First and Second both declare stream dock (First/Edge and Second/Edge), and synthesis does not know"
        " their accounts and regions. In the same account and region they would overwrite each other's edge"
        " configuration, and deleting one stack could delete the footage of the other. Set the account and region of"
        " the stacks (env), or acknowledge this warning if they differ [ack: StreamPerhapsDeclaredTwice]"
    )


def test_one_known_difference_is_enough(app, two_stacks, declare, warnings):
    """Two regions are two environments, whichever the accounts are."""
    stacks = two_stacks(Environment(region="us-west-2"), Environment(region="eu-west-1"))
    for stack in stacks:
        hub, secret = hub_arn(region=stack.region), media_secret(region=stack.region)
        declare(stack, "Edge", stream="dock", hub_device_arn=hub, media_uri_secret=secret)
    app.synth()
    assert warnings(stacks[1]) == []


@pytest.mark.parametrize("before", [True, False])
def test_the_warning_can_be_acknowledged_for_a_stage(app, declare, warnings, before):
    """As any other warning of the CDK, before or after its stacks are made.

    Not for the app itself: aws-cdk-lib 2.275 forgets what is acknowledged there for warnings that come later.
    """
    stages = [Stage(app, name) for name in ("Dev", "Prod")]
    explained = Acknowledgment(id="StreamPerhapsDeclaredTwice", reason="They are deployed with a profile each.")
    if before:
        Validations.of(stages[1]).acknowledge(explained)
    stacks = [Stack(stage, "Site") for stage in stages]
    for stack in stacks:
        declare(stack, "Edge", stream="dock")
    if not before:
        Validations.of(stages[1]).acknowledge(explained)
    app.synth()
    assert warnings(stacks[1]) == []


def test_stages_of_different_accounts_pass(app, write, request_for, warnings):
    """The same directory for two accounts is the usual way to have two stages."""
    streams = [{**request_for(name), "hub": "yard-hub"} for name in ("dock", "gate")]
    for stream in streams:
        stream["EdgeConfig"] = {"RecorderConfig": stream["EdgeConfig"]["RecorderConfig"]}
    directory = write("site.json", {"streams": streams})
    for name, env in (("Dev", THERE), ("Prod", HERE)):
        fleet = EdgeFleet.from_directory(Stage(app, name, env=env), "KvsEdge", directory)
    app.synth()
    assert warnings(fleet.stacks["site"]) == []


def test_stages_of_one_account_are_refused_once_for_each_pair_of_stacks(app, write, request_for):
    """Five streams are named, and the others counted: a fleet has hundreds."""
    directory = write("site.json", {"streams": [request_for(f"dock-{number}") for number in range(8)]})
    for name in ("Dev", "Prod"):
        EdgeFleet.from_directory(Stage(app, name, env=HERE), "KvsEdge", directory)
    with pytest.raises(RuntimeError) as raised:
        app.synth()
    text = str(raised.value)
    assert text.count("both declare") == 1
    assert "stacks Dev/KvsEdge/site and Prod/KvsEdge/site both declare 8 streams: dock-0 (" in text
    assert "dock-4 (Dev/KvsEdge/site/Streams/dock-4 and Prod/KvsEdge/site/Streams/dock-4) and 3 more" in text


def test_a_file_that_states_its_environment_is_refused_in_two_stages(app, write, request_for):
    """Both stages would deploy it to the ARN's environment."""
    directory = write("site.json", {"region": "us-west-2", "account": "123456789012", "streams": [request_for("dock")]})
    for name, env in (("Dev", THERE), ("Prod", HERE)):
        EdgeFleet.from_directory(Stage(app, name, env=env), "KvsEdge", directory)
    with pytest.raises(RuntimeError, match=r"both declare stream dock .* in 123456789012/us-west-2"):
        app.synth()


def test_a_stage_that_is_synthesized_by_itself_is_checked_against_those_before(app, declare):
    """A CDK pipeline synthesizes each stage as it is added."""
    for name in ("Dev", "Prod"):
        stage = Stage(app, name, env=HERE)
        declare(Stack(stage, "Site"), "Edge", stream="dock")
        if name == "Dev":
            stage.synth()
    with pytest.raises(RuntimeError, match="stacks Dev/Site and Prod/Site both declare stream dock"):
        stage.synth()


def test_nested_stacks_are_in_the_environment_of_the_stack_around_them(stack, declare):
    """Nested stacks share it with each other and with their parent, even if synthesis does not know it."""
    for name in ("North", "South"):
        declare(NestedStack(stack, name), "Edge", stream="dock")
    declare(stack, "Edge", stream="gate")
    declare(stack.node.find_child("North"), "Gate", stream="gate")
    with pytest.raises(RuntimeError) as raised:
        stack.node.root.synth()
    text = str(raised.value)
    assert "stream dock (Test/North/Edge and Test/South/Edge) in the environment of stack Test:" in text
    assert "stream gate (Test/Edge and Test/North/Gate) in the environment of stack Test:" in text


def test_a_stream_of_the_app_is_one_stream_in_all_stacks(app, two_stacks, declare):
    """It has no name yet, and its environment is not known: it is the same resource all the same."""
    first, second = two_stacks()
    stream = kinesisvideo.CfnStream(first, "Dock", data_retention_in_hours=24)
    for stack in (first, second):
        declare(stack, "Edge", stream=stream)
    with pytest.raises(RuntimeError, match=r"both declare stream First/Dock \(First/Edge and Second/Edge\)"):
        app.synth()


def test_a_stream_by_its_arn_is_one_stream_in_all_stacks(app, two_stacks, declare):
    """The ARN names the environment, so that the stacks need not."""
    for stack in two_stacks():
        declare(stack, "Edge", stream=ARN)
    with pytest.raises(RuntimeError, match=r"both declare stream dock .* in 123456789012/us-west-2"):
        app.synth()


def test_a_name_and_an_arn_are_compared(app, two_stacks, declare):
    """One stack says which stream it is by name, the other by ARN."""
    first, second = two_stacks(HERE, None)
    declare(first, "Edge", stream="dock")
    declare(second, "Edge", stream=ARN)
    with pytest.raises(RuntimeError, match="both declare stream dock"):
        app.synth()


def test_names_that_are_known_only_at_deployment_are_passed_over(app, two_stacks, declare, warnings):
    """Nothing can be said of them."""
    stacks = two_stacks(HERE, HERE)
    for stack in stacks:
        declare(stack, "Edge", stream=CfnParameter(stack, "Name").value_as_string)
    app.synth()
    assert warnings(stacks[1]) == []


def test_each_earlier_stack_is_named_once(app, declare):
    """Three stacks are three pairs."""
    for name in ("A", "B", "C"):
        declare(Stack(app, name, env=HERE), "Edge", stream="dock")
    with pytest.raises(RuntimeError) as raised:
        app.synth()
    pairs = ("stacks A and B both", "stacks A and C both", "stacks B and C both")
    assert [str(raised.value).count(pair) for pair in pairs] == [1, 1, 1]


def test_apps_do_not_know_each_other(declare):
    """Two apps in one process, as tests have them."""
    for _ in range(2):
        app = App()
        declare(Stack(app, "Site", env=HERE), "Edge", stream="dock")
        app.synth()
