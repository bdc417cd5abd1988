"""A fleet as a page: one self-contained HTML file, the worst stream first, each with its week and what is at risk."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from xml.etree.ElementTree import Element

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.checks.fleet.formatting import LABELS, age, counts, risk_text, summary, sync_text, updated_at
from kvs_edge_gitops.checks.fleet.snapshot import Row, Snapshot
from kvs_edge_gitops.commands.status.fleet_week import StreamWeek, stream_weeks
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.reports.html.frame import page
from kvs_edge_gitops.reports.html.markup import element
from kvs_edge_gitops.reports.unnamed import unnamed_line
from kvs_edge_gitops.reports.week import drawing
from kvs_edge_gitops.reports.week.model import Activity, kinds_of
from kvs_edge_gitops.reports.week.parts import day_heads, legend, style_sheet, times
from kvs_edge_health import Kind
from kvs_edge_schedules import tzdata_release

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHAPES = {
    kind: "\u25b2" if kind.needs_attention else {Kind.IN_PROGRESS: "\u2026", Kind.NOT_DUE: "\u2013"}.get(kind, "\u2713")
    for kind in Kind
}
"""A shape beside the words: colour never carries meaning alone."""


def render(snapshot: Snapshot) -> str:
    """Return the page."""
    sheet = files("kvs_edge_gitops.commands.status.renderings").joinpath("page.css").read_text("utf-8")
    title = f"Is it recording? {utc(snapshot.taken_at)}"
    return page(title, f"{style_sheet()}{sheet}", _body(snapshot))


def _body(snapshot: Snapshot) -> Iterator[Element]:
    weeks = tuple(stream_weeks(snapshot))
    yield drawing.patterns()
    yield element("header", element("h1", "Is it recording?"), *_summary(snapshot), _counts(snapshot), _legend(weeks))
    caption = element("caption", "Streams, the worst first: health, week on the hub's clock, footage at risk")
    rows = (_row(week, snapshot) for week in weeks)
    yield element("main", element("table", caption, element("thead", _heads()), element("tbody", *rows)))


def _summary(snapshot: Snapshot) -> Iterator[Element]:
    yield element("p", summary(snapshot))
    for stream in snapshot.unnamed:
        yield element("p", unnamed_line(stream))
    yield element(
        "p", f"Weeks are those of each hub's own clock. Time zones: tzdata {tzdata_release()}.", class_="quiet"
    )


def _counts(snapshot: Snapshot) -> Element:
    entries = (
        element("li", _sign(kind), element("span", f"{count} {LABELS[kind]}", class_=_style(kind)))
        for kind, count in counts(snapshot).items()
        if count
    )
    return element("ul", *entries, class_="counts", aria_label="Streams by health")


def _legend(weeks: Sequence[StreamWeek]) -> Element:
    bands = [week.band for week in weeks if week.band is not None]
    there = kinds_of(bands)
    many = any(segment.runs > 1 for band in bands for segment in band.segments)
    now = element("li", drawing.now_sample(), "now")
    return legend([kind for kind in Activity if kind in there], *([now] if bands else []), has_many_runs=many)


def _heads() -> Element:
    return element(
        "tr",
        element("th", "Stream", class_="name columns", scope="col"),
        element("th", "Health", class_="health columns", scope="col"),
        element("th", day_heads(_DAYS), class_="week", scope="col"),
        element("th", "Footage at risk now", class_="at-risk columns", scope="col"),
    )


def _row(week: StreamWeek, snapshot: Snapshot) -> Element:
    row = week.row
    return element(
        "tr",
        element("th", _details(week, snapshot), element("p", hub_name(row.target.hub), class_="quiet"), scope="row"),
        element("td", *_health(row, snapshot)),
        element("td", *_week(week), class_="week"),
        element("td", *_risk(row, snapshot), class_="at-risk"),
        class_="stream",
    )


def _health(row: Row, snapshot: Snapshot) -> Iterator[Element]:
    health = row.health
    since = f" {age(health.since, snapshot.taken_at)}" if health.since else ""
    yield element(
        "div", _sign(health.kind), element("span", f"{LABELS[health.kind]}{since}", class_=_style(health.kind))
    )
    yield from (element("p", cause.reason) for cause in health.causes)


def _sign(kind: Kind) -> Element:
    name = f"sign {'alarm' if kind.needs_attention else 'quiet'}"
    return element("span", _SHAPES[kind], class_=name, aria_hidden="true")


def _style(kind: Kind) -> str:
    return "alarm" if kind.needs_attention else "kind"


def _week(week: StreamWeek) -> Iterator[Element]:
    if week.band is None:
        text = "not known" if week.row.status is None else "no configuration"
        yield element("p", text, class_="quiet")
        return
    yield drawing.band(week.band, week.now)
    if week.is_zone_assumed:
        yield element("p", "drawn in UTC: the hub's time zone is not stated", class_="quiet")


def _risk(row: Row, snapshot: Snapshot) -> Iterator[Element]:
    text = risk_text(row, snapshot.taken_at)
    if text:
        yield element("span", _SHAPES[Kind.UPLOAD_FAILED], " ", text, class_="alarm")
    else:
        yield element("span", "no footage known to be at risk", class_="quiet")


def _details(week: StreamWeek, snapshot: Snapshot) -> Element:
    """Return the name, which opens the facts, for users who cannot hover."""
    row = week.row
    facts = {
        "hub": row.target.hub,
        "declared at": row.target.place,
        "time zone": f"{week.zone}, assumed" if week.is_zone_assumed else week.zone,
        "sync status": f"{sync_text(row)}, last updated {age(updated_at(row), snapshot.taken_at)}",
        "recorder": _job(row.recorder),
        "uploader": _job(row.uploader),
    }
    listed = [part for name, fact in facts.items() if fact for part in (element("dt", name), element("dd", fact))]
    if week.band is not None:
        listed.extend(times(week.band))
    return element("details", element("summary", row.target.stream.name), element("dl", *listed))


def _job(job: Job | None) -> str:
    if job is None:
        return "no report"
    moments = (("stored", job.collected), ("updated", job.updated))
    said = (f"{name} {utc(moment)}" for name, moment in moments if moment)
    return ", ".join((job.status, *said)) + (f": {job.details}" if job.details else "")
