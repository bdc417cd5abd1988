"""JSON reports."""

import json
from collections.abc import Mapping
from typing import Any, TextIO

VERSION = 1
"""The version of the JSON formats; it changes when a member is removed or changes its meaning, not with a new one."""


def write_json(report: Mapping[str, Any], exit_code: int, output: TextIO) -> None:
    """Write one JSON object: version, exit_code, and the members of the report."""
    json.dump({"version": VERSION, "exit_code": exit_code, **report}, output, indent=2)
    output.write("\n")
