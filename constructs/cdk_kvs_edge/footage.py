"""What the footage analysis says of one edge configuration: errors are faults, warnings are annotations."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aws_cdk import Annotations
from constructs import Construct

from cdk_kvs_edge.streams import DeclaredStream
from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault
from kvs_edge.footage import Acknowledgement, Analysis, Calendar, Finding, Hub, PlannedStream, Severity, analyse_hub

_NOT_PLAYED = frozenset({"HubDeviceArn", "MediaUriSecretArn"})
"""What the analysis does not read unless the hub's own facts are stated."""


def analyse_alone(
    stream: DeclaredStream,
    edge_config: Mapping[str, Any],
    acknowledge: Sequence[Acknowledgement],
    calendar: Calendar,
) -> Analysis:
    """What is found of a configuration that is valid by the schema, with nothing known of its hub.

    Nothing is, where a value that the analysis reads is known only at deployment.
    """
    if _holds_token(edge_config):
        return Analysis(())
    planned = PlannedStream(
        name=stream.literal_name or "",
        config=edge_config,
        data_retention_in_hours=_data_retention(stream),
        acknowledgements=tuple(acknowledge),
    )
    return analyse_hub(Hub(arn=planned.hub), [planned], calendar)


def error_faults(analysis: Analysis) -> list[Fault]:
    """The errors, as faults of the declaration."""
    return [
        Fault(_argument(finding), None, said(finding.code, finding.message)) for finding in analysis.of(Severity.ERROR)
    ]


def annotate(construct: Construct, analysis: Analysis) -> None:
    """Show the warnings at the construct."""
    warn(construct, ((one.code, f"{_argument(one)}: {one.message}") for one in analysis.of(Severity.WARNING)))


def warn(construct: Construct, warnings: Iterable[tuple[str, str]]) -> None:
    """Show warnings, each a code and a sentence; the CDK adds the code to the sentence."""
    for code, message in warnings:
        Annotations.of(construct).add_warning_v2(code, message)


def said(code: str, message: str) -> str:
    """The sentence with the code by which it can be looked up, and acknowledged."""
    return f"{message} [{code}]"


def _argument(finding: Finding) -> str:
    return finding.path.replace("Acknowledgements", "acknowledge")


def _holds_token(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_token(member) for name, member in value.items() if name not in _NOT_PLAYED)
    return is_token(value)


def _data_retention(stream: DeclaredStream) -> int | None:
    """Hours, where the app makes the stream and says so already; that it keeps nothing is looked for at synthesis."""
    hours = stream.resource.data_retention_in_hours if stream.resource else None
    return int(hours) if hours and not is_token(hours) else None
