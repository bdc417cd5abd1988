"""Entry point of the function."""

import os
import sys
import zoneinfo
from collections.abc import Iterable, Sequence
from pathlib import Path

from kvs_edge_monitor import aws, emf, report
from kvs_edge_monitor.assessment import Assessment
from kvs_edge_monitor.changes import Change, batches, changes
from kvs_edge_monitor.errors import ReadFailedError
from kvs_edge_monitor.finding import Finding
from kvs_edge_monitor.memory import Memory, lookback_seconds, recall
from kvs_edge_monitor.order import Order, read_order
from kvs_edge_monitor.pace import Pace
from kvs_edge_monitor.survey import Survey

# The zip has the time zones of its hubs, because Lambda's runtimes do not promise a time zone database. One of the
# runtime comes first: it gets updates without a deployment.
zoneinfo.reset_tzpath([*zoneinfo.TZPATH, str(Path(__file__).resolve().parent.parent / "zoneinfo")])


def handler(event: object, context: object) -> dict[str, int]:
    """Watch the streams of an order: print the metrics, and send an event for each change of health.

    Args:
        event: Order of the schedule; see `kvs_edge_monitor.order`.
        context: Lambda's context; not used.

    Returns:
        Number of streams, unhealthy streams and changes.

    Raises:
        OrderError: The event is not an order.
    """
    del context
    order = read_order(event)
    memory = _memory(order)
    findings = _findings(order, memory or {})
    found = [] if memory is None else list(changes(findings, memory))
    unsent = _send(found, order)
    remembered = None if memory is None else _remembered(findings, unsent)
    _print(report.lines(order, findings, remembered, aws.clock()))
    unhealthy = sum(one.kind in report.UNHEALTHY_KINDS for one in findings)
    return {"streams": len(findings), "unhealthy": unhealthy, "changes": len(found)}


def _findings(order: Order, memory: Memory) -> list[Finding]:
    reader = aws.KinesisVideo(Pace(order.calls_per_second, aws.clock, aws.sleep))
    survey = Survey(reader, Assessment(aws.clock, order.silence_seconds), memory)
    return [finding for watch in order.watches for finding in survey.findings(watch)]


def _memory(order: Order) -> Memory | None:
    """Return the last kinds; None if the log cannot be read: then no change is sent, and the memory stays as it is."""
    try:
        seconds = lookback_seconds(order.interval_seconds)
        messages = aws.past_messages(os.environ["AWS_LAMBDA_LOG_GROUP_NAME"], seconds, aws.clock())
        return recall(messages, order.monitor)
    except ReadFailedError as error:
        _print([emf.note(f"changes are not known: {error}", {"monitor": order.monitor})])
        return None


def _send(found: Sequence[Change], order: Order) -> Sequence[Change]:
    """Send the changes; return those that were not accepted, which the next invocation sends again."""
    unsent: list[Change] = []
    for batch in batches(list(found)):
        try:
            unsent += aws.put_events(batch, order.monitor)
        except ReadFailedError as error:
            _print([emf.note(f"changes were not sent: {error}", {"monitor": order.monitor})])
            unsent += batch
    return unsent


def _remembered(findings: Sequence[Finding], unsent: Sequence[Change]) -> dict[str, dict[str, str]]:
    kinds: dict[tuple[str, str], str | None] = {(one.hub, one.stream): one.kind.value for one in findings}
    kinds |= {change.key: change.previous for change in unsent}
    by_hub: dict[str, dict[str, str]] = {}
    for (hub, stream), kind in kinds.items():
        if kind is not None:
            by_hub.setdefault(hub, {})[stream] = kind
    return by_hub


def _print(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
