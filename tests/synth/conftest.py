"""Fixtures for stacks with edge configurations, and their templates."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack, Stage

from cdk_kvs_edge import StreamEdgeConfiguration
from support import declarations

HUB = declarations.hub_arn("warehouse-hub", region="us-west-2")
SECRET = declarations.media_secret(region="us-west-2")
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
    """Return an EdgeConfig with the required fields."""
    return declarations.edge_config(HUB, SECRET)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes an edge file and returns its directory, edge."""

    def write(name: str, content: object):
        directory = tmp_path / "edge"
        directory.mkdir(exist_ok=True)
        (directory / name).write_text(content if isinstance(content, str) else json.dumps(content))
        return directory

    return write


@pytest.fixture(scope="session")
def request_for(edge_config):
    """Return a function that returns a StartEdgeConfigurationUpdate request."""

    def request_for(name: str, hub: str = HUB, **fields: object):
        return {"StreamName": name, "EdgeConfig": {**edge_config, "HubDeviceArn": hub}, **fields}

    return request_for


@pytest.fixture(scope="session")
def declare() -> Callable[..., StreamEdgeConfiguration]:
    """Return a function that declares an edge configuration, with valid values by default."""

    def declare(scope: Stack, name: str = "Edge", **arguments: Any) -> StreamEdgeConfiguration:
        defaults = {"stream": name, "hub_device_arn": HUB, "media_uri_secret": SECRET}
        return StreamEdgeConfiguration(scope, name, **(defaults | arguments))

    return declare


@pytest.fixture(scope="session")
def template_of() -> Callable[[Stack], Template]:
    """Return a function that synthesizes the app and returns the stack's template."""

    def template_of(stack: Stack) -> Template:
        return stack.node.root.synth().get_stack_by_name(stack.stack_name).template

    return template_of


@pytest.fixture(scope="session")
def resources() -> Callable[[Template, str], dict[str, Template]]:
    """Return a function that returns a template's resources of a type by logical id."""

    def resources(template: Template, type_: str) -> dict[str, Template]:
        return {name: resource for name, resource in template["Resources"].items() if resource["Type"] == type_}

    return resources


@pytest.fixture(scope="session")
def statements(resources) -> Callable[[Template, str], list[Template]]:
    """Return a function that returns the statements of a template's policies of a type."""

    def statements(template: Template, type_: str) -> list[Template]:
        policies = resources(template, type_).values()
        return [statement for policy in policies for statement in policy["Properties"]["PolicyDocument"]["Statement"]]

    return statements


@pytest.fixture(scope="session")
def only(resources) -> Callable[[Template, str], Template]:
    """Return a function that returns a template's only resource of a type."""

    def only(template: Template, type_: str = RESOURCE_TYPE) -> Template:
        (resource,) = resources(template, type_).values()
        return resource

    return only


@pytest.fixture(scope="session")
def warnings() -> Callable[[Stack], list[tuple[str, str]]]:
    """Return a function that returns a stack's warnings, each with the construct's path, as the CDK CLI reads them.

    It reads the assembly's files, because jsii's values depend on the modules that a process has loaded.
    """

    def warnings(stack: Stack) -> list[tuple[str, str]]:
        folder = Path(Stage.of(stack).synth(force=True).directory)
        artifact = json.loads((folder / "manifest.json").read_text())["artifacts"][stack.artifact_id]
        file = artifact.get("additionalMetadataFile")
        metadata = json.loads((folder / file).read_text()) if file else artifact.get("metadata", {})
        return sorted(
            (path, entry["data"])
            for path, entries in metadata.items()
            for entry in entries
            if entry["type"] == "aws:cdk:warning"
        )

    return warnings
