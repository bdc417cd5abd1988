"""The documents, and a small Markdown parser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_NOT_IN_AN_ANCHOR = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Document:
    """A Markdown file."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def name(self) -> str:
        return self.path.relative_to(_ROOT).as_posix()

    @property
    def prose(self) -> str:
        """The text without its code blocks."""
        return _FENCE.sub("", self.text)

    @property
    def links(self) -> list[str]:
        """The targets of its links."""
        return _LINK.findall(_CODE.sub("", self.prose))

    @property
    def code(self) -> list[str]:
        """Its code blocks and its inline code."""
        return [block for _, block in _FENCE.findall(self.text)] + _CODE.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """The anchors that GitHub gives its headings."""
        return {
            _NOT_IN_AN_ANCHOR.sub("", title.strip()).lower().replace(" ", "-")
            for _, title in _HEADING.findall(self.prose)
        }

    def blocks(self, language: str) -> list[str]:
        """Return the code blocks in that language."""
        return [block for tag, block in _FENCE.findall(self.text) if tag == language]

    def section(self, title: str) -> str:
        """Return the text from that heading to the next heading of its level or above."""
        start = next(found for found in _HEADING.finditer(self.text) if found[2] == title)
        following = (found for found in _HEADING.finditer(self.text, start.end()) if len(found[1]) <= len(start[1]))
        end = next(following, None)
        return self.text[start.end() : end.start() if end else None]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository."""
    return _ROOT


@pytest.fixture(scope="session")
def documents() -> Mapping[str, Document]:
    """Return all documents by their path in the repository."""
    folders = ("*.md", "docs/**/*.md", "examples/**/*.md")
    found = [Document(path) for folder in folders for path in _ROOT.glob(folder) if "node_modules" not in path.parts]
    return {document.name: document for document in found}


@pytest.fixture(scope="session")
def readme(documents: Mapping[str, Document]) -> Document:
    return documents["README.md"]


@pytest.fixture(scope="session")
def runbook(documents: Mapping[str, Document]) -> Document:
    return documents["docs/runbook.md"]
