"""Stacks to declare edge configurations in, and their templates."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack, Stage

from cdk_kvs_edge import StreamEdgeConfiguration

HUB = "arn:aws:iot:us-west-2:123456789012:thing/warehouse-hub"
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:camera-aBcDeF"
RESOURCE_TYPE = "Custom::KinesisVideoEdgeConfiguration"

Template = dict[str, Any]


@pytest.fixture
def app() -> App:
    return App(analytics_reporting=False)


@pytest.fixture
def stack(app: App) -> Stack:
    return Stack(app, "Test")


@pytest.fixture(scope="session")
def hub() -> str:
    return HUB


@pytest.fixture(scope="session")
def secret() -> str:
    return SECRET


@pytest.fixture(scope="session")
def edge_config() -> dict[str, Any]:
    """The least that an edge configuration holds."""
    media_source = {"MediaUriSecretArn": SECRET, "MediaUriType": "RTSP_URI"}
    return {"HubDeviceArn": HUB, "RecorderConfig": {"MediaSourceConfig": media_source}}


@pytest.fixture
def write(tmp_path):
    """Writes a file of declarations, and returns its directory."""

    def write(name: str, content: object):
        (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content))
        return tmp_path

    return write


@pytest.fixture(scope="session")
def request_for(edge_config):
    """A StartEdgeConfigurationUpdate request for that stream."""

    def request_for(name: str, hub: str = HUB, **fields: object):
        return {"StreamName": name, "EdgeConfig": {**edge_config, "HubDeviceArn": hub}, **fields}

    return request_for


@pytest.fixture(scope="session")
def declare() -> Callable[..., StreamEdgeConfiguration]:
    """Declares an edge configuration; what is not given has a value that is right."""

    def declare(scope: Stack, name: str = "Edge", **arguments: Any) -> StreamEdgeConfiguration:
        defaults = {"stream": name, "hub_device_arn": HUB, "media_uri_secret": SECRET}
        return StreamEdgeConfiguration(scope, name, **(defaults | arguments))

    return declare


@pytest.fixture(scope="session")
def template_of() -> Callable[[Stack], Template]:
    """Synthesizes the stack's app."""

    def template_of(stack: Stack) -> Template:
        return stack.node.root.synth().get_stack_by_name(stack.stack_name).template

    return template_of


@pytest.fixture(scope="session")
def resources() -> Callable[[Template, str], dict[str, Template]]:
    """The template's resources of that type, by logical id."""

    def resources(template: Template, type_: str) -> dict[str, Template]:
        return {name: one for name, one in template["Resources"].items() if one["Type"] == type_}

    return resources


@pytest.fixture(scope="session")
def statements(resources) -> Callable[[Template, str], list[Template]]:
    """The statements of the template's policies of that type."""

    def statements(template: Template, type_: str) -> list[Template]:
        policies = resources(template, type_).values()
        return [one for policy in policies for one in policy["Properties"]["PolicyDocument"]["Statement"]]

    return statements


@pytest.fixture(scope="session")
def only(resources) -> Callable[[Template, str], Template]:
    """The template's only resource of that type."""

    def only(template: Template, type_: str = RESOURCE_TYPE) -> Template:
        (resource,) = resources(template, type_).values()
        return resource

    return only


@pytest.fixture(scope="session")
def warnings() -> Callable[[Stack], list[tuple[str, str]]]:
    """The warnings of a stack, each with the path of the construct, as the CDK writes them for its CLI.

    They are read from its files: the values that jsii makes of them depend on what else a process has loaded.
    """

    def warnings(stack: Stack) -> list[tuple[str, str]]:
        folder = Path(Stage.of(stack).synth(force=True).directory)
        artifact = json.loads((folder / "manifest.json").read_text())["artifacts"][stack.artifact_id]
        apart = artifact.get("additionalMetadataFile")
        told = json.loads((folder / apart).read_text()) if apart else artifact.get("metadata", {})
        return sorted(
            (path, one["data"]) for path, entries in told.items() for one in entries if one["type"] == "aws:cdk:warning"
        )

    return warnings
