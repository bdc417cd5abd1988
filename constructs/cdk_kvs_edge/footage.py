"""Footage analysis of one edge configuration: errors become faults, warnings become annotations."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aws_cdk import Annotations
from constructs import Construct

from cdk_kvs_edge.argument_names import argument_path
from cdk_kvs_edge.arguments import shown
from cdk_kvs_edge.streams import StreamReference
from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault
from kvs_edge_preflight.footage import (
    Acknowledgement,
    Analysis,
    Calendar,
    Hub,
    PlannedStream,
    Severity,
    analyse_hub,
)
from kvs_edge_preflight.footage.source_rules import is_partial

_NOT_ANALYSED = frozenset({"HubDeviceArn", "MediaUriSecretArn"})
"""Fields that the analysis reads only with facts of the hub, which are not known here; except for a partial ARN."""


class FootageAnalyser:
    """Analyser of single configurations, without facts of their hubs; equal configurations are analysed once."""

    def __init__(self) -> None:
        self._calendar = Calendar(datetime.now(UTC))
        self._known: dict[str, Analysis] = {}

    def analyse(
        self, stream: StreamReference, edge_config: Mapping[str, Any], acknowledge: Sequence[Acknowledgement]
    ) -> Analysis:
        """Return the findings on a configuration that is valid by the schema.

        There are no findings if a value that the analysis reads is known only at deployment.
        """
        if _holds_token(edge_config):
            return Analysis(())
        hours = stream.data_retention_in_hours
        accepted = [[item.code, item.reason] for item in acknowledge]
        key = json.dumps([_analysed(edge_config), _has_partial_secret(edge_config), hours, accepted])
        if key not in self._known:
            # The annotated construct identifies the stream, so findings need no name.
            planned = PlannedStream(
                name="", config=edge_config, data_retention_in_hours=hours, acknowledgements=tuple(acknowledge)
            )
            self._known[key] = analyse_hub(Hub(arn=planned.hub), [planned], self._calendar)
        return self._known[key]


def error_faults(analysis: Analysis) -> list[Fault]:
    """Return the errors as faults of the declaration."""
    return [
        Fault(finding.path, None, with_code(finding.code, finding.message)) for finding in analysis.of(Severity.ERROR)
    ]


def annotate(construct: Construct, analysis: Analysis, names: Mapping[str, str]) -> None:
    """Add the warnings to the construct; `names` has its arguments for the paths of the findings."""
    found = analysis.of(Severity.WARNING)
    warn(construct, ((item.code, f"{argument_path(item.path, names)}: {item.message}") for item in found))


def acknowledgement_faults(acknowledge: object) -> list[Fault]:
    """Return the fault of an argument `acknowledge` that is not a list of acknowledgements."""
    if isinstance(acknowledge, Sequence) and all(isinstance(item, Acknowledgement) for item in acknowledge):
        return []
    rule = f"{shown(acknowledge)} is not accepted: give a list of Acknowledgement(CODE, REASON)"
    return [Fault("acknowledge", acknowledge, rule)]


def warn(construct: Construct, warnings: Iterable[tuple[str, str]]) -> None:
    """Add warnings, each a code and a message, to the construct; the CDK appends the code to the message."""
    for code, message in warnings:
        Annotations.of(construct).add_warning_v2(code, message)


def with_code(code: str, message: str) -> str:
    """Return the message with its code, which a user needs to look it up and to acknowledge it."""
    return f"{message} [{code}]"


def _has_partial_secret(edge_config: Mapping[str, Any]) -> bool:
    secret = edge_config["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"]
    return isinstance(secret, str) and is_partial(secret)


def _holds_token(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_token(member) for name, member in value.items() if name not in _NOT_ANALYSED)
    return is_token(value)


def _analysed(value: Any) -> Any:
    """Return the part of a configuration that the analysis reads."""
    if isinstance(value, Mapping):
        return {name: _analysed(member) for name, member in value.items() if name not in _NOT_ANALYSED}
    return value
