"""A campaign of random lifecycles in virtual time against the real handlers (docs/reliability.md)."""

import argparse
import gc
import sys
import time
from collections.abc import Sequence
from functools import cache
from multiprocessing import get_context

from chaos_campaign.lifecycle import Outcome, run_lifecycle
from chaos_campaign.report import examples, full_trace, minimal_trace, summary
from chaos_campaign.world import Handlers, real_handlers

_COLLECTED_EVERY = 20
"""Lifecycles."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign; return 1 if it found a violation."""
    options = _options(arguments)
    began = time.perf_counter()
    seeds = range(options.seed, options.seed + options.lifecycles)
    outcomes = run_campaign(seeds, options.processes)
    for seed, verdict in examples(outcomes, options.examples):
        print(f"{verdict.kind}, seed {seed}: {verdict.text}")
        print(minimal_trace(run_lifecycle(seed, _handlers(), tracing=True), verdict), end="\n\n")
    if options.trace:
        for seed in seeds:
            print(full_trace(run_lifecycle(seed, _handlers(), tracing=True)))
    print(summary(outcomes, time.perf_counter() - began))
    return int(any(not verdict.unavoidable for outcome in outcomes for verdict in outcome.verdicts))


def run_campaign(seeds: Sequence[int], processes: int = 1) -> list[Outcome]:
    """Return the outcome of each seed, in order."""
    if processes == 1:
        return [_run(seed) for seed in seeds]
    with get_context("spawn").Pool(processes) as pool:
        return pool.map(_run, seeds, chunksize=max(1, min(50, len(seeds) // processes)))


@cache
def _handlers() -> Handlers:
    return real_handlers()


def _run(seed: int) -> Outcome:
    # A lifecycle is one large knot of references: to look for garbage now and then saves a quarter of the time.
    gc.disable()
    outcome = run_lifecycle(seed, _handlers())
    gc.enable()
    if not seed % _COLLECTED_EVERY:
        gc.collect()
    return outcome


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lifecycles", type=int, default=1000, help="how many lifecycles to run (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="the first lifecycle's seed (default: 1)")
    parser.add_argument("--processes", type=int, default=1, help="how many processes share the work (default: 1)")
    parser.add_argument("--examples", type=int, default=2, help="traces shown for each kind of violation (default: 2)")
    parser.add_argument("--trace", action="store_true", help="print the whole timeline of each lifecycle")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
