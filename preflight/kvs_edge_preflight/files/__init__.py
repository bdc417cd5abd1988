"""Edge files: YAML or JSON, read with the place of each value, for synthesis and the command line.

Needs PyYAML and jsonschema, so nothing in Lambda imports it. Reading never raises for the content of
a file: each fault is a value with a code, a message and a place.
"""

from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.declared_file import DeclaredFile
from kvs_edge_preflight.files.diagnostic import Diagnostic, from_fault, from_finding
from kvs_edge_preflight.files.editor_schema import editor_schema, standard_schema
from kvs_edge_preflight.files.entries import DeclaredHub, DeclaredStream
from kvs_edge_preflight.files.environment import Environment, PseudoParameters, hub_arn, partition_of, stream_field
from kvs_edge_preflight.files.environment_rules import environment_violations
from kvs_edge_preflight.files.hub_plan import HubPlan, hub_plans
from kvs_edge_preflight.files.location import FileFault, Located, Place, Step, short_path
from kvs_edge_preflight.files.reading import (
    Reading,
    edge_files,
    is_edge_file,
    is_json,
    parse_file,
    read_file,
    read_files,
)
from kvs_edge_preflight.files.recording_gate import missing_time_zones
from kvs_edge_preflight.files.references import Reference, reference_in
from kvs_edge_preflight.files.semantic_rules import missing_retention
from kvs_edge_preflight.files.substitution import substitute, substitute_values
from kvs_edge_preflight.files.unused_facts import unused_facts
from kvs_edge_preflight.files.unused_zones import unused_zones
from kvs_edge_preflight.files.yaml_core import ambiguity

__all__ = [
    "DeclaredFile",
    "DeclaredHub",
    "DeclaredStream",
    "Diagnostic",
    "Environment",
    "FileCode",
    "FileFault",
    "HubPlan",
    "Located",
    "Place",
    "PseudoParameters",
    "Reading",
    "Reference",
    "Step",
    "ambiguity",
    "edge_files",
    "editor_schema",
    "environment_violations",
    "from_fault",
    "from_finding",
    "hub_arn",
    "hub_plans",
    "is_edge_file",
    "is_json",
    "missing_retention",
    "missing_time_zones",
    "parse_file",
    "partition_of",
    "read_file",
    "read_files",
    "reference_in",
    "short_path",
    "standard_schema",
    "stream_field",
    "substitute",
    "substitute_values",
    "unused_facts",
    "unused_zones",
]
