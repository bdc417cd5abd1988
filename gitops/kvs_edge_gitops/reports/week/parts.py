"""The parts of a page with weeks: the style sheet, the legend, the heads of the days, the times of a stream."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from xml.etree.ElementTree import Element

from kvs_edge_gitops.reports.html.markup import element
from kvs_edge_gitops.reports.week import drawing
from kvs_edge_gitops.reports.week.model import Activity, Band

_EXPLAINED: Mapping[Activity, str] = {
    Activity.RECORDING: "recording",
    Activity.UPLOADING: "may upload",
    Activity.UPLOADING_ASSUMED: "no uploader is declared: assumed to upload at any time",
    Activity.AT_RISK: "at risk: recorded, and deleted by age before an upload",
}


def style_sheet() -> str:
    """Return the style sheet of bands and of the table around them."""
    return files("kvs_edge_gitops.reports.week").joinpath("page.css").read_text("utf-8")


def legend(kinds: Iterable[Activity], *further: Element, has_many_runs: bool) -> Element:
    """Return the legend of the activities that occur; `further` are entries of the page."""
    listed = tuple(kinds)
    entries = [element("li", drawing.sample(kind), _EXPLAINED[kind]) for kind in listed]
    if has_many_runs:
        many = drawing.sample(listed[0], has_many_runs=True)
        entries.append(element("li", many, "thin: many short runs drawn as one"))
    return element("ul", *entries, *further, class_="legend")


def day_heads(names: Iterable[str]) -> Element:
    """Return the heads of days, such as ``Mon 23 Nov`` or ``Mon``."""
    return element("ul", *(element("li", _day(*name.split(" ")), _hours()) for name in names), class_="days")


def _day(weekday: str, number: str = "", month: str = "") -> Element:
    """Return the name of a day; a narrow page hides its last parts."""
    parts = ((number, "date"), (month, "month"))
    return element("b", weekday, *(element("span", f" {part}", class_=name) for part, name in parts if part))


def _hours() -> Element:
    """Return the hours along a day; screen readers read the texts of the bands instead."""
    return element(
        "span", *(element("span", hour) for hour in ("0", "6", "12", "18")), class_="hours", aria_hidden="true"
    )


def times(band: Band) -> Iterator[Element]:
    """Yield the exact times of a stream's week as terms and descriptions."""
    for total in band.totals:
        yield element("dt", total.kind)
        yield element("dd", total.words)
    if not band.totals:
        yield element("dt", "no activity in this week")
