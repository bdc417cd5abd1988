"""Compare validations and next fire times per second with the real Quartz, croniter and cronsim, in one run.

    python benchmarks/schedule.py [--expressions 5000] [--rounds 5]

Every expression of a round is another one, so that no cache of expressions helps; every figure is the best of the
rounds, on one core. Quartz runs in a JVM that has warmed up over the first rounds (Debian's openjdk-17-jdk-headless
and libquartz2-java); croniter and cronsim get the same schedules in their own dialect, where they have it.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from croniter import croniter
from cronsim import CronSim

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "oracle"))

from corpus import generated

from kvs_edge_schedules import CronExpression, fire_seconds, judge, next_fire, next_fire_seconds, parse
from oracle import Oracle

_YEAR = 2026
_ZONE = "Europe/Berlin"
_AFTER = datetime(2026, 3, 20, 12, 34, 56, tzinfo=UTC)
_FIRES = 10
_WARM_UP = 15
_QUARTZ = "Quartz 2.3.2, warm JVM"
_TARGETS = {"kvs_edge_schedules, seconds": 1.0, "kvs_edge_schedules, datetimes": 0.75}
"""Least rate of a single next fire time, as a ratio to Quartz's."""
_WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--expressions", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    everyday = _everyday(arguments.expressions)
    _compare("schedules as people write them", everyday, arguments.rounds, everyday=True)
    odd = [text for text in islice(generated(1), 3 * arguments.expressions) if judge(text, this_year=_YEAR).valid]
    _compare("generated ones: steps, lists, L, W and #", odd[: arguments.expressions], arguments.rounds, everyday=False)


def _everyday(number: int) -> list[str]:
    """Distinct expressions that all four can read: no L, W, # or year, and weekdays by name."""
    chance, texts = random.Random(1), dict[str, None]()
    while len(texts) < number:
        first, last = sorted(chance.sample(range(24), 2))
        minutes = chance.choice(
            [str(chance.randrange(60)), f"0/{chance.choice((5, 10, 15, 20, 30))}", "0,30", "5,20,35"]
        )
        days = chance.choice(["MON-FRI", "*", "SAT,SUN", ",".join(sorted(chance.sample(_WEEKDAYS, 3)))])
        texts[f"{chance.randrange(60)} {minutes} {first}-{last} ? {chance.choice(('*', '*', '3-10'))} {days}"] = None
    return list(texts)


def _compare(title: str, texts: Sequence[str], rounds: int, *, everyday: bool) -> None:
    oracle, zone, after = Oracle(), ZoneInfo(_ZONE), int(_AFTER.timestamp())
    parsed = [parse(text, this_year=_YEAR) for text in texts]
    quartz = oracle.speed("validate", rounds + _WARM_UP, texts=texts)
    quartz_fires = oracle.speed("fires", rounds + _WARM_UP, _ZONE, after, texts=texts)
    print(f"{title}: {len(texts)} distinct expressions, best of {rounds} rounds")
    validations = {_QUARTZ: quartz, "kvs_edge_schedules": _rate(judge_all, texts, len(texts), rounds)}
    fires = {
        _QUARTZ: quartz_fires,
        "kvs_edge_schedules, seconds": _rate(
            lambda each: next_fires_in_seconds(each, after, zone), parsed, len(texts) * _FIRES, rounds
        ),
        "kvs_edge_schedules, datetimes": _rate(
            lambda each: next_fires(each, zone), parsed, len(texts) * _FIRES, rounds
        ),
        "kvs_edge_schedules, in a row": _rate(
            lambda each: fires_in_a_row(each, after, zone), parsed, len(texts) * _FIRES, rounds
        ),
    }
    if everyday:
        start = _AFTER.astimezone(zone)
        plain = [text.replace("?", "*").replace("0/", "*/") for text in texts]
        validations["croniter"] = _rate(croniter_validations, plain, len(texts), rounds)
        validations["cronsim"] = _rate(lambda each: cronsim_validations(each, start), plain, len(texts), rounds)
        few = plain[: max(1, len(plain) // 10)]
        fires["croniter"] = _rate(lambda each: croniter_fires(each, start), few, len(few) * _FIRES, rounds)
        fires["cronsim"] = _rate(lambda each: cronsim_fires(each, start), few, len(few) * _FIRES, rounds)
    _print("validations a second", validations)
    _print("next fire times a second", fires)
    if everyday:
        _print_targets(fires)


def _print_targets(fires: dict[str, float]) -> None:
    for name, target in _TARGETS.items():
        ratio = fires[name] / fires[_QUARTZ]
        print(f"    {name}: {ratio:.2f} of at least {target}: {'reached' if ratio >= target else 'MISSED'}")


def _rate(work: Callable[[Sequence], None], inputs: Sequence, operations: int, rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work(inputs)
        seconds.append(time.perf_counter() - start)
    return operations / min(seconds)


def judge_all(texts: Iterable[str]) -> None:
    for text in texts:
        judge(text, this_year=_YEAR)


def next_fires(expressions: Iterable[CronExpression], zone: ZoneInfo) -> None:
    for expression in expressions:
        fire: datetime | None = _AFTER
        for _ in range(_FIRES):
            if fire is not None:
                fire = next_fire(expression, fire, zone)


def next_fires_in_seconds(expressions: Iterable[CronExpression], after: int, zone: ZoneInfo) -> None:
    for expression in expressions:
        fire: int | None = after
        for _ in range(_FIRES):
            if fire is not None:
                fire = next_fire_seconds(expression, fire, zone)


def fires_in_a_row(expressions: Iterable[CronExpression], after: int, zone: ZoneInfo) -> None:
    for expression in expressions:
        list(islice(fire_seconds(expression, after, zone), _FIRES))


def croniter_validations(texts: Iterable[str]) -> None:
    for text in texts:
        croniter.is_valid(text, second_at_beginning=True)


def cronsim_validations(texts: Iterable[str], start: datetime) -> None:
    for text in texts:
        CronSim(text, start)


def croniter_fires(texts: Iterable[str], start: datetime) -> None:
    for text in texts:
        fires = croniter(text, start, second_at_beginning=True)
        for _ in range(_FIRES):
            fires.get_next()


def cronsim_fires(texts: Iterable[str], start: datetime) -> None:
    for text in texts:
        list(islice(CronSim(text, start), _FIRES))


def _print(what: str, rates: dict[str, float]) -> None:
    quartz = next(iter(rates.values()))
    print(f"  {what}")
    for name, rate in rates.items():
        print(f"    {name:30} {rate:12,.0f}   {rate / quartz:6.2f} x Quartz")


if __name__ == "__main__":
    main()
