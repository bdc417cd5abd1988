"""Report of a campaign: violations with a short timeline, and counts of exercised cases."""

from collections import Counter
from collections.abc import Iterable, Sequence

from chaos_campaign.lifecycle import Outcome
from chaos_campaign.oracle.verdict import Verdict
from chaos_campaign.scheduler import EPOCH

_AFTER = 20.0
"""Seconds of the timeline that are shown after a violation."""

_LINES, _WIDTH = 25, 200

_ABOUT_THE_END = {"orphan", "state mismatch"}
"""Violations that are found when all is quiet, and come from what happened last."""


def summary(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Return the counts of a campaign."""
    exercised: Counter[str] = Counter()
    violations: Counter[str] = Counter()
    unavoidable: Counter[str] = Counter()
    for outcome in outcomes:
        exercised.update(outcome.exercised)
        for verdict in outcome.verdicts:
            if verdict.unavoidable:
                unavoidable[f"{verdict.kind}: {verdict.unavoidable}"] += 1
            else:
                violations[verdict.kind] += 1
    return "\n".join(
        [
            f"{len(outcomes)} lifecycles in {seconds:.0f} s",
            *_section("exercised, in how many lifecycles", exercised.items()),
            *_section("let pass as unavoidable", unavoidable.items()),
            *_section("violations", violations.items()),
        ]
    )


def examples(outcomes: Iterable[Outcome], each: int) -> list[tuple[int, Verdict]]:
    """Return the first violations of each kind, with their seeds."""
    shown: Counter[str] = Counter()
    found = []
    for outcome in outcomes:
        for verdict in outcome.verdicts:
            if not verdict.unavoidable and shown[verdict.kind] < each:
                shown[verdict.kind] += 1
                found.append((outcome.seed, verdict))
    return found


def minimal_trace(outcome: Outcome, verdict: Verdict) -> str:
    """Return the timeline up to a violation, without what concerns other streams."""
    at = float("inf") if verdict.kind in _ABOUT_THE_END else verdict.at - EPOCH + _AFTER
    lines = [
        f"  {time:10.2f}  {text[:_WIDTH]}"
        for time, text in outcome.timeline
        if time <= at and "  log:" not in text and "is lost" not in text and _concerns(text, verdict.stream)
    ]
    return "\n".join(lines[-_LINES:])


def full_trace(outcome: Outcome) -> str:
    """Return the whole timeline."""
    return "\n".join(f"  {time:10.2f}  {text}" for time, text in outcome.timeline)


def _concerns(text: str, stream: str) -> bool:
    return not stream or "stream-" not in text or stream in text


def _section(title: str, counts: Iterable[tuple[str, int]]) -> list[str]:
    lines = [f"  {count:7d}  {name}" for name, count in sorted(counts)]
    return ["", f"{title}:", *(lines or ["        none"])]
