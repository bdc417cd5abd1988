"""The colours of the page, in light and in dark mode, distinct for every colour vision (Okabe and Ito).

Light mode uses blue, black and vermillion, dark mode sky blue, white and vermillion; other triples look alike to some
eyes. Text has a contrast of at least 4.5, shapes of at least 3 [WCAG 2.2, 1.4.3 and 1.4.11]; activities also differ in
position and pattern.
"""

from collections.abc import Mapping

Palette = Mapping[str, str]
"""Hexadecimal colours by name."""

LIGHT: Palette = {
    "page": "#ffffff",
    "weekend": "#f1f1f1",
    "line": "#c4c8cc",
    "text": "#1b1f23",
    "quiet": "#57606a",
    "recording": "#0072b2",
    "uploading": "#24292f",
    "risk": "#d55e00",
    "alarm": "#a84300",
}
DARK: Palette = {
    "page": "#14181d",
    "weekend": "#1f252c",
    "line": "#454d56",
    "text": "#e8eaed",
    "quiet": "#a8b0b9",
    "recording": "#56b4e9",
    "uploading": "#d8dce0",
    "risk": "#e8742a",
    "alarm": "#ff8d4d",
}
SURFACES = ("page", "weekend")
TEXTS = ("text", "quiet", "alarm")
SHAPES = ("recording", "uploading", "risk")
