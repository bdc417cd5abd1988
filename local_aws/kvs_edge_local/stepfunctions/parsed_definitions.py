"""Definitions of state machines and their JSONPath expressions, parsed once per process.

moto's interpreter parses the definition for each execution: some 24 ms of CPU. Executions of a state machine share the
syntax tree. Each has a copy of the program, since a program has a state. An expression has none, and takes 0.4 ms each
time that it is parsed.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from typing import Any

from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import json_path

from kvs_edge_local.moto_patches import Patches

_DEFINITIONS = 64
_EXPRESSIONS = 1024

Parse = Callable[[str], tuple[Any, Any]]
"""Return a definition's program and its syntax tree; raise ASLParserException for one with errors."""


def parse_once(replacements: Patches) -> None:
    """Keep the programs and the syntax trees of the latest definitions, and the latest expressions."""
    known: Parse = lru_cache(_DEFINITIONS)(AmazonStateLanguageParser.parse)

    def parse(definition: str) -> tuple[Any, Any]:
        program, tree = known(definition)
        return deepcopy(program), tree

    replacements.attribute(AmazonStateLanguageParser, "parse", staticmethod(parse))
    expressions: Any = json_path
    replacements.attribute(expressions, "parse", lru_cache(_EXPRESSIONS)(expressions.parse))
