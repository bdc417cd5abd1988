"""A week as a page: one self-contained HTML file, without scripts or network requests."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from xml.etree.ElementTree import Element

from kvs_edge_gitops.commands.schedule.formatting import hours
from kvs_edge_gitops.commands.schedule.renderings import drawing
from kvs_edge_gitops.commands.schedule.renderings.markup import Child, document, element
from kvs_edge_gitops.commands.schedule.renderings.palette import DARK, LIGHT, Palette
from kvs_edge_gitops.commands.schedule.week import Activity, Band, HubWeek, Note, Week
from kvs_edge_schedules import tzdata_release

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The browser blocks scripts and network requests."""
_COLUMNS = "4"
_MAX_OPEN_STREAMS = 40
"""With more streams, the texts of findings are folded."""
_EXPLAINED: Mapping[Activity, str] = {
    Activity.RECORDING: "recording",
    Activity.UPLOADING: "may upload",
    Activity.UPLOADING_ASSUMED: "no uploader is declared: assumed to upload at any time",
    Activity.AT_RISK: "at risk: recorded, and deleted by age before an upload",
}


def render(week: Week) -> str:
    """Return the page."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", week.title),
        element("style", _style()),
    )
    return document(element("html", head, element("body", *_body(week)), lang="en"))


def _style() -> str:
    sheet = files("kvs_edge_gitops.commands.schedule.renderings").joinpath("page.css").read_text("utf-8")
    dark, light = _variables(DARK), _variables(LIGHT)
    return (
        f"\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"
        # Paper is white in dark mode, too.
        f"@media print {{ {light} }}\n{sheet}"
    )


def _variables(palette: Palette) -> str:
    return f":root {{ {' '.join(f'--{name}: {colour};' for name, colour in palette.items())} }}"


def _body(week: Week) -> Iterator[Element]:
    yield drawing.patterns()
    yield element("header", element("h1", week.title), *_summary(week), _legend(week))
    table = element("table", element("thead", _heads(week)), aria_label=week.title)
    is_roomy = sum(1 for _ in week.bands) <= _MAX_OPEN_STREAMS
    table.extend(_hub(hub, is_roomy=is_roomy) for hub in week.hubs)
    yield element("main", table)


def _summary(week: Week) -> Iterator[Element]:
    yield element("p", week.summary)
    yield element("p", f"Time zones: tzdata {tzdata_release()}.")


def _legend(week: Week) -> Element:
    entries = [element("li", drawing.sample(kind), _EXPLAINED[kind]) for kind in week.kinds]
    if week.has_many_runs:
        many = drawing.sample(week.kinds[0], has_many_runs=True)
        entries.append(element("li", many, "thin: many short runs drawn as one"))
    return element("ul", *entries, class_="legend")


def _heads(week: Week) -> Element:
    days = (element("li", _day(*name.split(" ")), _hours()) for name in week.day_names)
    return element(
        "tr",
        element("th", "Stream", class_="name columns", scope="col"),
        element("th", element("ul", *days, class_="days"), class_="week", scope="col"),
        element("th", "Recorded", class_="sum recorded", scope="col"),
        element("th", "At risk", class_="sum", scope="col"),
    )


def _day(weekday: str, number: str, month: str) -> Element:
    """Return the name of a day; a narrow page hides its last parts."""
    return element(
        "b", weekday, element("span", f" {number}", class_="date"), element("span", f" {month}", class_="month")
    )


def _hours() -> Element:
    """Return the hours along a day; screen readers read the texts of the bands instead."""
    return element(
        "span", *(element("span", hour) for hour in ("0", "6", "12", "18")), class_="hours", aria_hidden="true"
    )


def _hub(hub: HubWeek, *, is_roomy: bool) -> Element:
    title: tuple[Child, ...] = (element("b", hub.name), " ", element("span", _clock_of(hub), class_="quiet"))
    notes = _notes(hub.notes, is_open=is_roomy)
    heading = element("th", *title, *notes, colspan=_COLUMNS, scope="rowgroup", title=hub.arn)
    body = element("tbody", element("tr", heading, class_="hub"))
    body.extend(_row(band, is_roomy=is_roomy) for band in hub.bands)
    return body


def _clock_of(hub: HubWeek) -> str:
    assumed = ", assumed: the hub's time zone is not stated" if hub.is_zone_assumed else ""
    return "; ".join((f"times in {hub.zone}{assumed}", *hub.clock.changes))


def _row(band: Band, *, is_roomy: bool) -> Element:
    return element(
        "tr",
        element("th", _name(band), class_="name", scope="row"),
        element("td", drawing.band(band), *_notes(band.notes, is_open=is_roomy), class_="week"),
        element("td", hours(band.seconds(Activity.RECORDING)), class_="sum recorded"),
        element("td", *_risk(band), class_="sum"),
        class_="stream",
    )


def _name(band: Band) -> Element:
    """Return the name, which opens the exact times, for users who cannot hover."""
    listed = [part for total in band.totals for part in (element("dt", total.kind), element("dd", total.words))]
    if not listed:
        listed = [element("dt", "no activity in this week")]
    return element("details", element("summary", band.stream), element("dl", *listed))


def _risk(band: Band) -> Iterator[Element]:
    if seconds := band.seconds(Activity.AT_RISK):
        yield element("span", f"\u25b2 {hours(seconds)}", class_="alarm")
    elif band.is_at_risk:
        yield element("span", "\u25b2 see notes", class_="alarm")
    else:
        yield element("span", "none", class_="quiet")


def _notes(notes: Iterable[Note], *, is_open: bool) -> Iterator[Element]:
    """Return the findings, each with its code, and its text folded or open."""
    for note in notes:
        heading = element("summary", f"{note.severity} {note.code}")
        yield element("details", heading, note.text, class_="note", **({"open": "open"} if is_open else {}))
