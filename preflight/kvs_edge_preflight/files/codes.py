"""Registry of faults of a file itself, beside the findings of `kvs_edge_preflight.footage`."""

from enum import StrEnum
from typing import Self


class FileCode(StrEnum):
    """Code of a fault, with its summary; each is an error, except for the three notes, and cannot be acknowledged."""

    summary: str

    def __new__(cls, code: str, summary: str) -> Self:
        """Create the member whose value is its code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.summary = summary
        return member

    FILE_UNREADABLE = ("FileUnreadable", "A file cannot be opened")
    FILE_TOO_LARGE = ("FileTooLarge", "A file is too large")
    ENCODING_NOT_UTF8 = ("EncodingNotUtf8", "A file is not UTF-8 text")
    SYNTAX_NOT_UNDERSTOOD = ("SyntaxNotUnderstood", "A file is not YAML, or not JSON")
    KEY_TWICE = ("KeyTwice", "A mapping has the same key twice")
    ANCHORS_EXPAND_TOO_FAR = ("AnchorsExpandTooFar", "Anchors expand to more values than a file may hold")
    VALUE_NOT_ACCEPTED = ("ValueNotAccepted", "A field is missing, unknown or invalid")
    SCHEDULE_NOT_UNDERSTOOD = ("ScheduleNotUnderstood", "A schedule is not a valid Quartz cron expression")
    STREAM_TWICE = ("StreamTwice", "A stream is declared twice")
    HUB_TWICE = ("HubTwice", "Facts of a hub are stated twice")
    FACTS_UNUSED = ("FactsUnused", "Facts of a hub apply to no stream")
    """A note, not an error."""
    VALUE_UNKNOWN = ("ValueUnknown", "A value in a template is known only at deployment")
    """A note, not an error."""
    NOT_READ = ("NotRead", "A part of a template cannot be read before its deployment")
    """A note, not an error."""
