"""Footage at the edge: what each hub has recorded for each stream, and who destroyed it."""

from dataclasses import dataclass


@dataclass
class Span:
    """One period in which a hub recorded a stream."""

    stream: str
    hub: str
    start: float
    end: float | None = None
    destroyed: bool = False


class Footage:
    """All spans that there ever were."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def begin(self, stream: str, hub: str, now: float) -> None:
        """Record from now on, unless the hub records the stream already."""
        if not any(span.end is None for span in self._kept(stream, hub)):
            self.spans.append(Span(stream, hub, now))

    def rename(self, stream: str, name: str) -> None:
        """Keep what a deleted stream recorded under another name."""
        for span in self.spans:
            span.stream = name if span.stream == stream else span.stream

    def lose(self, hub: str) -> None:
        """Lose everything on a hub, with its device."""
        for span in self.spans:
            span.destroyed = span.destroyed or span.hub == hub

    def stop(self, stream: str, hub: str, now: float) -> None:
        """Stop recording and keep what there is."""
        for span in self._kept(stream, hub):
            span.end = now if span.end is None else span.end

    def destroy(self, stream: str, hub: str, now: float) -> None:
        """Stop recording and destroy what there is."""
        self.stop(stream, hub, now)
        for span in self._kept(stream, hub):
            span.destroyed = True

    def oldest(self, stream: str, hub: str) -> float | None:
        """Return when the oldest footage that is still there was recorded."""
        return min((span.start for span in self._kept(stream, hub)), default=None)

    def _kept(self, stream: str, hub: str) -> list[Span]:
        return [span for span in self.spans if span.stream == stream and span.hub == hub and not span.destroyed]
