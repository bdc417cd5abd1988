"""Templates of tests' stacks, synthesized once per worker and shape.

Most tests declare the same, each in a stack of its own: the templates differ in the names that begin with the stack's
name, and in hashes of them in the names of a stream's own policy. So a template is synthesized with a placeholder for
the stack's name. `tests/lifecycle/test_stack_templates.py` shows that the result is what synthesis with the stack's
name yields.
"""

import json
import re
from collections.abc import Mapping, Sequence
from enum import Enum
from hashlib import sha256
from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import EdgeConfigurationProvider, ScheduleConfig, StreamEdgeConfiguration
from support.synthesis import Synthesizer, Template

_PLACEHOLDER = "name-of-the-stack"

POLICY_HASHES = re.compile(r"\b[0-9a-f]{8}(?=-Permissions)|(?<=Permissions)[0-9a-f]{8}")
"""Hashes of a stack's and a stream's name, in the names of policies on the role of a provider that stacks share."""

Arguments = Mapping[str, Any]
"""Arguments of the construct, and its `id`."""


class StackTemplates:
    """Templates that declare edge configurations."""

    def __init__(self, synthesizer: Synthesizer) -> None:
        self._synthesizer = synthesizer
        self._synthesized: dict[str, str] = {}

    def templates(
        self, name: str, declarations: Sequence[Arguments], *, own_provider: bool, makes_streams: bool
    ) -> tuple[Template, Template]:
        """Return the template of the stack of that name, and its provider's (empty if the stack has its own)."""
        general = _with_name(list(declarations), name, _PLACEHOLDER)
        shape = json.dumps([general, own_provider, makes_streams], default=_as_data)
        if shape not in self._synthesized:
            made = self.synthesize(_PLACEHOLDER, general, own_provider=own_provider, makes_streams=makes_streams)
            self._synthesized[shape] = json.dumps(made)
        named = self._synthesized[shape].replace(_PLACEHOLDER, name)
        template, shared = json.loads(POLICY_HASHES.sub(lambda found: _hash(name + found[0]), named))
        return template, shared

    def synthesize(
        self, name: str, declarations: Sequence[Arguments], *, own_provider: bool, makes_streams: bool
    ) -> tuple[Template, Template]:
        """Return the same, synthesized with the stack's name."""

        def declare(scope: Stack, provider: EdgeConfigurationProvider | None) -> None:
            for declaration in declarations:
                arguments = {**declaration, **({"provider": provider} if provider else {})}
                construct_id = arguments.pop("id")
                if makes_streams:
                    arguments["stream"] = kinesisvideo.CfnStream(
                        scope, f"{construct_id}Stream", name=arguments["stream"], data_retention_in_hours=24
                    )
                edge = StreamEdgeConfiguration(scope, construct_id, **arguments)
                CfnOutput(scope, f"{construct_id}Status", value=edge.sync_status)

        return self._synthesizer.templates(name, declare, own_provider=own_provider)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def _with_name(value: Any, name: str, new_name: str) -> Any:
    """Return arguments with another stack's name in their texts."""
    match value:
        case Enum():
            return value
        case str():
            return value.replace(name, new_name)
        case Mapping():
            return {key: _with_name(each, name, new_name) for key, each in value.items()}
        case list():
            return [_with_name(each, name, new_name) for each in value]
        case _:
            return value


def _as_data(value: Any) -> Any:
    """Return an argument that JSON lacks as data, for the key of a shape."""
    match value:
        case Enum():
            return str(value)
        case Duration():
            return [str(Duration), value.to_milliseconds()]
        case ScheduleConfig():
            return [str(ScheduleConfig), vars(value)]
        case _:
            raise TypeError(f"{value!r} in a declaration: add here what distinguishes two values of {type(value)}")
