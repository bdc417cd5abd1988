"""Snapshot of the example app's templates, and checks by the usual linters, also of examples/cdk-pipelines.

After a change that is meant, write the snapshot anew and review the difference:
`KVS_EDGE_UPDATE_SNAPSHOTS=1 pytest tests/synth/test_example_app.py`.
"""

import json
import os
import re
import runpy
from pathlib import Path

import pytest
from aws_cdk import App, CloudFormationValidatePlugin, Stack, Stage, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from aws_cdk.cx_api import CloudAssembly
from statelint.linter import Linter

from support.cfn_lint import remarks
from support.nag import solutions_violations

ROOT = Path(__file__).parents[2]
STEMS = ("shop", "warehouse")


@pytest.fixture(scope="module")
def example() -> App:
    return runpy.run_path(str(ROOT / "app.py"))["app"]


@pytest.fixture(scope="module")
def validated():
    """Return a function that synthesizes an app with the CDK's own validator.

    Each validator reads the schemas of all resource types, which takes seconds, so all apps share one.
    """
    validator = CloudFormationValidatePlugin()

    def validated(app: App) -> CloudAssembly:
        Validations.of(app).add_plugins(validator)
        # An example has synthesized already, and without a new construct the CDK would return that assembly.
        return app.synth(force=True)

    return validated


@pytest.fixture(scope="module")
def assembly(example, validated):
    """Return the assembly, which the CDK's own validator has checked."""
    return validated(example)


@pytest.fixture(scope="module")
def templates(assembly):
    """Return the template of each file's stack."""
    assert [stack.stack_name for stack in assembly.stacks] == [f"KvsEdge-{stem}" for stem in STEMS]
    return {stem: assembly.get_stack_by_name(f"KvsEdge-{stem}").template for stem in STEMS}


@pytest.fixture(scope="module")
def definition(templates):
    """Return the state machine's definition with CloudFormation's substitutions."""
    resources = templates["shop"]["Resources"].values()
    (machine,) = (one for one in resources if one["Type"] == "AWS::StepFunctions::StateMachine")
    values = {
        "TickFunctionArn": "arn:aws:lambda:us-west-2:123456789012:function:tick",
        "Partition": "aws",
        "StaySeconds": "960",
        "BackoffSeconds": "2",
        "TurnSeconds": "2",
    }
    assert set(machine["Properties"]["DefinitionSubstitutions"]) == set(values)
    return re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], machine["Properties"]["DefinitionString"])


@pytest.mark.parametrize("stem", STEMS)
def test_the_template_is_the_one_that_was_reviewed(templates, stem):
    """Asset hashes apart, no change of a template goes unseen."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "ASSET_HASH", json.dumps(templates[stem], indent=1)) + "\n"
    snapshot = Path(__file__).with_name(f"example_app.{stem}.template.json")
    if os.environ.get("KVS_EDGE_UPDATE_SNAPSHOTS"):
        snapshot.write_text(text)
    assert json.loads(text) == json.loads(snapshot.read_text())


def test_the_example_has_two_hubs_and_five_streams(templates):
    """AWS's own published example among them."""
    made = [
        one["Properties"]["EdgeConfig"]
        for template in templates.values()
        for one in template["Resources"].values()
        if one["Type"] == "Custom::KinesisVideoEdgeConfiguration"
    ]
    published = {
        "RecorderConfig": ("0 0 9,10,11,12,13,14,15,16 ? * * *", 3599),
        "UploaderConfig": ("0 0 19,20,21 ? * * *", 3599),
    }
    assert len(made) == 5
    assert len({one["HubDeviceArn"] for one in made}) == 2
    assert published in [
        {
            name: (
                one.get(name, {}).get("ScheduleConfig", {}).get("ScheduleExpression"),
                one.get(name, {}).get("ScheduleConfig", {}).get("DurationInSeconds"),
            )
            for name in published
        }
        for one in made
    ]


def test_the_example_is_warned_of_what_may_lose_footage(example, warnings):
    """At the stream that it is about, and not of what its file acknowledges."""
    found = warnings(example.node.find_child("KvsEdge").stacks["shop"])
    told = [(path, re.search(r"\[ack: (\w+)\]", text)[1]) for path, text in found]
    stream = "/KvsEdge/shop/Streams/shop-training-video"
    assert sorted(told) == [(stream, "FileUriInDoubt"), (stream, "LocalSizeBelowAnHour")]


def test_the_cdks_validator_finds_nothing(assembly):
    """It checks each template by default; in the other tests it is off (tests/conftest.py)."""
    assert violations(assembly) == []


def test_the_cdks_validator_finds_nothing_in_the_pipeline(validated):
    """It checks the stacks of the pipeline's stage, too."""
    pipeline = runpy.run_path(str(ROOT / "examples" / "cdk-pipelines" / "app.py"))["app"]
    assert violations(validated(pipeline)) == []


def test_the_cdks_validator_would_find_something_in_an_app_and_in_its_stages(validated):
    """The checks above can fail."""
    app = App()
    for scope in (app, Stage(app, "Stage")):
        sqs.CfnQueue(Stack(scope, "Test"), "Queue").add_property_override("VisibilityTimeout", "long")
    assert violations(validated(app)) == ["F3012 Stage/Test/Queue", "F3012 Test/Queue"]


@pytest.mark.parametrize("stem", STEMS)
def test_cfn_lint_finds_nothing(templates, stem):
    """Neither errors nor warnings."""
    assert remarks(json.dumps(templates[stem])) == []


def test_cfn_lint_would_find_something(templates):
    """The check above can fail."""
    assert remarks(json.dumps(templates["shop"]).replace('"MemorySize": 128', '"MemorySize": "much"'))


def test_the_states_language_is_valid(definition):
    """As statelint, AWS Labs' validator for the Amazon States Language, reads it."""
    assert Linter.validate(json.loads(definition)) == []


def test_cdk_nag_finds_nothing_that_is_not_explained(example):
    """AwsSolutions, over the example app."""
    assert solutions_violations(example) == []


def test_cdk_nag_finds_nothing_in_deletable_and_token_streams(app, stack, declare):
    """Own policies are acknowledged, too."""
    from aws_cdk import RemovalPolicy
    from aws_cdk import aws_kinesisvideo as kinesisvideo

    stream = kinesisvideo.CfnStream(stack, "Camera", data_retention_in_hours=1)
    declare(stack, "A", removal_policy=RemovalPolicy.DESTROY)
    declare(stack, "B", stream=stream)
    assert solutions_violations(app) == []


def test_cdk_nag_finds_nothing_in_a_provider_in_a_vpc(app, stack):
    """The network's wildcard is explained, and nothing else is wide."""
    from aws_cdk import aws_ec2 as ec2

    from cdk_kvs_edge import EdgeConfigurationProvider

    network = Stack(app, "Network")
    vpc = ec2.Vpc(network, "Vpc", max_azs=1)
    EdgeConfigurationProvider(stack, "Provider", vpc=vpc)
    assert solutions_violations(stack) == []


def test_cdk_nag_would_find_something(app, stack, declare):
    """An explanation covers one finding, and the checks above can fail."""
    edge = declare(stack)
    statement = iam.PolicyStatement(actions=["kinesisvideo:*"], resources=["*"])
    iam.ManagedPolicy(edge, "Wide", statements=[statement])
    assert solutions_violations(app) == ["AwsSolutions-IAM5[Action::kinesisvideo:*]", "AwsSolutions-IAM5[Resource::*]"]


def violations(assembly) -> list[str]:
    report = json.loads((Path(assembly.directory) / "validation-report.json").read_text("utf-8"))
    return sorted(
        f"{found['ruleName']} {construct['constructPath']}"
        for plugin in report["pluginReports"]
        for found in plugin["violations"]
        for construct in found["violatingConstructs"]
    )
