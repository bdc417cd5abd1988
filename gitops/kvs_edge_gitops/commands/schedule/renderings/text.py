"""A week as text: one row per stream, one character per few hours.

Activities differ in shape; colour never carries meaning alone.
"""

import math
from collections.abc import Iterable, Iterator
from textwrap import wrap

from kvs_edge_gitops.commands.schedule.renderings.screen import Screen
from kvs_edge_gitops.reports.week.formatting import hours
from kvs_edge_gitops.reports.week.model import Activity, Band, HubWeek, Note, Week
from kvs_edge_gitops.reports.week.wall_clock import DAYS_A_WEEK, HOURS_A_DAY
from kvs_edge_schedules import tzdata_release

_CELLS_A_DAY = (24, 12, 8, 6, 4)
"""Each cell is a whole number of hours."""
_CELLS_FOR_FOUR_TICKS = 12
_MIN_NAME = 12
_SLIVER = 1 / 60
"""Hours at both ends of a segment that do not mark a cell: a schedule that is a second off marks no other cell."""
_RECORDS, _UPLOADS, _RISKS = 1, 2, 4
_BITS = {
    Activity.RECORDING: _RECORDS,
    Activity.UPLOADING: _UPLOADS,
    Activity.UPLOADING_ASSUMED: _UPLOADS,
    Activity.AT_RISK: _RISKS,
}
_MEANINGS = {
    0: "nothing",
    _RECORDS: "recording",
    _UPLOADS: "uploading",
    _RECORDS | _UPLOADS: "both",
    _RISKS: "recording at risk",
    _RISKS | _UPLOADS: "at risk, and uploading",
}
_BLOCKS = dict(zip(_MEANINGS, "·▀▄█\N{BOX DRAWINGS LIGHT DIAGONAL CROSS}╬", strict=True))
_LETTERS = dict(zip(_MEANINGS, ".ruB!#", strict=True))
_COLOURS = dict(zip(_MEANINGS, ("2", "36", "33", "32", "1;31", "1;31"), strict=True))
"""SGR codes of the sixteen colours, which a terminal's theme adapts to its background."""
_BOLD = "1"
_PUNCTUATION = str.maketrans({"…": "~", "▲": "!"})


def render(week: Week, screen: Screen) -> Iterator[str]:
    """Return the lines of the week, none wider than the screen, unless that is narrower than the narrowest week."""
    drawing = _Drawing(week, screen)
    yield from drawing.head()
    for hub in week.hubs:
        yield ""
        yield from drawing.hub(hub)
    if week.hubs:
        yield ""
        yield from drawing.legend()


class _Drawing:
    def __init__(self, week: Week, screen: Screen) -> None:
        self._week = week
        self._screen = screen
        longest = max((len(band.stream) for band in week.bands), default=0)
        least = min(longest, _MIN_NAME)
        fitting = (cells for cells in _CELLS_A_DAY if _room(screen, cells) >= least)
        self._cells = next(fitting, _CELLS_A_DAY[-1])
        self._name_width = min(longest, max(least, _room(screen, self._cells)))
        self._glyphs = _LETTERS if screen.is_ascii else _BLOCKS

    def head(self) -> Iterator[str]:
        yield from self._wrapped(f"{self._week.title}: {self._week.summary}", "", _BOLD)
        for hub, risky in self._week.listed_risks:
            yield from self._wrapped(f"{hub.name}: {', '.join(map(_listed, risky))}", "▲ ")

    def _styled(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if code and self._screen.has_colour else text

    def hub(self, hub: HubWeek) -> Iterator[str]:
        assumed = ", assumed: the hub's time zone is not stated" if hub.is_zone_assumed else ""
        yield from self._wrapped(f"{hub.name}  (times in {hub.zone}{assumed})", "", _BOLD)
        for change in hub.clock.changes:
            yield from self._wrapped(change, "  ")
        yield from self._head()
        yield from map(self._row, hub.bands)
        yield from self._notes(hub)

    def _head(self) -> Iterator[str]:
        step = 6 if self._cells >= _CELLS_FOR_FOUR_TICKS else 12
        ticks = "".join(f"{hour:<{self._cells * step // HOURS_A_DAY}}" for hour in range(0, HOURS_A_DAY, step))
        yield self._line("", " ".join(f"{name:<{self._cells}}" for name in self._day_names()))
        yield self._line("", " ".join([ticks] * DAYS_A_WEEK))

    def _day_names(self) -> list[str]:
        """Return weekday, number and month, as far as they fit."""
        parts = [name.split() for name in self._week.day_names]
        for count in (3, 2):
            names = [" ".join(part[:count]) for part in parts]
            if max(map(len, names)) <= self._cells:
                return names
        return [weekday for weekday, *_ in parts]

    def _line(self, name: str, rest: str) -> str:
        return _plain(f"  {name:<{self._name_width}} {rest}".rstrip(), self._screen)

    def _row(self, band: Band) -> str:
        mark = "▲" if band.is_at_risk else " "
        name = _shortened(band.stream, self._name_width)
        cells = _cells(band, self._cells)
        days = (cells[day * self._cells : (day + 1) * self._cells] for day in range(DAYS_A_WEEK))
        head = _plain(f"{mark} {name:<{self._name_width}} ", self._screen)
        return head + " ".join("".join(self._painted(day)) for day in days)

    def _painted(self, cells: Iterable[int]) -> Iterator[str]:
        if not self._screen.has_colour:
            yield from (self._glyphs[cell] for cell in cells)
            return
        last = None
        for cell in cells:
            if cell != last:
                yield f"\x1b[0;{_COLOURS[cell]}m"
            yield self._glyphs[cell]
            last = cell
        yield "\x1b[0m"

    def _notes(self, hub: HubWeek) -> Iterator[str]:
        for note in hub.notes:
            yield from self._note(note, "  ")
        for band in hub.bands:
            if band.notes or band.is_at_risk:
                mark = "▲" if band.is_at_risk else " "
                yield from self._wrapped(f"{band.stream}{_at_risk(band)}", f"{mark} ")
                for note in band.notes:
                    yield from self._note(note, "    ")

    def _note(self, note: Note, indent: str) -> Iterator[str]:
        reason = "" if note.reason is None else f"; acknowledged because: {note.reason}"
        yield from self._wrapped(f"{note.heading}: {note.text}{reason}", indent)

    def _wrapped(self, text: str, indent: str, code: str = "") -> Iterator[str]:
        width = max(self._screen.width, len(indent) + _MIN_NAME)
        following = " " * len(indent) + "  "
        lines = wrap(_plain(indent + text, self._screen), width, subsequent_indent=following, break_on_hyphens=False)
        yield from (self._styled(line, code) for line in lines)

    def legend(self) -> Iterator[str]:
        """Return the meaning of the characters that can occur."""
        kinds = self._week.kinds
        possible = sum({_BITS[kind] for kind in kinds})
        entries = [f"{self._glyphs[bits]} {said}" for bits, said in _MEANINGS.items() if bits & possible == bits]
        yield from _filled(entries, self._screen.width)
        size = HOURS_A_DAY // self._cells
        unit = "an hour" if size == 1 else f"{size} hours"
        yield from self._wrapped(f"A character is {unit}; it shows each activity of a minute or more.", "")
        if Activity.UPLOADING_ASSUMED in kinds:
            yield from self._wrapped("A stream without an uploader is assumed to upload at any time.", "")
        yield from self._wrapped(f"Time zones: tzdata {tzdata_release()}.", "")


def _room(screen: Screen, cells: int) -> int:
    """Return the characters left for a name, beside the mark and seven days with a space before each."""
    return screen.width - len("! ") - (1 + cells) * DAYS_A_WEEK


def _filled(entries: Iterable[str], width: int) -> Iterator[str]:
    """Return the entries in lines, without breaking an entry."""
    line = ""
    for entry in entries:
        if line and len(line) + 3 + len(entry) > width:
            yield line
            line = ""
        line = f"{line}   {entry}" if line else entry
    yield line


def _at_risk(band: Band) -> str:
    total = next((total for total in band.totals if total.kind is Activity.AT_RISK), None)
    return "" if total is None else f": {hours(total.seconds)} at risk this week, recorded {total.words}"


def _listed(band: Band) -> str:
    """Return a stream at risk in the list of all, with the hours of this week."""
    seconds = band.seconds(Activity.AT_RISK)
    facts = [hours(seconds)] if seconds else []
    facts += ["acknowledged"] if band.is_risk_accepted else []
    return f"{band.stream} ({', '.join(facts)})" if facts else band.stream


def _cells(band: Band, cells_a_day: int) -> list[int]:
    """Return the activities of a minute or more in each cell as bits; at risk replaces recording."""
    size = HOURS_A_DAY / cells_a_day
    cells = [0] * (cells_a_day * DAYS_A_WEEK)
    for segment in band.segments:
        sliver = min(_SLIVER, (segment.last - segment.first) / 2)
        first, last = int((segment.first + sliver) / size), math.ceil((segment.last - sliver) / size)
        for cell in range(first, min(len(cells), last)):
            cells[cell] |= _BITS[segment.kind]
    return [bits & ~_RECORDS if bits & _RISKS else bits for bits in cells]


def _shortened(name: str, width: int) -> str:
    """Return a name without its middle if it is too long: both ends tell cameras apart."""
    if len(name) <= width:
        return name
    kept = width - 1
    return f"{name[: kept - kept // 2]}…{name[len(name) - kept // 2 :]}"


def _plain(text: str, screen: Screen) -> str:
    """Return the text without control characters and, if need be, in ASCII."""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown.translate(_PUNCTUATION).encode("ascii", "replace").decode() if screen.is_ascii else shown
