"""Checks of the arguments of a fleet."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import Environment

from cdk_kvs_edge.arguments import Arguments
from cdk_kvs_edge.deployment import DeploymentOptions
from cdk_kvs_edge.fleet.stacks import StackOptions

_OWN = ("path", "stream_retention", "references", "status_output")


def check_options(arguments: Arguments, path: object, references: object, options: Mapping[str, Any]) -> None:
    """Check the arguments that the deployment's options do not include, and the names of all."""
    known = [*_OWN, *DeploymentOptions.__annotations__, *StackOptions.__annotations__]
    arguments.check_names(options, known, "EdgeFleet.from_directory")
    if not isinstance(path, str | Path):
        arguments.refuse("path", path, 'the directory of the edge files, like "edge"')
    arguments.checked("references", references, _is_mapping, 'a dict by name, like {"gate": stream}')
    arguments.checked(
        "env", options.get("env"), lambda env: isinstance(env, Environment), 'Environment(account="...", region="...")'
    )
    arguments.checked("tags", options.get("tags"), _is_mapping, 'a dict, like {"team": "video"}')
    if options.get("termination_protection") is not None:
        arguments.flag("termination_protection", options["termination_protection"])


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping)
