"""The drawings of a page: one band per stream, as wide as the page.

Activities differ in position and pattern; colour never carries meaning alone.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from kvs_edge_gitops.reports.html.markup import element
from kvs_edge_gitops.reports.week.model import Activity, Band, Segment
from kvs_edge_gitops.reports.week.wall_clock import HOURS_A_WEEK

_CLASSES: Mapping[Activity, str] = {
    Activity.RECORDING: "recording",
    Activity.UPLOADING: "uploading",
    Activity.UPLOADING_ASSUMED: "assumed",
    Activity.AT_RISK: "risk",
}
"""The class names in page.css."""


def patterns() -> Element:
    """Return the fill patterns, which the page holds once; recording has a plain fill."""
    uploading = element("path", d="M0 0V8", stroke="var(--uploading)", stroke_width="5")
    assumed = element("circle", cx="3", cy="4", r="1.5", fill="var(--uploading)")
    stripes = element("path", d="M0 0V7", stroke="var(--risk)", stroke_width="6")
    return element(
        "svg",
        element("defs", _pattern("uploading", 4, 8, uploading), _pattern("assumed", 8, 8, assumed), _hatch(stripes)),
        class_="defs",
        aria_hidden="true",
    )


def _pattern(name: str, width: int, height: int, mark: Element) -> Element:
    size = {"width": str(width), "height": str(height)}
    return element("pattern", mark, id=name, patternUnits="userSpaceOnUse", **size)


def _hatch(mark: Element) -> Element:
    hatch = _pattern("risk", 7, 7, mark)
    hatch.set("patternTransform", "rotate(45)")
    hatch.insert(0, element("rect", width="7", height="7", fill="var(--page)", style="y: 0; height: 7px"))
    return hatch


def band(week: Band, now: float | None = None) -> Element:
    """Return the drawing of a stream's week; `now` is marked, in hours since Monday's midnight."""
    drawn = element("svg", element("title", _description(week)), role="img", class_="band")
    drawn.extend(map(_segment, week.segments))
    if now is not None:
        drawn.append(element("rect", element("title", "now"), class_="now", x=_percent(now), width="2"))
    return drawn


def now_sample() -> Element:
    """Return a sample of the mark for the legend."""
    return element("svg", element("rect", class_="now", x="45%", width="2"), aria_hidden="true")


def _description(week: Band) -> str:
    """Return the text of the band for screen readers."""
    totals = (f"{total.kind} {total.words}" for total in week.totals)
    return ". ".join((week.stream, *totals)) if week.totals else f"{week.stream}. No activity in this week"


def _segment(segment: Segment) -> Element:
    return element(
        "rect",
        element("title", segment.text),
        class_=_CLASSES[segment.kind] + (" many" if segment.runs > 1 else ""),
        x=_percent(segment.first),
        width=_percent(segment.last - segment.first),
    )


def sample(kind: Activity, *, has_many_runs: bool = False) -> Element:
    """Return a sample of an activity for the legend."""
    drawn = _CLASSES[kind] + (" many" if has_many_runs else "")
    return element("svg", element("rect", class_=drawn, x="5%", width="90%"), aria_hidden="true")


def _percent(hours: float) -> str:
    return f"{hours / HOURS_A_WEEK * 100:.3f}".rstrip("0").rstrip(".") + "%"
