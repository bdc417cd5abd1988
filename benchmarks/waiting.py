"""Waiting for one IN_SYNC, in virtual time: what it costs, and how late it is noticed.

    python benchmarks/waiting.py [--samples 200] [--plot docs/images]

Means over `--samples` syncs whose time is within 5 % of what is named, with other random draws each. Money is in
micro-USD at list prices: a state transition 25, a Lambda request 0.2, a GB-second 16.67 (128 MB). Delay is from
IN_SYNC to the answer. Lower is better everywhere. "In a large stack" is the same stream in a stack of many: its tick
leaves early, because a sleeping tick holds one of the account's concurrent executions (`fleet_at_once.py` counts them).

Each target is a row: reached or MISSED, beside the Provider framework with its default of 5 s and the build before.
"""

import argparse
import json
import random
import threading
from pathlib import Path
from statistics import mean

from builds import VERDICT_HEADER, figures_before, verdict
from plots import Axes, Line, drawing
from tables import print_table
from virtual_edge import Account, Bill, Stream
from virtual_time import VirtualTime
from wait_policies import crhelper, ours, provider

SYNCS = (3, 10, 60, 300, 900)
MOST_MICRO_USD = {3: 53, 10: 79, 60: 170, 300: 760, 900: 2240}
MOST_DELAY = {3: 1, 10: 1, 60: 2, 300: 2, 900: 2}
OURS, LARGE, PEER = "ours", "ours, in a large stack", "Provider, 5 s (default)"
POLICIES = {
    OURS: (ours, 1),
    LARGE: (ours, 100),
    PEER: (provider(5), 1),
    "Provider, 1 s (tightest)": (provider(1), 1),
    "crhelper, 2 min (default)": (crhelper(120), 1),
    "crhelper, 1 min (tightest)": (crhelper(60), 1),
}


def one(policy, streams, sync_seconds, chance):
    """Return the bill of one sync, in a stack of so many streams."""
    time = VirtualTime()
    account = Account(time, streams)
    bill = Bill(began=time.now + chance.random())
    time.spawn(bill.began - time.now, policy, account, bill, Stream(account, bill, sync_seconds), chance)
    time.run()
    return bill


def measure(names, samples):
    """Return the bills of each policy and duration."""
    bills = {}
    for name in names:
        policy, streams = POLICIES[name]
        chance = random.Random(1)
        for seconds in SYNCS:
            bills[name, seconds] = [
                one(policy, streams, seconds * chance.uniform(0.95, 1.05), chance) for _ in range(samples)
            ]
    return bills


def cost(bills):
    """Return the mean cost, in micro-USD."""
    return mean(bill.micro_usd for bill in bills)


def delay(bills):
    """Return the mean delay, in seconds."""
    return mean(bill.delay for bill in bills)


def _delays(bills):
    return f"{delay(bills):.1f} / {max(bill.delay for bill in bills):.1f}"


def print_tables(bills):
    """Print each figure of each policy."""

    def table(title, figure):
        rows = [[name, *(figure(bills[name, seconds]) for seconds in SYNCS)] for name in POLICIES]
        print_table(title, ["", *(f"T = {seconds} s" for seconds in SYNCS)], rows)

    table("Micro-USD for a sync that takes T", lambda bills: f"{cost(bills):,.0f}")
    table("Delay after IN_SYNC, seconds, mean / worst", _delays)
    table("State transitions", lambda bills: f"{mean(bill.transitions for bill in bills):.1f}")
    table("Lambda invocations", lambda bills: f"{mean(bill.invocations for bill in bills):.1f}")
    table("Lambda GB-seconds", lambda bills: f"{mean(bill.gigabyte_seconds for bill in bills):.2f}")
    table("Polls", lambda bills: f"{mean(bill.polls for bill in bills):.1f}")


def print_targets(bills, before):
    """Print each target as reached or MISSED."""
    rows = []
    for seconds in SYNCS:
        mine, peer, was = bills[OURS, seconds], bills[PEER, seconds], before.get(str(seconds), (None, None))
        usd, wait = (f"{figure(peer):,.1f}" for figure in (cost, delay))
        rows.append(verdict(f"T = {seconds} s, micro-USD", cost(mine), MOST_MICRO_USD[seconds], usd, was[0]))
        rows.append(verdict(f"T = {seconds} s, mean delay, s", delay(mine), MOST_DELAY[seconds], wait, was[1]))
    print_table("Targets of waiting", VERDICT_HEADER, rows)


def plot(folder, bills):
    """Draw cost and delay by the time that a sync takes, as waiting-cost.svg and waiting-delay.svg."""
    for name, figure, title, unit in (
        ("cost", cost, "Cost of one sync that takes T", "micro-USD"),
        ("delay", delay, "Delay of the response after IN_SYNC, for a sync that takes T", "seconds, mean"),
    ):
        lines = [Line(policy, [(seconds, figure(bills[policy, seconds])) for seconds in SYNCS]) for policy in POLICIES]
        axes = Axes("T in seconds", unit, log_x=True, log_y=True)
        (folder / f"waiting-{name}.svg").write_text(drawing(title, axes, lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="write plots of cost and delay there")
    parser.add_argument("--json", action="store_true", help="only our costs and delays, for a comparison of builds")
    arguments = parser.parse_args()
    threading.stack_size(256 * 1024)
    if arguments.json:
        bills = measure([OURS], arguments.samples)
        print(json.dumps({seconds: [cost(bills[OURS, seconds]), delay(bills[OURS, seconds])] for seconds in SYNCS}))
        return
    bills = measure(POLICIES, arguments.samples)
    print_tables(bills)
    if arguments.plot:
        plot(arguments.plot, bills)
    print_targets(bills, figures_before(__file__, "--samples", str(arguments.samples)))


if __name__ == "__main__":
    main()
