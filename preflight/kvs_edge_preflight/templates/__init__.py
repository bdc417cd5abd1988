"""Edge configurations that CloudFormation templates and cloud assemblies of the CDK declare.

Each `Custom::KinesisVideoEdgeConfiguration` becomes a declared stream, as if an edge file declared it. Values that only
CloudFormation knows, such as the name that it gives to a stream, stay references.
"""

from kvs_edge_preflight.templates.errors import AssemblyError
from kvs_edge_preflight.templates.file_facts import FACTS_METADATA, OF_HUB, OF_STREAM
from kvs_edge_preflight.templates.loading import parse_template
from kvs_edge_preflight.templates.resources import ACKNOWLEDGE_METADATA, EDGE_TYPE, REFS, STREAM_TYPE
from kvs_edge_preflight.templates.sources import Source, find_sources, read_sources
from kvs_edge_preflight.templates.template import Template

__all__ = [
    "ACKNOWLEDGE_METADATA",
    "EDGE_TYPE",
    "FACTS_METADATA",
    "OF_HUB",
    "OF_STREAM",
    "REFS",
    "STREAM_TYPE",
    "AssemblyError",
    "Source",
    "Template",
    "find_sources",
    "parse_template",
    "read_sources",
]
