"""Short forms of intrinsic functions in YAML templates: `!Ref X` is `{Ref: X}`, `!Sub X` is `{Fn::Sub: X}`."""

from typing import Any

import yaml

UNPREFIXED = frozenset({"Ref", "Condition"})


class TemplateLoader(yaml.SafeLoader):
    """YAML loader for templates: it expands short forms, and keeps dates as strings."""


def _construct(loader: TemplateLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in UNPREFIXED else f"Fn::{tag}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if tag == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type] # the third kind of node
    return {name: value}


def _construct_text(loader: TemplateLoader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


TemplateLoader.add_multi_constructor("!", _construct)
# `Version: 2012-10-17` in a policy is a string for CloudFormation, but a date for YAML 1.1.
TemplateLoader.add_constructor("tag:yaml.org,2002:timestamp", _construct_text)
