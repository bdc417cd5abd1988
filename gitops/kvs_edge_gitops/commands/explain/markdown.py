"""Markdown of the documentation as text for a terminal."""

import re
import textwrap
from collections.abc import Iterator

from kvs_edge_gitops.terminal import Paint

_HEADING = re.compile(r"(#+) (.*)")
_ITEM = re.compile(r"(\s*(?:-|\d+\.) )(.*)")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
_FENCE = "```"


def as_text(markdown: str, width: int, paint: Paint) -> Iterator[str]:
    """Yield the lines: paragraphs and list items are wrapped, code and tables stay as they are."""
    paragraph: list[str] = []
    is_code = False
    for line in markdown.strip().splitlines():
        is_fence = line.lstrip().startswith(_FENCE)
        if not is_fence and not is_code and _continues(line):
            paragraph.append(line)
            continue
        yield from _wrapped(paragraph, width)
        paragraph = []
        if is_fence:
            is_code = not is_code
        elif is_code:
            yield f"    {line}".rstrip()
        elif _ITEM.match(line):
            paragraph = [line]
        else:
            yield _plain(line, paint)
    yield from _wrapped(paragraph, width)


def _continues(line: str) -> bool:
    """Return whether a line is text of a paragraph or a list item."""
    return bool(line.strip()) and not line.startswith(("#", "|")) and not _ITEM.match(line)


def _wrapped(lines: list[str], width: int) -> Iterator[str]:
    if not lines:
        return
    item = _ITEM.match(lines[0])
    marker, first = (item[1], item[2]) if item else ("", lines[0])
    text = _inline(" ".join([first, *(line.strip() for line in lines[1:])]))
    yield from textwrap.wrap(
        text,
        width,
        initial_indent=marker,
        subsequent_indent=" " * len(marker),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(line: str, paint: Paint) -> str:
    heading = _HEADING.match(line)
    return paint("bold", _inline(heading[2])) if heading else _inline(line)


def _inline(text: str) -> str:
    """Return the text without marks of emphasis; a link has its address only if that leads out of the documentation."""
    linked = _LINK.sub(lambda link: f"{link[1]} ({link[2]})" if "://" in link[2] else link[1], text)
    return linked.replace("**", "")
