"""The frame of a page: one self-contained HTML file, without scripts or network requests, in light and in dark."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from kvs_edge_gitops.reports.html.markup import document, element
from kvs_edge_gitops.reports.html.palette import DARK, LIGHT, Palette

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The browser blocks scripts and network requests."""


def page(title: str, sheet: str, body: Iterable[Element]) -> str:
    """Return the text of a page.

    Args:
        title: The title of the window.
        sheet: The style sheet, which names the colours of the palettes as variables.
        body: The content.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", _style(sheet)),
    )
    return document(element("html", head, element("body", *body), lang="en"))


def _style(sheet: str) -> str:
    dark, light = _variables(DARK), _variables(LIGHT)
    return (
        f"\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"
        # Paper is white in dark mode, too.
        f"@media print {{ {light} }}\n{sheet}"
    )


def _variables(palette: Palette) -> str:
    return f":root {{ {' '.join(f'--{name}: {colour};' for name, colour in palette.items())} }}"
