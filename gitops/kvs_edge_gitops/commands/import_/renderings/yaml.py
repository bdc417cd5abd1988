"""The file as YAML that is easy to review: one line per field, no folded lines, quotes only where needed."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from kvs_edge_preflight.files import ambiguity

_LINE_BREAKS = frozenset("\x85\u2028\u2029")


class _Dumper(yaml.SafeDumper):
    """A dumper that indents lists, and writes no aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, _: Any) -> bool:
        return True

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """Quote text that YAML 1.1 and 1.2 read differently: with a line break of one of them, or such as ``012``."""
        is_read_alike = _LINE_BREAKS.isdisjoint(text) and ambiguity(text, text) is None
        style = None if is_read_alike else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)


def render(document: Mapping[str, Any], comment: Sequence[str]) -> str:
    """Return the document, with a comment at its head and an empty line between streams."""
    head = {name: value for name, value in document.items() if name != "streams"}
    streams = [_dumped({"streams": [stream]}).partition("\n")[2] for stream in document["streams"]]
    lines = "".join(f"# {line}\n" for line in comment)
    return f"{lines}{_dumped(head)}streams:\n" + "\n".join(streams)


def _dumped(value: Mapping[str, Any]) -> str:
    return yaml.dump(
        dict(value), Dumper=_Dumper, sort_keys=False, default_flow_style=False, width=math.inf, allow_unicode=True
    )
