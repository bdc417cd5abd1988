"""An examination in each of the formats that people and pipelines read."""

from typing import TextIO

from kvs_edge_gitops.examination import Examination
from kvs_edge_gitops.reports import github, plain_json, sarif, text

_WRITERS = {"text": text.write, "json": plain_json.write, "sarif": sarif.write, "github": github.write}


def write(name: str, examination: Examination, exit_code: int, output: TextIO) -> None:
    """Write an examination, which ends with that exit code, in the format of that name."""
    _WRITERS[name](examination, exit_code, output)
