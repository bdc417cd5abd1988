"""examples/cloudformation beside the construct: both deploy the same provider, policies and resource."""

import json
import re
from pathlib import Path

import pytest
import yaml
from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import EdgeConfigurationProvider, StreamEdgeConfiguration
from cdk_kvs_edge.statements import ALL, DESCRIBE_AND_UPDATE, DESCRIBE_STACK
from kvs_edge.polling import BRIEF_STAY_SECONDS, STAY_SECONDS
from kvs_edge_local.cloudformation.yaml_tags import TemplateLoader
from support.cfn_lint import remarks

FOLDER = Path(__file__).parents[2] / "examples" / "cloudformation"
HASH = re.compile(r"^EdgeConfigurationProvider(\w+)[0-9A-F]{8}$")


def _template(name: str):
    return yaml.load((FOLDER / name).read_text("utf-8"), Loader=TemplateLoader)  # a SafeLoader


@pytest.fixture(scope="module")
def provider():
    return _template("provider.yaml")


@pytest.fixture(scope="module")
def site():
    return _template("warehouse.yaml")["Resources"]


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory):
    """Return the construct's template for the same two streams."""
    app = App(analytics_reporting=False, outdir=str(tmp_path_factory.mktemp("cdk.out")))
    stack = Stack(app, "Site")
    for name, policy in (("entrance", RemovalPolicy.RETAIN), ("dock", RemovalPolicy.DESTROY)):
        stream = kinesisvideo.CfnStream(stack, f"{name}-stream", name=name, data_retention_in_hours=168)
        StreamEdgeConfiguration(
            stack,
            name,
            stream=stream,
            hub_device_arn="arn:aws:iot:eu-west-1:123456789012:thing/hub",
            media_uri_secret="arn:aws:secretsmanager:eu-west-1:123456789012:secret:camera-aBcDeF",
            removal_policy=policy,
        )
    return app.synth().get_stack_by_name("Site").template["Resources"]


def _short(value):
    """Return a value with the logical ids of the YAML file."""
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_short(item) for item in value]
    return HASH.sub(r"\1", value) if isinstance(value, str) else value


def _comparable(resource):
    """Return a resource without its code's place, and with the definition of a state machine as data."""
    properties = {key: value for key, value in resource.get("Properties", {}).items() if key != "Code"}
    if "DefinitionString" in properties:
        properties["DefinitionString"] = json.loads(
            properties["DefinitionString"].replace("${BackoffSeconds}", "2").replace("${TurnSeconds}", "2")
        )
        for seconds in ("StaySeconds", "BackoffSeconds", "TurnSeconds"):
            del properties["DefinitionSubstitutions"][seconds]
    return {**resource, "Properties": properties}


def test_the_provider_is_the_constructs(provider, synthesized):
    """Roles, functions, state machine and log group, property by property."""
    ours = {
        match[1]: _comparable(_short(resource))
        for name, resource in synthesized.items()
        if (match := HASH.match(name)) and "Metadata" not in resource.get("Properties", {})
    }
    theirs = {name: _comparable(resource) for name, resource in provider["Resources"].items()}
    assert set(theirs) == {"Entry", "EntryRole", "Logs", "StateMachine", "StateMachineRole", "Tick", "TickRole"}
    # In the construct's stack, the entry function comes after the policies of its streams.
    assert ours["Entry"].pop("DependsOn") == ["EdgeStreamPermissionsPolicy1D359DEA8"]
    for name, resource in theirs.items():
        assert resource == ours[name], name


def test_the_provider_exports_what_a_site_needs(provider, synthesized):
    """The ServiceToken and the role; the seconds of the construct are in the parameter's description."""
    assert {name: output["Value"] for name, output in provider["Outputs"].items()} == {
        "ServiceToken": {"Fn::GetAtt": ["Entry", "Arn"]},
        "TickRole": {"Ref": "TickRole"},
    }
    stay = provider["Parameters"]["StaySeconds"]
    assert f"{STAY_SECONDS:g} is faster" in stay["Description"]
    assert stay["Default"] == BRIEF_STAY_SECONDS
    assert EdgeConfigurationProvider.__name__ in "".join(synthesized)


def test_the_policies_of_a_site_are_the_constructs(site):
    """The same actions on the same resources."""
    shared, own = (site[name]["Properties"]["PolicyDocument"]["Statement"] for name in ("EdgePolicy", "DockPolicy"))
    assert [tuple(statement["Action"]) for statement in (*shared, *own)] == [DESCRIBE_STACK, DESCRIBE_AND_UPDATE, ALL]
    assert site["Entrance"]["DependsOn"] == "EdgePolicy"
    assert (site["Dock"]["DependsOn"], site["DockPolicy"]["DependsOn"]) == ("DockPolicy", "EdgePolicy")


@pytest.mark.parametrize(("name", "id_"), [("Entrance", "entrance"), ("Dock", "dock")])
def test_the_custom_resource_is_the_constructs(site, synthesized, name, id_):
    """Type, policies and properties; only the configuration itself differs."""
    ours = next(
        resource
        for resource in synthesized.values()
        if resource["Type"] == site[name]["Type"] and id_ in resource["Properties"]["StreamName"]["Ref"]
    )
    kept = ("DeletionPolicy", "UpdateReplacePolicy")
    assert {key: site[name][key] for key in kept} == {key: ours[key] for key in kept}
    differ = {"ServiceToken", "StreamName", "EdgeConfig"}
    # The file states the defaults, which the construct leaves out.
    defaults = {"HubMove": "FORBIDDEN", "WaitFor": "SYNC", "SyncTimeoutInSeconds": 1200}
    assert set(site[name]["Properties"]) == {*defaults, *ours["Properties"]}
    for key in set(site[name]["Properties"]) - differ:
        assert site[name]["Properties"][key] == {**defaults, **ours["Properties"]}[key], key


@pytest.mark.parametrize("name", ["provider.yaml", "warehouse.yaml"])
def test_cfn_lint_has_no_remark(name):
    """Neither errors nor warnings."""
    assert remarks((FOLDER / name).read_text("utf-8")) == []
