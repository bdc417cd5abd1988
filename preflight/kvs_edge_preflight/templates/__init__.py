"""Edge configurations that CloudFormation templates and cloud assemblies of the CDK declare.

Each `Custom::KinesisVideoEdgeConfiguration` becomes a declared stream, as if an edge file declared it. Values that only
CloudFormation knows, such as the name that it gives to a stream, stay references.
"""

from kvs_edge_preflight.templates.errors import AssemblyError
from kvs_edge_preflight.templates.resources import ACKNOWLEDGE_METADATA, EDGE_TYPE, STREAM_TYPE, THING_TYPE
from kvs_edge_preflight.templates.sources import Source, find_sources, read_sources

__all__ = [
    "ACKNOWLEDGE_METADATA",
    "EDGE_TYPE",
    "STREAM_TYPE",
    "THING_TYPE",
    "AssemblyError",
    "Source",
    "find_sources",
    "read_sources",
]
