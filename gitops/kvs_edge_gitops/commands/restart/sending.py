"""Sending of configurations, and the wait for their hubs."""

from collections.abc import Callable, Iterator, Sequence

from kvs_edge.observed import Found, SyncStatus
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.parallel import parallel_map
from kvs_edge_gitops.aws.stream_status import StreamStatus
from kvs_edge_gitops.commands.restart.restarts import (
    Restart,
    Result,
    has_changed,
    is_sent_by_lost_request,
)
from kvs_edge_gitops.errors import AwsError

WAIT_SECONDS = 16 * 60.0
"""The service retries for 15 minutes, then the status is SYNC_FAILED [StartEdgeConfigurationUpdate, API reference]."""
POLL_SECONDS = 5.0


def send(restarts: Sequence[Restart], aws: Aws, done: Callable[[int], None]) -> list[Restart]:
    """Send each configuration that is ready; a failed request is a result. `done` gets the number of results so far."""
    results = []
    for result in parallel_map(lambda restart: _sent(restart, aws), restarts):
        results.append(result)
        done(len(results))
    return results


def wait(
    restarts: Sequence[Restart],
    aws: Aws,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
    done: Callable[[int], None],
) -> list[Restart]:
    """Wait until each hub has taken or refused what was sent, for `WAIT_SECONDS` at most."""
    waiting, began = list(restarts), clock()
    while any(restart.result is Result.SENT for restart in waiting) and clock() - began < WAIT_SECONDS:
        sleep(POLL_SECONDS)
        waiting = list(parallel_map(lambda restart: _polled(restart, aws), waiting))
        done(sum(restart.result is not Result.SENT for restart in waiting))
    return list(_timed_out(waiting))


def _sent(restart: Restart, aws: Aws) -> Restart:
    if restart.result is not Result.READY or restart.found is None:
        return restart
    try:
        edge = aws.edge(restart.region)
        if has_changed(restart, edge.describe(restart.stream)):
            return restart.ended(Result.REFUSED, "its configuration or status changed meanwhile: run the command again")
        if edge.start(restart.stream, restart.found.config):
            return restart.ended(Result.SENT)
        if is_sent_by_lost_request(restart, edge.describe(restart.stream)):
            return restart.ended(Result.SENT)
    except AwsError as error:
        return restart.ended(Result.FAILED, str(error))
    return restart.ended(Result.REFUSED, "the service is busy with the stream: wait, and run the command again")


def _polled(restart: Restart, aws: Aws) -> Restart:
    if restart.result is not Result.SENT:
        return restart
    try:
        return _judged(restart, aws.edge(restart.region).describe(restart.stream))
    except AwsError as error:
        return restart.ended(Result.FAILED, f"it was sent, and its status is unknown: {error}")


def _judged(restart: Restart, now: StreamStatus) -> Restart:
    match restart.found, now.observed:
        case Found() as before, Found() as found if found.config == before.config and not found.status.deleting:
            # A response may be older than the update; its time is that of the configuration before.
            if found.updated == before.updated or found.status.syncing:
                return restart
            if found.status is SyncStatus.IN_SYNC:
                return restart.ended(Result.IN_SYNC)
            return restart.ended(Result.SYNC_FAILED, " ".join(found.details.split()) or "no details")
        case _:
            return restart.ended(Result.SYNC_FAILED, "another request changed or deleted its configuration meanwhile")


def _timed_out(restarts: Sequence[Restart]) -> Iterator[Restart]:
    for restart in restarts:
        late = restart.result is Result.SENT
        message = f"the hub did not answer within {WAIT_SECONDS / 60:.0f} minutes: see kvs-edge status"
        yield restart.ended(Result.TIMED_OUT, message) if late else restart
