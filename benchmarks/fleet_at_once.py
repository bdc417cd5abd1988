"""A fleet that is deployed at once, in virtual time: how long it takes, what it costs, and what it holds.

    python benchmarks/fleet_at_once.py [--large]

As many streams as named, all deployed within a second, in one account with 10 Starts and 50 Describes a second. The
bound is the limits' own: N / 10 seconds for the Starts, and the sync of 5 s. `lost` are requests that failed though
nothing was wrong: boto3 does not retry ClientLimitExceeded, so the Provider fails them unless its user retries, which
is the third policy. `last online` is when the last stream of a hub that is online has been answered. `Describes` is
the share of the account's 50 Describes a second that the fleet used until then, on average. `places` are the most
concurrent executions at once.

The last table is an account with 10 places, as a new one has.
"""

import argparse
import json
import random
import threading
from statistics import mean

from builds import VERDICT_HEADER, figures_before, verdict
from tables import print_table
from virtual_edge import OFFLINE_SECONDS, Account, Bill, Stream
from virtual_time import VirtualTime
from wait_policies import ours, provider

SYNC_SECONDS = 5.0
FLEETS = (1, 100, 400, 1000)
LARGE = 10_000
LAST_ONLINE = {400: 56, 1000: 131, LARGE: 1256}
MOST_MICRO_USD = {400: 150}
OURS, PEER = "ours", "Provider, 5 s, Start retried"
POLICIES = {OURS: ours, "Provider, 5 s": provider(5), PEER: provider(5, author_retries=True)}


class Fleet:
    """A deployment of so many streams within a second, and what came of it."""

    def __init__(self, name, streams, offline=0.1, places=1000, seed=1):
        chance, time = random.Random(seed), VirtualTime()
        self.account = Account(time, streams, places if name == OURS else 1e9)
        self._syncs = [OFFLINE_SECONDS if index < int(streams * offline) else SYNC_SECONDS for index in range(streams)]
        self.bills = []
        # The streams of offline hubs are anywhere in the fleet.
        chance.shuffle(self._syncs)
        for sync_seconds in self._syncs:
            bill = Bill(began=time.now + chance.random())
            self.bills.append(bill)
            stream = Stream(self.account, bill, sync_seconds)
            time.spawn(bill.began - time.now, POLICIES[name], self.account, bill, stream, chance)
        time.run()

    @property
    def lost(self):
        """Requests that failed though nothing was wrong."""
        return sum(bill.lost for bill in self.bills)

    @property
    def last_online(self):
        """Seconds from the deployment's start to the answer of the last stream of a hub that is online."""
        pairs = zip(self.bills, self._syncs, strict=True)
        online = [bill.answered for bill, sync in pairs if sync < OFFLINE_SECONDS and not bill.lost]
        return max(online) - self.account.began

    @property
    def last(self):
        """The same of all streams."""
        return max(bill.answered for bill in self.bills if not bill.lost) - self.account.began

    @property
    def describes(self):
        """Percent of the account's Describes."""
        return 100 * self.account.described_until(self.last_online) / (50 * self.last_online)

    @property
    def micro_usd(self):
        """Mean of a stream."""
        return mean(bill.micro_usd for bill in self.bills)

    def row(self, name):
        """Return the row of the table."""
        return [
            name,
            f"{len(self.bills):,}",
            self.lost,
            f"{len(self.bills) / 10 + SYNC_SECONDS:,.0f}",
            f"{self.last_online:,.1f}",
            f"{self.last:,.1f}",
            f"{self.describes:.0f} %",
            self.account.throttled,
            self.account.peak_lambdas,
            f"{mean(bill.transitions for bill in self.bills):.1f}",
            f"{self.micro_usd:,.0f}",
        ]


HEADER = [
    *("", "streams", "lost", "bound", "last online", "last", "Describes", "throttled", "places", "transitions"),
    "micro-USD each",
]


def targets(fleets, before):
    """Return the rows of the targets."""
    rows = []
    for streams, fleet in fleets.items():
        peer, was = Fleet(PEER, streams), before.get(str(streams), {})
        lost = f", {peer.lost} lost" if peer.lost else ""
        rows.append(
            verdict(
                f"{streams:,} streams, last online, s",
                fleet.last_online,
                LAST_ONLINE[streams],
                f"{peer.last_online:,.1f}{lost}",
                was.get("last_online"),
            )
        )
        rows.append(verdict(f"{streams:,} streams, lost", fleet.lost, 0, str(peer.lost), was.get("lost")))
        shares = f"{peer.describes:.1f}", was.get("describes")
        rows.append(verdict(f"{streams:,} streams, % of the Describes", fleet.describes, 50, *shares))
        if streams in MOST_MICRO_USD:
            usd = f"{peer.micro_usd:,.1f}", was.get("micro_usd")
            rows.append(verdict(f"{streams:,} streams, micro-USD each", fleet.micro_usd, MOST_MICRO_USD[streams], *usd))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="10,000 streams, too")
    parser.add_argument("--json", action="store_true", help="only our figures, for a comparison of builds")
    arguments = parser.parse_args()
    threading.stack_size(256 * 1024)
    sizes = (400, 1000, LARGE) if arguments.large else (400, 1000)
    mine = {streams: Fleet(OURS, streams) for streams in sizes}
    if arguments.json:
        names = ("last_online", "lost", "describes", "micro_usd")
        print(json.dumps({n: {name: getattr(fleet, name) for name in names} for n, fleet in mine.items()}))
        return
    for title, offline in (("each sync takes 5 s", 0.0), ("one hub in ten is offline", 0.1)):
        rows = [Fleet(name, streams, offline).row(name) for streams in FLEETS for name in POLICIES]
        print_table(f"A fleet at once: {title}", HEADER, rows)
    small = [Fleet(OURS, streams, places=10).row(OURS) for streams in (5, 90)]
    beside = [Fleet(PEER, streams).row(f"{PEER}, places it would take") for streams in (5, 90)]
    print_table("An account with 10 places: one hub in ten is offline", HEADER, [*small, *beside])
    before = figures_before(__file__, *(["--large"] if arguments.large else []))
    print_table("Targets of a fleet at once, one hub in ten offline", VERDICT_HEADER, targets(mine, before))


if __name__ == "__main__":
    main()
