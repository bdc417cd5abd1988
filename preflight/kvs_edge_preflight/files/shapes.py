"""Documents that are not edge files but look like one: outputs and requests of AWS, templates, lists, empty files."""

from collections.abc import Mapping

from kvs_edge_preflight.files.schema_check import definitions
from kvs_edge_preflight.suggestions import similar

_OF_OUTPUT = ("CreationTime", "LastUpdatedTime", "SyncStatus", "FailedStatusDetails", "EdgeAgentStatus")
"""Fields of DescribeEdgeConfiguration's output that a request does not have."""
_A_FILE = "an edge file is a mapping with streams: a list of StartEdgeConfigurationUpdate requests"
_IMPORT = "kvs-edge import --hub HUB writes a file of what is on a hub"


EMPTY = f"the file is empty; {_A_FILE}"


def other_document(value: object) -> str | None:
    """Return what a whole file is instead of an edge file, and the fix; None if it is a mapping of another kind."""
    if value is None:
        return EMPTY
    if isinstance(value, list):
        return f"the file is a list; {_A_FILE}: put the list under the key streams"
    if not isinstance(value, Mapping):
        return f"the file is a single value; {_A_FILE}"
    return None if "streams" in value else _other_mapping(value)


def output_entry(value: object) -> str | None:
    """Return the fix for an entry of streams that is an output of AWS; None if it is not."""
    if not isinstance(value, Mapping) or "EdgeConfig" not in value:
        return None
    extra = [name for name in _OF_OUTPUT if name in value]
    if not extra:
        return None
    both = ["StreamARN"] if "StreamName" in value and "StreamARN" in value else []
    return (
        f"the entry is an output of DescribeEdgeConfiguration or ListEdgeAgentConfigurations; remove"
        f" {', '.join(both + extra)}, or use an import: {_IMPORT}"
    )


def _other_mapping(value: Mapping[str, object]) -> str | None:
    if "EdgeConfigs" in value:
        return f"the file is an output of ListEdgeAgentConfigurations; {_IMPORT}"
    if any(name in value for name in _OF_OUTPUT):
        return f"the file is an output of DescribeEdgeConfiguration; {_IMPORT}"
    if "EdgeConfig" in value or "StreamName" in value:
        return "the file is a single StartEdgeConfigurationUpdate request; put it in a list under the key streams"
    if "RecorderConfig" in value or "HubDeviceArn" in value:
        return "the file is a single EdgeConfig; give it a StreamName, and put both in a list under the key streams"
    if "Resources" in value or "AWSTemplateFormatVersion" in value:
        return f"the file is a CloudFormation template; {_A_FILE}"
    fields = definitions()["EdgeFile"]["properties"]
    if value and not any(similar(str(name), fields) for name in value):
        fix = "remove it from the paths, or name the folder of edge files"
        return f"the file has no field of an edge file; {_A_FILE}: {fix}"
    return None
