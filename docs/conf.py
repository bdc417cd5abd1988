"""Sphinx configuration of the documentation site: `make docs` builds it into build/docs, without network."""

import gc
import posixpath
import re
from functools import partial
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from sphinx.util.inspect import signature, stringify_signature

# Sphinx keeps the trees of all pages, and each collection visits them again: a sixth of the time of a build.
gc.set_threshold(200_000)

_ROOT = Path(__file__).parents[1]
_SITE = "https://cdk-kvs-edge.readthedocs.io/en/stable/"

project = "cdk-kvs-edge"
version = release = version_of(project)
copyright = "the authors of cdk-kvs-edge"  # noqa: A001  Sphinx's name
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["images"]

myst_heading_anchors = 4
myst_enable_extensions = ["attrs_inline"]
# What the documents set as code is shell sessions, Logs Insights queries and files with placeholders, too.
suppress_warnings = ["misc.highlighting_failure"]

autoclass_content = "both"
autodoc_class_signature = "mixed"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 100
# Docstrings are Markdown: what stands between backticks is code.
default_role = "literal"

html_baseurl = _SITE
html_title = "cdk-kvs-edge"
html_theme = "furo"
html_theme_options = {"navigation_with_keys": True}
html_static_path = ["images"]
html_show_sphinx = False

# Pages whose text lies elsewhere in the repository, by the path of that text.
_PAGES = {
    "README.md": "index",
    "CONTRIBUTING.md": "contributing",
    "CHANGELOG.md": "changelog",
    "examples/README.md": "examples/index",
    "examples/cloudformation/README.md": "examples/cloudformation",
    "examples/cdk-pipelines/README.md": "examples/cdk-pipelines",
    "examples/github-actions/README.md": "examples/github-actions",
    "examples/gitlab/README.md": "examples/gitlab",
}
_INCLUDE = re.compile(r"^<!-- the text of (\S+) -->$", re.MULTILINE)
_FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_PYTHON_EXAMPLE = "```python"


def _page(target: str) -> str | None:
    """Return the path in docs/ of a file of the repository or an address of the site, None for what has no page."""
    if target.startswith(_SITE):
        path = target.removeprefix(_SITE).strip("/")
        if path.startswith("_static/"):
            return path.replace("_static/", "images/", 1)
        index = posixpath.join(path, "index.md")
        return index if (_ROOT / "docs" / index).is_file() else f"{path}.md"
    if target in _PAGES:
        return f"{_PAGES[target]}.md"
    inside = target.removeprefix("docs/")
    return inside if inside != target and (_ROOT / target).is_file() else None


def _relinked(match: re.Match[str], origin: str, page: str) -> str:
    """Return a link as the page needs it; a link to a file that the site does not have becomes its text."""
    text, link = match.groups()
    address, _, anchor = link.partition("#")
    if not address or (":" in address and not address.startswith(_SITE)):
        return match[0]
    if not address.startswith(_SITE):
        address = posixpath.normpath(posixpath.join(posixpath.dirname(origin), address))
    target = _page(address)
    if target is None:
        return text
    relative = posixpath.relpath(target, posixpath.dirname(page) or ".")
    return f"[{text}]({relative}{'#' if anchor else ''}{anchor})"


def _relink(text: str, origin: str, page: str) -> str:
    """Return Markdown whose links lead to pages of the site; code blocks stay as they are."""
    pieces = _FENCED.split(text)
    relinked = partial(_relinked, origin=origin, page=page)
    return "".join(piece if number % 2 else _LINK.sub(relinked, piece) for number, piece in enumerate(pieces))


def _read_source(app: Any, page: str, source: list[str]) -> None:
    """Put the text of a file outside of docs/ where its page asks for it, and lead links to pages."""

    def included(match: re.Match[str]) -> str:
        app.env.note_dependency(str(_ROOT / match[1]))
        return _relink((_ROOT / match[1]).read_text("utf-8"), match[1], page)

    text = _relink(source[0], f"docs/{page}.md", page)
    source[0] = _INCLUDE.sub(included, text)


def _read_docstring(_app: Any, _what: str, _name: str, _obj: Any, _options: Any, lines: list[str]) -> None:
    """Turn the fenced examples of a docstring into reStructuredText, which autodoc reads."""
    inside = False
    for number, line in enumerate(lines):
        if line.strip() == _PYTHON_EXAMPLE:
            inside, indent = True, line[: len(line) - len(line.lstrip())]
            lines[number] = f"{indent}.. code-block:: python\n"
        elif inside and line.strip() == "```":
            inside, lines[number] = False, ""
        elif inside:
            lines[number] = f"   {line}" if line else line
    lines[:] = "\n".join(lines).split("\n")


def _read_signature(_app: Any, what: str, _name: str, obj: Any, *_rest: Any) -> tuple[str, None] | None:
    """Return the signature of a construct: jsii's metaclass hides it."""
    if what != "class" or type(obj).__name__ != "JSIIMeta":
        return None
    return stringify_signature(
        signature(obj.__init__, bound_method=True), show_return_annotation=False, unqualified_typehints=True
    ), None


def setup(app: Any) -> None:
    """Connect the readers."""
    app.connect("source-read", _read_source)
    app.connect("autodoc-process-signature", _read_signature)
    # Before napoleon, which would take the fence for text.
    app.connect("autodoc-process-docstring", _read_docstring, priority=100)
