"""A week as a page: one self-contained HTML file, without scripts or network requests."""

from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element

from kvs_edge_gitops.reports.html.frame import page
from kvs_edge_gitops.reports.html.markup import Child, element
from kvs_edge_gitops.reports.week import drawing
from kvs_edge_gitops.reports.week.formatting import hours
from kvs_edge_gitops.reports.week.model import Activity, Band, HubWeek, Note, Week
from kvs_edge_gitops.reports.week.parts import day_heads, legend, style_sheet, times
from kvs_edge_schedules import tzdata_release

_COLUMNS = "4"
_MAX_OPEN_STREAMS = 40
"""With more streams, the texts of findings are folded."""


def render(week: Week) -> str:
    """Return the page."""
    return page(week.title, style_sheet(), _body(week))


def _body(week: Week) -> Iterator[Element]:
    yield drawing.patterns()
    explained = legend(week.kinds, has_many_runs=week.has_many_runs)
    yield element("header", element("h1", week.title), *_summary(week), explained, *_list_of_risks(week))
    table = element("table", element("thead", _heads(week)), aria_label=week.title)
    is_roomy = sum(1 for _ in week.bands) <= _MAX_OPEN_STREAMS
    anchors = _anchors(week)
    table.extend(_hub(hub, anchors, is_roomy=is_roomy) for hub in week.hubs)
    yield element("main", table)


def _summary(week: Week) -> Iterator[Element]:
    yield element("p", week.summary)
    yield element("p", f"Time zones: tzdata {tzdata_release()}.")


def _list_of_risks(week: Week) -> Iterator[Element]:
    """Yield a list of links to the streams at risk, if there are many streams."""
    if not week.listed_risks:
        return
    anchors = _anchors(week)
    yield element("h2", "Streams with footage at risk", id="at-risk")
    by_hub = (
        element("li", element("b", hub.name), element("ul", *(_link(band, anchors) for band in risky)))
        for hub, risky in week.listed_risks
    )
    yield element("nav", element("ul", *by_hub), aria_labelledby="at-risk", class_="risks")


def _link(band: Band, anchors: Mapping[int, str]) -> Element:
    return element("li", element("a", band.stream, href=f"#{anchors[id(band)]}"))


def _anchors(week: Week) -> Mapping[int, str]:
    """Return the ids of the streams' rows in the page, by Python's id of the stream; names may repeat."""
    return {id(band): f"stream-{number}" for number, band in enumerate(week.bands, 1)}


def _heads(week: Week) -> Element:
    return element(
        "tr",
        element("th", "Stream", class_="name columns", scope="col"),
        element("th", day_heads(week.day_names), class_="week", scope="col"),
        element("th", "Recorded", class_="sum recorded", scope="col"),
        element("th", "At risk", class_="sum", scope="col"),
    )


def _hub(hub: HubWeek, anchors: Mapping[int, str], *, is_roomy: bool) -> Element:
    title: tuple[Child, ...] = (element("b", hub.name), " ", element("span", _clock_of(hub), class_="quiet"))
    notes = _notes(hub.notes, is_open=is_roomy)
    heading = element("th", *title, *notes, colspan=_COLUMNS, scope="rowgroup", title=hub.arn)
    body = element("tbody", element("tr", heading, class_="hub"))
    body.extend(_row(band, anchors[id(band)], is_roomy=is_roomy) for band in hub.bands)
    return body


def _clock_of(hub: HubWeek) -> str:
    assumed = ", assumed: the hub's time zone is not stated" if hub.is_zone_assumed else ""
    return "; ".join((f"times in {hub.zone}{assumed}", *hub.clock.changes))


def _row(band: Band, anchor: str, *, is_roomy: bool) -> Element:
    return element(
        "tr",
        element("th", _name(band), class_="name", scope="row"),
        element("td", drawing.band(band), *_notes(band.notes, is_open=is_roomy), class_="week"),
        element("td", hours(band.seconds(Activity.RECORDING)), class_="sum recorded"),
        element("td", *_risk(band), class_="sum"),
        class_="stream",
        id=anchor,
    )


def _name(band: Band) -> Element:
    """Return the name, which opens the exact times, for users who cannot hover."""
    return element("details", element("summary", band.stream), element("dl", *times(band)))


def _risk(band: Band) -> Iterator[Element]:
    if not band.is_at_risk:
        yield element("span", "none", class_="quiet")
        return
    seconds = band.seconds(Activity.AT_RISK)
    yield element("span", f"\u25b2 {hours(seconds) if seconds else 'see notes'}", class_="alarm")
    if band.is_risk_accepted:
        yield element("p", "acknowledged")


def _notes(notes: Iterable[Note], *, is_open: bool) -> Iterator[Element]:
    """Return the findings, each with its code, and its text folded or open."""
    for note in notes:
        reason = () if note.reason is None else (element("p", f"Acknowledged because: {note.reason}"),)
        heading = element("summary", note.heading)
        yield element("details", heading, note.text, *reason, class_="note", **({"open": "open"} if is_open else {}))
