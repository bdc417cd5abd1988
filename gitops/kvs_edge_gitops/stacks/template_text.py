"""The text of a template as values: JSON, or YAML with CloudFormation's short forms."""

import json
from collections.abc import Mapping
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """A YAML loader that reads ``!Sub`` as ``Fn::Sub``, and a time stamp as text."""


def parse_template(body: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a template as GetTemplate responds with it: boto3 has parsed JSON already, and leaves YAML as text.

    Raises:
        ValueError: The text is not a template.
    """
    if isinstance(body, Mapping):
        return body
    try:
        parsed: Any = json.loads(body) if body.lstrip().startswith("{") else yaml.load(body, _Loader)  # noqa: S506 # safe
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    if not isinstance(parsed, Mapping):
        raise ValueError("the template is not an object")  # noqa: TRY004 # one error for every text
    return parsed


def _function(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    """Return the full form of a function's short form [Intrinsic function reference, CloudFormation User Guide]."""
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: text.split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode), "a node is a scalar, a sequence or a mapping"
    return {name: loader.construct_mapping(node, deep=True)}


def _text(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_multi_constructor("!", _function)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _text)
