"""Definitions of state machines, parsed once per process.

moto's interpreter parses the definition for each execution: some 60 ms of CPU, of which the syntax tree takes two
thirds. Executions of a state machine share the tree. Each has a program of its own, since a program has a state.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

from kvs_edge_local.moto_patches import Patches

_DEFINITIONS = 64


def parse_once(replacements: Patches) -> None:
    """Keep the syntax trees of the latest definitions."""
    tree = _trees(AmazonStateLanguageParser.parse)

    def parse(definition: str) -> tuple[Any, Any]:
        known = tree(definition)
        return Preprocessor().visit(known), known

    replacements.attribute(AmazonStateLanguageParser, "parse", staticmethod(parse))


def _trees(parse: Callable[[str], tuple[Any, Any]]) -> Callable[[str], Any]:
    @lru_cache(_DEFINITIONS)
    def tree(definition: str) -> Any:
        """Return the definition's syntax tree; raise ASLParserException, each time, for one with errors."""
        return parse(definition)[1]

    return tree
