"""The files in edge/: YAML or JSON, read with the place of every value, for synthesis and the command line.

Needs PyYAML, jsonschema and fastjsonschema, so nothing that runs in Lambda imports it. A reading never raises for what
a file holds: each fault is a value with a code, a sentence and its place.
"""

from kvs_edge.files.codes import FileCode
from kvs_edge.files.declared import DeclaredFile, DeclaredHub, DeclaredStream
from kvs_edge.files.diagnostic import Diagnostic, from_fault, from_finding
from kvs_edge.files.located import FileFault, Located, Place
from kvs_edge.files.planned import HubPlan, planned
from kvs_edge.files.reading import SUFFIXES, Reading, edge_files, parse_file, read_file, read_files

__all__ = [
    "SUFFIXES",
    "DeclaredFile",
    "DeclaredHub",
    "DeclaredStream",
    "Diagnostic",
    "FileCode",
    "FileFault",
    "HubPlan",
    "Located",
    "Place",
    "Reading",
    "edge_files",
    "from_fault",
    "from_finding",
    "parse_file",
    "planned",
    "read_file",
    "read_files",
]
