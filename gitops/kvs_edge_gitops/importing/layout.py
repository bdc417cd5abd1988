"""The file as text that is pleasant to review: a line a field, none of them folded, quotes only where needed."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Lists are indented, and nothing is an alias of something else."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, _: Any) -> bool:
        return True


def as_yaml(document: Mapping[str, Any], comment: Sequence[str]) -> str:
    """The document, with a comment at its head and a line of space between streams."""
    head = {name: value for name, value in document.items() if name != "streams"}
    streams = [_dumped({"streams": [one]}).partition("\n")[2] for one in document["streams"]]
    lines = "".join(f"# {line}\n" for line in comment)
    return f"{lines}{_dumped(head)}streams:\n" + "\n".join(streams)


def as_json(document: Mapping[str, Any]) -> str:
    """The document; JSON has no comments."""
    return json.dumps(document, indent=2) + "\n"


def _dumped(value: Mapping[str, Any]) -> str:
    return yaml.dump(
        dict(value), Dumper=_Dumper, sort_keys=False, default_flow_style=False, width=math.inf, allow_unicode=True
    )
