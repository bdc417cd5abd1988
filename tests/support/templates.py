"""CloudFormation templates and cloud assemblies with edge configurations, as small as a test needs them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.declarations import ACCOUNT, REGION, edge_config


def edge_resource(stream: Any = "camera", config: Mapping[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    """Return the custom resource of an edge configuration, with its ServiceToken as the construct writes it."""
    return {
        "Type": "Custom::KinesisVideoEdgeConfiguration",
        "Properties": {
            "ServiceToken": {"Fn::GetAtt": ["Entry", "Arn"]},
            "ServiceTimeout": 1380,
            "StreamName": stream,
            "EdgeConfig": edge_config() if config is None else config,
            "RemovalPolicy": "RETAIN",
            **properties,
        },
    }


def stream_resource(name: Any = None, hours: Any = 24) -> dict[str, Any]:
    """Return a stream."""
    named = {} if name is None else {"Name": name}
    return {"Type": "AWS::KinesisVideo::Stream", "Properties": {"DataRetentionInHours": hours, **named}}


def template(resources: Mapping[str, Any], **sections: Any) -> str:
    """Return the text of a template."""
    return json.dumps({"Resources": resources, **sections}, indent=1)


def write_assembly(
    directory: Path,
    templates: Mapping[str, str],
    *,
    environment: str = f"aws://{ACCOUNT}/{REGION}",
    artifacts: Mapping[str, Any] | None = None,
    **stack: Any,
) -> Path:
    """Write a cloud assembly, and return its directory.

    Args:
        directory: The directory to create.
        templates: The text of each stack's template, by the name of the stack.
        environment: The environment of the stacks.
        artifacts: Further artifacts.
        stack: Further members of each stack's artifact.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in templates.items():
        (directory / f"{name}.template.json").write_text(text)
    stacks = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": environment,
            "properties": {"templateFile": f"{name}.template.json"},
            **stack,
        }
        for name in templates
    }
    manifest = {"version": "55.0.0", "artifacts": {**stacks, **(artifacts or {})}}
    (directory / "manifest.json").write_text(json.dumps(manifest))
    return directory
