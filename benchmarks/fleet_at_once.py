"""A fleet that is deployed at once, in virtual time: how long it takes, what it costs, and what it holds.

    python benchmarks/fleet_at_once.py [--seeds 5] [--large] [--plot docs/images/fleet-at-once.svg]

As many streams as named, all deployed within a second, in one account with 10 Starts and 50 Describes a second. The
bound is the limits' own: N / 10 seconds for the Starts, and the sync of 5 s. `lost` are requests that failed though
nothing was wrong: boto3 does not retry ClientLimitExceeded, so the Provider fails them unless its user retries, which
is the third policy. `last online` is when the last stream of a hub that is online has been answered. `Describes` is
the share of the account's 50 Describes a second that the fleet used until then, on average. `places` are the most
concurrent executions at once.

A stack knows only its own streams. `deployed-at-once` is the same policy with the context key of that name, which
states how many streams are deployed at once.

One table is an account with 10 places, as a new one has. The targets are compared with the median over the seeds,
which draw the pauses and the offline hubs; the worst seed is beside it. 10,000 streams in 20 stacks, with the context
key, take minutes of CPU for each seed, so they run only with `--large`; so does one seed without the key.
"""

import argparse
import json
import random
import threading
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

from builds import VERDICT_HEADER, figures_before, verdict
from plots import Axes, Line, drawing
from tables import print_table
from virtual_edge import OFFLINE_SECONDS, Account, Bill, Stream
from virtual_time import VirtualTime
from wait_policies import ours, provider

SYNC_SECONDS = 5.0
FLEETS = (1, 100, 400, 1000)
SIZES = (400, 1000)
LARGE = 10_000
PLOTTED = 1000
LAST_ONLINE = {400: 56, 1000: 131, LARGE: 1256}
MOST_MICRO_USD = {400: 150}
TITLES = {
    "last_online": "last online, s",
    "lost": "lost",
    "describes": "% of the Describes",
    "micro_usd": "micro-USD each",
}
OURS, ANNOUNCED, PEER = "ours", "ours, deployed-at-once", "Provider, 5 s, Start retried"
POLICIES = {OURS: ours, ANNOUNCED: ours, "Provider, 5 s": provider(5), PEER: provider(5, author_retries=True)}


class Fleet:
    """A deployment of so many streams within a second, and what came of it."""

    def __init__(self, name, streams, offline=0.1, places=1000, seed=1):
        chance, time = random.Random(seed), VirtualTime()
        self.account = Account(
            time,
            streams,
            places if name in (OURS, ANNOUNCED) else 1e9,
            announced=streams if name == ANNOUNCED else None,
        )
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
    def online_bills(self):
        """Bills of the streams of hubs that are online, without those that were lost."""
        pairs = zip(self.bills, self._syncs, strict=True)
        return [bill for bill, sync in pairs if sync < OFFLINE_SECONDS and not bill.lost]

    @property
    def last_online(self):
        """Seconds from the deployment's start to the answer of the last stream of a hub that is online."""
        return max(bill.answered for bill in self.online_bills) - self.account.began

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


class Figure(NamedTuple):
    """A figure with a target, over several seeds."""

    name: str
    target: float
    ours: list[float]
    peer: float
    before: float | None

    @property
    def row(self):
        """Return the row of its target, and the worst seed."""
        row = verdict(self.name, median(self.ours), self.target, f"{self.peer:,.1f}", self.before)
        return [*row[:2], f"{max(self.ours):,.1f}", *row[2:]]


def figures(fleets, before):
    """Return the figures of the targets; `fleets` has one fleet per seed for each size."""
    made = []
    for streams, seeds in fleets.items():
        peer, was = Fleet(PEER, streams), before.get(str(streams), {})
        aims = {"last_online": LAST_ONLINE[streams], "lost": 0, "describes": 50}
        aims |= {"micro_usd": MOST_MICRO_USD[streams]} if streams in MOST_MICRO_USD else {}
        for field, target in aims.items():
            ours = [getattr(fleet, field) for fleet in seeds]
            name = f"{streams:,} streams, {TITLES[field]}"
            made.append(Figure(name, target, ours, getattr(peer, field), was.get(field)))
    return made


def plot(file, fleets):
    """Draw how many online streams have been answered by when, for each policy with 1,000 streams."""
    series = [Line(name, _answers(Fleet(name, PLOTTED))) for name in (PEER, "Provider, 5 s")]
    series.append(Line(OURS, _answers(fleets[PLOTTED][0])))
    bound = Line("bound of the limits", [(SYNC_SECONDS, 0), (PLOTTED / 10 + SYNC_SECONDS, PLOTTED)])
    title = f"{PLOTTED:,} streams deployed at once, one hub in ten offline"
    axes = Axes("seconds since the deployment began", "streams answered with SUCCESS")
    file.write_text(drawing(title, axes, [*series, bound]))


def _answers(fleet):
    times = sorted(bill.answered - fleet.account.began for bill in fleet.online_bills)
    return [(0, 0), *((at, number) for number, at in enumerate(times, 1))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--large", action="store_true", help="10,000 streams, too")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="an SVG of the answers over time")
    parser.add_argument("--json", action="store_true", help="only our figures, for a comparison of builds")
    arguments = parser.parse_args()
    threading.stack_size(256 * 1024)
    seeds = range(1, arguments.seeds + 1)
    fleets = {streams: [Fleet(OURS, streams, seed=seed) for seed in seeds] for streams in SIZES}
    if arguments.large:
        fleets[LARGE] = [Fleet(ANNOUNCED, LARGE, seed=seed) for seed in seeds]
    if arguments.json:
        middle = {
            n: {name: median(getattr(fleet, name) for fleet in all_) for name in TITLES} for n, all_ in fleets.items()
        }
        print(json.dumps(middle))
        return
    if arguments.plot:
        plot(arguments.plot, fleets)
    for title, offline in (("each sync takes 5 s", 0.0), ("one hub in ten is offline", 0.1)):
        rows = [Fleet(name, streams, offline).row(name) for streams in FLEETS for name in POLICIES]
        print_table(f"A fleet at once: {title}", HEADER, rows)
    small = [Fleet(OURS, streams, places=10).row(OURS) for streams in (5, 90)]
    beside = [Fleet(PEER, streams).row(f"{PEER}, places it would take") for streams in (5, 90)]
    print_table("An account with 10 places: one hub in ten is offline", HEADER, [*small, *beside])
    if arguments.large:
        rows = [*(fleet.row(ANNOUNCED) for fleet in fleets[LARGE]), Fleet(OURS, LARGE).row(OURS)]
        print_table("10,000 streams in 20 stacks at once: one hub in ten is offline", HEADER, rows)
    before = figures_before(__file__, "--seeds", str(arguments.seeds))
    header = [*VERDICT_HEADER[:2], "worst seed", *VERDICT_HEADER[2:]]
    rows = [figure.row for figure in figures(fleets, before)]
    print_table("Targets of a fleet at once, one hub in ten offline: medians", header, rows)


if __name__ == "__main__":
    main()
