"""Pages of the documentation by code: pages of findings, sections of the runbook, and rows of tables.

The wheel holds the pages; a checkout has them in docs/.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import kvs_edge_gitops
from kvs_edge_gitops.errors import UsageError

_PACKAGE = Path(kvs_edge_gitops.__file__).parent
_SUMMARY = re.compile(r"^\*\*(\w+)\*\*[^:]*: (.+)$", re.MULTILINE)
_SECTION = re.compile(r"^### ([A-Z]\w+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)
_TABLES = {
    "### Faults of the file itself": "fault of a file",
    "### Health": "kind of health, in kvs-edge status",
    "### Gaps of a hub": "gap of a hub, in kvs-edge hub --check",
    "### Issues of a secret": "issue of a secret, in kvs-edge secret",
    "## Issues of a camera": "issue of a camera, in kvs-edge camera",
}
"""Sections of cli.md and cameras.md whose tables have codes, with what the codes are."""


@dataclass(frozen=True)
class Pages:
    """Pages below a directory."""

    root: Path

    @classmethod
    def installed(cls) -> "Pages":
        """Return the pages of this installation.

        Raises:
            UsageError: The installation has no pages.
        """
        for root in (_PACKAGE / "pages", _PACKAGE.parents[1] / "docs"):
            if (root / "findings").is_dir():
                return cls(root)
        raise UsageError("this installation has no pages of the documentation: install cdk-kvs-edge from its wheel")

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes."""
        return (*self._findings, *self._reasons, *self._rows)

    def find(self, code: str) -> str | None:
        """Return the page of a code in Markdown, whatever the case of the code; None for an unknown code."""
        known = {name.lower(): name for name in self.codes}
        name = known.get(code.lower(), "")
        if name in self._findings:
            return self._findings[name]
        if name in self._reasons:
            return f"# {name}\n\n**failure reason**: {self._reasons[name].strip()}\n"
        return f"# {name}\n\n{self._rows[name]}\n" if name in self._rows else None

    def listing(self) -> Iterator[str]:
        """Yield one line per code, with its summary, under headings."""
        width = max(map(len, self.codes)) + 2
        yield "Findings of kvs-edge validate and of the synthesis:"
        for code, page in self._findings.items():
            severity, summary = _SUMMARY.findall(page)[0]
            yield f"  {code:{width}}{severity}: {summary}"
        yield "Reasons of a failed deployment:"
        for code, text in self._reasons.items():
            yield f"  {code:{width}}{_first_sentence(text)}"
        yield "Faults of files, kinds of health, gaps of hubs, and issues of secrets and cameras:"
        for code, text in self._rows.items():
            yield f"  {code:{width}}{text.partition('**: ')[2]}"

    @cached_property
    def _findings(self) -> Mapping[str, str]:
        files = sorted((self.root / "findings").glob("*.md"))
        return {file.stem: file.read_text("utf-8") for file in files if file.stem != "index"}

    @cached_property
    def _reasons(self) -> Mapping[str, str]:
        return dict(_SECTION.findall((self.root / "runbook.md").read_text("utf-8")))

    @cached_property
    def _rows(self) -> Mapping[str, str]:
        """Rows of tables, without the codes that have a page."""
        text = "\n".join((self.root / name).read_text("utf-8") for name in ("cli.md", "cameras.md"))
        found: dict[str, str] = {}
        for heading, kind in _TABLES.items():
            section = re.split(r"^##", text.partition(f"{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
            for code, meaning in _ROW.findall(section):
                if code not in self._findings and code not in self._reasons:
                    found[code] = f"**{kind}**: {meaning}"
        return found


def _first_sentence(text: str) -> str:
    """Return the text until the end of its first sentence."""
    return re.split(r"(?<=\.)\s", " ".join(text.split()), maxsplit=1)[0]
