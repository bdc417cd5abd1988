"""Kinds of health."""

from enum import StrEnum


class Kind(StrEnum):
    """Kind of health of a stream. The order of the members is the order of severity, the worst first."""

    RECORDING_FAILED = "recording_failed"
    """The recorder reported an error, and nothing better since."""
    SILENT_HUB = "silent_hub"
    """Recording was due for longer than the limit, and the recorder reported nothing."""
    NOT_IN_SYNC = "not_in_sync"
    """The hub does not have the configuration: it is absent, it was rejected, or its sync takes too long."""
    UPLOAD_FAILED = "upload_failed"
    """The uploader reported an error, and nothing better since."""
    UNKNOWN = "unknown"
    """The facts do not allow an answer: a new status of the API, no time zone, a clock that differs."""
    IN_PROGRESS = "in_progress"
    """A sync, a deletion or the first report is awaited, within its time."""
    NOT_DUE = "not_due"
    """The schedule does not record now, and nothing is wrong."""
    HEALTHY = "healthy"
    """Recording is due, and the recorder reported success."""

    @property
    def severity(self) -> int:
        """The severity: 0 for HEALTHY, higher for worse kinds."""
        return len(_ORDER) - 1 - _ORDER.index(self)

    @property
    def needs_attention(self) -> bool:
        """True for the kinds that a person should look at: those worse than IN_PROGRESS."""
        return self.severity > Kind.IN_PROGRESS.severity


_ORDER = tuple(Kind)
