"""What the footage analysis says of one edge configuration: errors are faults, warnings are annotations."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aws_cdk import Annotations
from constructs import Construct

from cdk_kvs_edge.streams import StreamReference
from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault
from kvs_edge_preflight.footage import (
    Acknowledgement,
    Analysis,
    Calendar,
    Finding,
    Hub,
    PlannedStream,
    Severity,
    analyse_hub,
)

_NOT_PLAYED = frozenset({"HubDeviceArn", "MediaUriSecretArn"})
"""What the analysis does not read unless the hub's own facts are stated."""


class FootageAnalyser:
    """Analyses configurations one by one, with nothing known of their hubs; those that are alike are analysed once."""

    def __init__(self) -> None:
        self._calendar = Calendar(datetime.now(UTC))
        self._known: dict[str, Analysis] = {}

    def analyse(
        self, stream: StreamReference, edge_config: Mapping[str, Any], acknowledge: Sequence[Acknowledgement]
    ) -> Analysis:
        """What is found of a configuration that is valid by the schema.

        Nothing is, where a value that the analysis reads is known only at deployment.
        """
        if _holds_token(edge_config):
            return Analysis(())
        hours = stream.data_retention_in_hours
        key = json.dumps([_played(edge_config), hours, [[one.code, one.reason] for one in acknowledge]])
        if key not in self._known:
            # The construct says which stream it is about, so that the findings need not.
            planned = PlannedStream(
                name="", config=edge_config, data_retention_in_hours=hours, acknowledgements=tuple(acknowledge)
            )
            self._known[key] = analyse_hub(Hub(arn=planned.hub), [planned], self._calendar)
        return self._known[key]


def error_faults(analysis: Analysis) -> list[Fault]:
    """The errors, as faults of the declaration."""
    return [
        Fault(_argument(finding), None, with_code(finding.code, finding.message))
        for finding in analysis.of(Severity.ERROR)
    ]


def annotate(construct: Construct, analysis: Analysis) -> None:
    """Show the warnings at the construct."""
    warn(construct, ((one.code, f"{_argument(one)}: {one.message}") for one in analysis.of(Severity.WARNING)))


def warn(construct: Construct, warnings: Iterable[tuple[str, str]]) -> None:
    """Show warnings, each a code and a sentence; the CDK adds the code to the sentence."""
    for code, message in warnings:
        Annotations.of(construct).add_warning_v2(code, message)


def with_code(code: str, message: str) -> str:
    """The sentence with the code by which it can be looked up, and acknowledged."""
    return f"{message} [{code}]"


def _argument(finding: Finding) -> str:
    return finding.path.replace("Acknowledgements", "acknowledge")


def _holds_token(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_token(member) for name, member in value.items() if name not in _NOT_PLAYED)
    return is_token(value)


def _played(value: Any) -> Any:
    """The part of a configuration that the analysis reads."""
    if isinstance(value, Mapping):
        return {name: _played(member) for name, member in value.items() if name not in _NOT_PLAYED}
    return value
