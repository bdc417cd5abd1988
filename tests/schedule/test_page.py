"""The page as a file, as far as no browser is needed."""

import re
from html.parser import HTMLParser

import pytest

from kvs_edge_gitops.commands.schedule.renderings import page
from kvs_edge_gitops.reports.html.palette import DARK, LIGHT
from kvs_edge_gitops.reports.week.model import Week

VOID = {"meta", "link", "br", "img", "input", "hr"}


class _Tags(HTMLParser):
    """A parser of the page that checks that all elements are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("number", [1, 5, 200])
def test_every_element_is_closed_and_every_band_says_what_it_shows(fleet_week, number):
    """The markup is well formed, and each drawing has a title for who can't see it."""
    text = page.render(fleet_week(number))
    tags = _Tags(text)
    assert tags.open == []
    bands = [attributes for attributes in tags.of("svg") if attributes.get("class") == "band"]
    assert len(bands) == number
    assert all(band["role"] == "img" for band in bands)
    assert len(re.findall(r'class="band"[^>]*><title>site-', text)) == number


def test_nothing_in_it_asks_the_network(fleet_week):
    """No address is in the page, no script, no import; and its policy forbids them to the browser."""
    text = page.render(fleet_week(20))
    assert not re.search(r'https?:|//|@import|src=|<script|<link|href="[^#]', text)
    assert set(re.findall(r"url\(([^)]*)\)", text)) == {"#uploading", "#assumed", "#risk"}
    policies = [meta["content"] for meta in _Tags(text).of("meta") if meta.get("http-equiv")]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_a_page_of_200_streams_is_small(fleet_week):
    """Two hundred streams take less than half a megabyte, those with a run each quarter of an hour included."""
    assert len(page.render(fleet_week(200)).encode()) < 500_000


def test_exact_times_are_there_to_hover_over_and_to_open(week_of_one):
    """A segment's title has its times to the second, and the stream's name opens all of them."""
    recorder = ("0 0 9-16 ? * MON-FRI *", 3599)
    text = page.render(week_of_one(recorder=recorder, uploader=("0 0 22 ? * * *", 3600), retention=72))
    assert "<title>recording: Tue 24 Nov 09:00 - 16:59:59 (7 h 59 min 59 s)</title>" in text
    assert "<dt>recording</dt><dd>Mon-Fri 09:00 - 16:59:59</dd>" in text


def test_sentences_of_findings_are_folded_where_there_are_many_streams(fleet_week):
    """A week of 5 shows its findings, one of 200 only their codes; both hold their sentences."""
    few, many = (_Tags(page.render(fleet_week(number))).of("details") for number in (5, 200))
    notes = [[one for one in found if one.get("class") == "note"] for found in (few, many)]
    assert notes[0]
    assert all("open" in note for note in notes[0])
    assert notes[1]
    assert not any("open" in note for note in notes[1])


def test_the_streams_at_risk_are_listed_where_there_are_many(fleet_week):
    """Each links to its row; a fleet that is seen at a glance has no list."""
    assert "<nav" not in page.render(fleet_week(16))
    week = fleet_week(200)
    tags = _Tags(page.render(week))
    assert [nav["aria-labelledby"] for nav in tags.of("nav")] == ["at-risk"]
    targets = [link["href"].removeprefix("#") for link in tags.of("a")]
    rows = [row["id"] for row in tags.of("tr") if row.get("class") == "stream"]
    assert targets == [row for row, band in zip(rows, week.bands, strict=True) if band.is_at_risk]
    assert len(set(rows)) == 200


def test_what_is_acknowledged_is_shown_with_its_reason(acknowledged_week):
    """A reader sees that the loss is known, and why it is accepted."""
    text = page.render(acknowledged_week)
    assert "<summary>acknowledged error AlwaysOnExceedsRetention</summary>" in text
    assert "<p>Acknowledged because: the yard is empty at the weekend</p>" in text
    assert '<span class="alarm">▲ 23 h</span><p>acknowledged</p>' in text
    assert "<summary>acknowledged error TooManyStreams</summary>" in text
    assert "1 stream on 1 hub, 1 with footage at risk (1 acknowledged)" in text


def test_each_colour_that_the_style_sheet_asks_for_is_in_both_palettes(fleet_week):
    """Both palettes have all colours, and the style sheet has none."""
    text = page.render(fleet_week(5))
    assert set(re.findall(r"var\(--([a-z]+)\)", text)) <= set(LIGHT)
    assert set(LIGHT) == set(DARK)
    assert set(re.findall(r"#[0-9a-f]{6}\b", text)) == set(LIGHT.values()) | set(DARK.values())


def test_control_characters_in_a_name_do_not_reach_the_page(week_of_one):
    """A name with what HTML can't hold stays a page that a parser reads."""
    text = page.render(week_of_one(name="a\x00b\x1bc\u202ed"))
    assert not re.search("[\x00\x1b\u202e]", text)


def test_a_week_of_nothing_is_a_page(monday):
    """Without any stream the page says so."""
    assert "0 streams on 0 hubs" in page.render(Week(monday, ()))


def test_the_same_week_gives_the_same_page(fleet_week):
    """A page can be kept under version control: it holds no time of its making."""
    assert page.render(fleet_week(5)) == page.render(fleet_week(5))
