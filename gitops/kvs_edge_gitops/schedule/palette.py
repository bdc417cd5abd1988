"""Colours by Okabe and Ito, told apart with any colour vision, and what they stand on; in light and in dark.

Blue, black and vermillion, in the dark sky blue, white and vermillion; of other triples one or the other looks alike to
some eyes.
Each pair that is read as text has a contrast of 4.5 or more, each that is looked at one of 3 or more [WCAG 2.2,
1.4.3 and 1.4.11]; kinds differ in place and pattern besides.
"""

from collections.abc import Mapping

Palette = Mapping[str, str]
"""A colour in hexadecimal for each name."""

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
