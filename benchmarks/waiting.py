"""Waiting for IN_SYNC, in virtual time: what it costs, how late it is noticed, and what becomes of a fleet.

    python benchmarks/waiting.py [--samples 200]

Our rows are kvs_edge.reconciler.reconcile with the pace of kvs_edge.polling, on a service that answers as
DescribeEdgeConfiguration does; nothing sleeps. A request takes three state transitions at least (Tick, Decided?,
Deliver) and three more for each round in between (Tick, Decided?, Wait), three invocations at least (the entry
function, a tick, a delivery), a call of DescribeStacks before its write, and the pages of its stack's events if it
writes late. "No stay" is a state machine whose ticks
do not sleep at all (StaySeconds 0), which spares an account with few concurrent executions.

The peers' rows are their policies, simulated in the same run:

- the CDK's Provider framework: a state that is retried every so many seconds; a look takes 0.3 s and two functions,
  the framework's own and its user's;
- crhelper: a rule ticks every so many minutes, with a phase of its own.

One sync: means over `--samples` syncs whose time is within 5 % of what is named, with other random draws each. Money
is in micro-USD: a state transition 25, a Lambda request 0.2, a GB-second 16.67 (128 MB). Delay is from IN_SYNC to
the answer. Lower is better everywhere.

A fleet: as many streams as named, all deployed within a second, in one account with 10 Starts and 50 Describes a
second. `lost` are requests that failed though nothing was wrong: boto3 does not retry ClientLimitExceeded, so the
Provider fails them unless its user retries, which is the third policy. `last online` is when the last stream of a
hub that is online has been answered, in seconds.
"""

import argparse
import math
import random
import threading
from statistics import mean, median

from cold_start_aws import EDGE_CONFIG
from tables import print_table
from virtual_edge import CALL_SECONDS, OFFLINE_SECONDS, Account, Bill, Running, Stack, Stream
from virtual_time import VirtualTime

from kvs_edge import polling, reconciler
from kvs_edge.calls import CallFailedError
from kvs_edge.configuration import Stream as NamedStream
from kvs_edge.decisions import Done, Fail
from kvs_edge.observed import Found, SyncStatus
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType

SYNCS = (3, 10, 60, 300, 900)
FLEETS = (1, 100, 400, 1000)
TICK_SECONDS = 180.0
"""The tick function's time-out, as the construct sets it."""

INVOKE_SECONDS = 0.05


class Quiet:
    """The log that a tick wants."""

    def polled(self, *_):
        """Say nothing."""

    call_failed = checked_stack = polled


def ours(stay):
    """Our policy, with the seconds that a tick may stay: StaySeconds of the state machine."""

    def policy(account, bill, stream, chance):
        time = account.time
        with Running(account, bill):  # the entry function
            time.sleep(CALL_SECONDS)
        request = Request(
            RequestType.CREATE,
            NamedStream("stream"),
            EDGE_CONFIG,
            sent_at=math.floor(bill.began),
            received_at=bill.began,
        )
        progress = Progress(status_since=bill.began)
        while True:
            time.sleep(INVOKE_SECONDS)
            bill.transitions += 2  # Tick and Decided?
            with Running(account, bill) as tick:
                deps = _deps(tick, stream, chance, stay)
                progress, outcome = reconciler.reconcile(request=request, progress=progress, deps=deps)
            bill.transitions += 1  # Wait or Deliver
            if isinstance(outcome, Done | Fail):
                break
            time.sleep(math.ceil(outcome))
        time.sleep(INVOKE_SECONDS)
        with Running(account, bill):
            time.sleep(CALL_SECONDS)
        bill.answered = time.now

    return policy


def _deps(tick, stream, chance, stay):
    time = tick.account.time
    return reconciler.Dependencies(
        client_for=lambda _: stream,
        stack=Stack(tick.account, tick.bill),
        now=time.time,
        sleep=time.sleep,
        remaining=lambda: TICK_SECONDS - (time.now - tick.began),
        jitter=chance.random,
        log=Quiet(),
        stay=stay,
    )


def provider(interval, author_retries=False):
    def policy(account, bill, stream, chance):
        time = account.time
        with Running(account, bill, functions=2):
            bill.lost = not _start(stream, time, chance, tries=10 if author_retries else 1)
        while not (bill.lost or bill.answered):
            bill.transitions += 1  # each retry of a task is one
            with Running(account, bill, functions=2):
                over = _is_over(stream)
                time.sleep(2 * CALL_SECONDS)
            if over:
                bill.answered = time.now
            else:
                time.sleep(interval)

    return policy


def crhelper(interval):
    def policy(account, bill, stream, chance):
        time = account.time
        with Running(account, bill):
            bill.lost = not _start(stream, time, chance, tries=1)
        time.sleep(interval * chance.random())
        while not (bill.lost or bill.answered):
            began = time.now
            with Running(account, bill):
                over = _is_over(stream)
                time.sleep(CALL_SECONDS)
            if over:
                bill.answered = time.now
            else:
                time.sleep(began + interval - time.now)

    return policy


def _start(stream, time, chance, tries):
    for attempt in range(tries):
        try:
            stream.start(EDGE_CONFIG)
        except CallFailedError:
            if attempt + 1 < tries:
                time.sleep(chance.uniform(0, min(20, 2**attempt)))
        else:
            return True
    return False


def _is_over(stream):
    try:
        seen = stream.describe()
    except CallFailedError:
        return False
    return isinstance(seen, Found) and seen.status in {SyncStatus.IN_SYNC, SyncStatus.SYNC_FAILED}


POLICIES = {
    "ours": ours(polling.FAST_POLL_SECONDS),
    "ours, no stay": ours(0.0),
    "Provider, 5 s (default)": provider(5),
    "Provider, 1 s (tightest)": provider(1),
    "crhelper, 2 min (default)": crhelper(120),
    "crhelper, 1 min (tightest)": crhelper(60),
}
FLEET_POLICIES = {
    "ours": ours(polling.FAST_POLL_SECONDS),
    "ours, no stay": ours(0.0),
    "Provider, 5 s": provider(5),
    "Provider, 5 s, Start retried": provider(5, author_retries=True),
}


def one(policy, sync_seconds, chance):
    return fleet(policy, [sync_seconds], chance)[1][0]


def fleet(policy, syncs, chance):
    """Deploy all streams within a second; return the account and the bills."""
    time = VirtualTime()
    account = Account(time, streams=len(syncs))
    bills = []
    for sync_seconds in syncs:
        delay = chance.random()
        bill = Bill(began=time.now + delay)
        bills.append(bill)
        time.spawn(delay, policy, account, bill, Stream(account, bill, sync_seconds), chance)
    time.run()
    return account, bills


def print_single_syncs(samples):
    bills = {}
    for name, policy in POLICIES.items():
        chance = random.Random(1)
        for seconds in SYNCS:
            bills[name, seconds] = [one(policy, seconds * chance.uniform(0.95, 1.05), chance) for _ in range(samples)]

    def table(title, figure, names=POLICIES):
        rows = [[name, *(figure(bills[name, seconds]) for seconds in SYNCS)] for name in names]
        print_table(title, ["", *(f"T = {seconds} s" for seconds in SYNCS)], rows)

    table("Micro-USD for a sync that takes T", lambda bills: f"{mean(bill.micro_usd for bill in bills):,.0f}")
    table("Delay after IN_SYNC, seconds, mean / worst", _delays)
    ours_only = [name for name in POLICIES if name.startswith("ours")]
    table("Calls of CloudFormation", lambda bills: f"{mean(bill.stack_calls for bill in bills):.1f}", ours_only)
    table("Lambda invocations", lambda bills: f"{mean(bill.invocations for bill in bills):.1f}")
    table("Looks", lambda bills: f"{mean(bill.polls for bill in bills):.1f}")
    table("State transitions", lambda bills: f"{mean(bill.transitions for bill in bills):.1f}")
    table("Lambda GB-seconds", lambda bills: f"{mean(bill.gigabyte_seconds for bill in bills):.2f}")


def _delays(bills):
    delays = [bill.delay for bill in bills]
    return f"{mean(delays):.1f} / {max(delays):.1f}"


def print_fleets():
    for title, offline in (("each sync takes 5 s", 0.0), ("one hub in ten is offline", 0.1)):
        rows = []
        for streams in FLEETS:
            rows += [_fleet_row(name, streams, offline) for name in FLEET_POLICIES]
        header = [
            *("", "streams", "lost", "median", "last online", "last", "throttled", "stack calls", "peak Lambdas"),
            "micro-USD each",
        ]
        print_table(f"A fleet at once: {title}", header, rows)


def _fleet_row(name, streams, offline):
    syncs = [OFFLINE_SECONDS if index < int(streams * offline) else 5.0 for index in range(streams)]
    account, bills = fleet(FLEET_POLICIES[name], syncs, random.Random(1))
    taken = [(bill.answered - bill.began, seconds) for bill, seconds in zip(bills, syncs, strict=True) if not bill.lost]
    online = [waited for waited, seconds in taken if seconds < OFFLINE_SECONDS]
    return [
        name,
        streams,
        streams - len(taken),
        f"{median(waited for waited, _ in taken):.1f}",
        f"{max(online):.1f}" if online else "-",
        f"{max(waited for waited, _ in taken):.1f}",
        account.throttled,
        sum(bill.stack_calls for bill in bills),
        account.peak_lambdas,
        f"{mean(bill.micro_usd for bill in bills):,.0f}",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=200)
    threading.stack_size(256 * 1024)
    print_single_syncs(parser.parse_args().samples)
    print_fleets()


if __name__ == "__main__":
    main()
