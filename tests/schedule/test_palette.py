"""The page's colours, by numbers."""

from itertools import combinations

import pytest

from kvs_edge_gitops.reports.html.palette import DARK, LIGHT, SHAPES, SURFACES, TEXTS

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISIONS = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
CLEARLY_DIFFERENT = 30
"""CIE76; about 2.3 is the least that is seen at all."""


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _contrast(one: str, other: str) -> float:
    shades = sorted(
        sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True))
        for colour in (one, other)
    )
    return (shades[1] + 0.05) / (shades[0] + 0.05)


def _lab(colour: str, vision: str) -> tuple[float, float, float]:
    linear = _linear(colour)
    red, green, blue = (
        min(1, max(0, sum(weight * part for weight, part in zip(row, linear, strict=True)))) for row in VISIONS[vision]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_the_contrast_is_measured_as_wcag_does():
    """Black on white is 21, and #767676 on white just 4.5."""
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@PALETTES
def test_text_can_be_read(palette):
    """Each colour of text has a contrast of 4.5 on each surface."""
    for text in TEXTS:
        for surface in SURFACES:
            assert _contrast(palette[text], palette[surface]) >= 4.5, (text, surface)


@PALETTES
def test_shapes_can_be_seen(palette):
    """Each colour of a kind has a contrast of 3 on each surface."""
    for shape in SHAPES:
        for surface in SURFACES:
            assert _contrast(palette[shape], palette[surface]) >= 3, (shape, surface)


@PALETTES
@pytest.mark.parametrize("vision", VISIONS)
def test_kinds_are_told_apart_with_any_colour_vision(palette, vision):
    """No two kinds look alike to anyone, even before their patterns."""
    for one, other in combinations(SHAPES, 2):
        distance = sum(
            (a - b) ** 2 for a, b in zip(_lab(palette[one], vision), _lab(palette[other], vision), strict=True)
        )
        assert distance**0.5 >= CLEARLY_DIFFERENT, (one, other)
