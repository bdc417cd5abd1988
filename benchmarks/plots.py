"""Line plots as SVG, readable on a light and on a dark page."""

import math
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, LEGEND = 780, 400, 70, 40, 50, 250
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b56bb1", "#8a8a8a", "#b58900")
"""Of the Okabe-Ito palette, each with a contrast of 3 to 1 or more on white and on black."""
DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 2", "1 4")
STYLE = (
    "text{font:13px sans-serif;fill:#57606a}.title{font-weight:bold}.axis{stroke:#808890;fill:none}"
    ".grid{stroke:#808890;stroke-opacity:.25}@media(prefers-color-scheme:dark){text{fill:#b8c0c8}}"
)


class Axes(NamedTuple):
    """Labels of the axes with their units; each axis may be logarithmic."""

    x: str
    y: str
    log_x: bool = False
    log_y: bool = False


class Line(NamedTuple):
    """A named line through points."""

    name: str
    points: list[tuple[float, float]]


class Scale:
    """Positions of values on an axis, in pixels, and its ticks."""

    def __init__(self, values, start, end, log):
        self._log, self._start, self._end = log, start, end
        highest = max(values)
        if log:
            self._low, self._high = math.floor(math.log10(min(values))), math.ceil(math.log10(highest))
            self.ticks = [10.0**power for power in range(self._low, self._high + 1)]
        else:
            step = _step(highest)
            self._low, self._high = 0.0, step * math.ceil(highest / step)
            self.ticks = [step * number for number in range(round(self._high / step) + 1)]

    def __call__(self, value):
        """Return the position of a value."""
        at = math.log10(value) if self._log else value
        return self._start + (self._end - self._start) * (at - self._low) / (self._high - self._low)


def _step(highest):
    """Return a round distance of ticks: 1, 2 or 5 of a power of ten."""
    power = 10.0 ** math.floor(math.log10(highest / 5))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor * 6 >= highest)


def drawing(title, axes, lines):
    """Return an SVG with the lines and a legend."""
    right, floor = WIDTH - LEGEND, HEIGHT - BOTTOM
    across = Scale([x for line in lines for x, _ in line.points], LEFT, right, axes.log_x)
    up = Scale([y for line in lines for _, y in line.points], floor, TOP, axes.log_y)
    parts = [f'<text class="title" x="{LEFT}" y="20">{escape(title)}</text>']
    for value in across.ticks:
        at = across(value)
        parts.append(f'<path class="grid" d="M{at:.1f} {TOP}V{floor}"/>')
        parts.append(f'<text x="{at:.1f}" y="{floor + 18}" text-anchor="middle">{value:,g}</text>')
    for value in up.ticks:
        at = up(value)
        parts.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{right}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{value:,g}</text>')
    parts.append(f'<path class="axis" d="M{LEFT} {TOP}V{floor}H{right}"/>')
    parts.append(f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(axes.x)}</text>')
    middle = (TOP + floor) / 2
    turned = f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">'
    parts.append(f"{turned}{escape(axes.y)}</text>")
    for number, line in enumerate(lines):
        look = f'fill="none" stroke="{COLOURS[number]}" stroke-width="2.2" stroke-dasharray="{DASHES[number]}"'
        points = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in line.points)
        height = TOP + 12 + 22 * number
        parts.append(f'<polyline {look} points="{points}"/><path {look} d="M{right + 14} {height}h26"/>')
        parts.append(f'<text x="{right + 46}" y="{height + 4}">{escape(line.name)}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    return "\n".join([head, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", *parts, "</svg>\n"])
