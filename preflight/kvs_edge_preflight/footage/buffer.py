"""Limits of a hub's local storage for a stream, and the ways in which footage is lost."""

from dataclasses import dataclass
from enum import Enum


class Fate(Enum):
    """Ways in which footage is lost."""

    EXPIRED_BEFORE_WINDOW = "deleted by age before any upload"
    EXPIRED_IN_BACKLOG = "deleted by age though uploads ran"
    OVERWRITTEN = "deleted for newer footage"
    REFUSED = "not recorded for want of room"

    __hash__ = object.__hash__  # Enum's own is a Python function, and each member is one object


@dataclass(frozen=True, slots=True)
class Buffer:
    """Limits of a DeletionConfig: retention in seconds, room in seconds of footage (None: no limit)."""

    retention: int
    room: float | None
    denies_new: bool
    delete_after_upload: bool
