"""The files in edge/: YAML or JSON, read with the place of every value, for synthesis and the command line.

Needs PyYAML and jsonschema, so nothing that runs in Lambda imports it. A reading never raises for what
a file holds: each fault is a value with a code, a sentence and its place.
"""

from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.declared_file import DeclaredFile
from kvs_edge_preflight.files.diagnostic import Diagnostic, from_fault, from_finding
from kvs_edge_preflight.files.editor_schema import editor_schema
from kvs_edge_preflight.files.entries import DeclaredHub, DeclaredStream
from kvs_edge_preflight.files.environment import Environment, Pseudo, hub_arn, partition_of
from kvs_edge_preflight.files.hub_plan import HubPlan, planned
from kvs_edge_preflight.files.location import FileFault, Located, Place
from kvs_edge_preflight.files.reading import SUFFIXES, Reading, edge_files, parse_file, read_file, read_files
from kvs_edge_preflight.files.references import Reference, reference_in
from kvs_edge_preflight.files.semantic_rules import without_retention
from kvs_edge_preflight.files.substitution import filled_in

__all__ = [
    "SUFFIXES",
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
    "Pseudo",
    "Reading",
    "Reference",
    "edge_files",
    "editor_schema",
    "filled_in",
    "from_fault",
    "from_finding",
    "hub_arn",
    "parse_file",
    "partition_of",
    "planned",
    "read_file",
    "read_files",
    "reference_in",
    "without_retention",
]
