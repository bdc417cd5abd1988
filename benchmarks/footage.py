"""Processor time of a fleet's analysis: sites that share schedules, as fleets do, and streams that share nothing.

    python benchmarks/footage.py [--streams 1000] [--rounds 3] [--before COMMIT]

Each measurement is a process of its own on one core, by turns with the sources of the commit before the change and with
those of the working tree; the best of the rounds counts. Each stream has a recorder, an uploader, a retention, a local
size, a camera of known bit rate and a hub of 16 streams with a known uplink, so that every rule has work to do. In the
first fleet each stream has schedules and settings of its own, and most lose footage, which is what takes longest.

The targets are for 1,000 streams that share nothing, and 10,000 that share schedules; other numbers have their part.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime

from revisions import source_roots
from tables import print_table

from kvs_edge_preflight.footage import Hub, PlannedStream, analyse

_BEFORE = "bda0a33"
"""The last commit that simulated each week of the year for each stream."""
_SHARED_PAIRS = 100
_TARGET_SHARED, _TARGET_ALONE = 1.5, 3.0
"""Milliseconds of processor time for each stream."""
_SHARED_FOR_EACH_ALONE = 10
_START = datetime(2026, 1, 5, tzinfo=UTC)
_ZONES = ("Europe/Berlin", "America/Los_Angeles", "UTC")
_STREAMS_A_HUB = 16
_DAYS = ("MON-FRI", "*", "SAT,SUN", "MON-SAT", "MON,WED,FRI")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=1000, help="of the fleet in which no two are alike")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--before", default=_BEFORE, metavar="COMMIT", help="the build to compare with")
    parser.add_argument("--measure", nargs=2, type=int, metavar=("STREAMS", "PAIRS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(_measure(*arguments.measure))
        return
    shared = arguments.streams * _SHARED_FOR_EACH_ALONE
    fleets = [
        (f"{arguments.streams:,} streams, no two alike", arguments.streams, 0),
        (f"{shared:,} streams, {_SHARED_PAIRS} pairs of schedules", shared, _SHARED_PAIRS),
    ]
    with source_roots(arguments.before, "preflight", "schedules", "lambda_handler") as before:
        rows = [_row(title, number, pairs, before, arguments.rounds) for title, number, pairs in fleets]
    print_table(
        f"Processor time of the footage analysis in seconds, before: {arguments.before}",
        ["fleet", "before", "ours", "ratio", "target", ""],
        rows,
    )


def _row(title: str, number: int, pairs: int, before: dict[str, str], rounds: int) -> list[str]:
    environments = before, dict(os.environ)
    measured = [[_in_a_process(number, pairs, environment) for environment in environments] for _ in range(rounds)]
    then, now = (min(seconds) for seconds in zip(*measured, strict=True))
    target = number * (_TARGET_SHARED if pairs else _TARGET_ALONE) / 1000
    verdict = "reached" if now <= target else "MISSED"
    return [title, f"{then:.2f}", f"{now:.2f}", f"{then / now:.1f}", f"<= {target:.2f}", verdict]


def _in_a_process(number: int, pairs: int, environment: dict[str, str]) -> float:
    command = [sys.executable, __file__, "--measure", str(number), str(pairs)]
    return float(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)


def _measure(number: int, pairs: int) -> float:
    streams, hubs = _fleet(number, pairs or None)
    before = time.process_time()
    analyse(streams, start=_START, hubs=hubs)
    return time.process_time() - before


def _fleet(number: int, kinds: int | None) -> tuple[list[PlannedStream], list[Hub]]:
    chance = random.Random(1)
    pairs = [(_schedule(chance, 4, 12), _schedule(chance, 1, 4)) for _ in range(kinds or number)]
    hubs = [
        Hub(
            arn=f"arn:aws:iot:eu-west-1:123456789012:thing/hub-{place}",
            time_zone=chance.choice(_ZONES),
            uplink_bit_rate=chance.choice((50_000_000, 100_000_000)),
        )
        for place in range(-(-number // _STREAMS_A_HUB))
    ]
    streams = []
    for place in range(number):
        # Half of a site's cameras are inside, half outside: two kinds of schedules, cameras and settings.
        group = place if kinds is None else place // (_STREAMS_A_HUB // 2)
        of_group = random.Random(group)
        streams.append(_stream(place, hubs[place // _STREAMS_A_HUB], pairs[group % len(pairs)], of_group))
    return streams, hubs


def _schedule(chance: random.Random, least: int, most: int) -> dict[str, object]:
    first = chance.randrange(12)
    last = first + chance.randrange(least, most) - 1
    minute, days = chance.randrange(60), chance.choice(_DAYS)
    return {"ScheduleExpression": f"0 {minute} {first}-{last} ? * {days} *", "DurationInSeconds": 3599}


def _stream(place: int, hub: Hub, pair: tuple[dict[str, object], dict[str, object]], chance: random.Random):
    recorder, uploader = pair
    source = {
        "MediaUriSecretArn": f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:camera-{place}-aBcDeF",
        "MediaUriType": "RTSP_URI",
    }
    config = {
        "HubDeviceArn": hub.arn,
        "RecorderConfig": {"MediaSourceConfig": source, "ScheduleConfig": recorder},
        "UploaderConfig": {"ScheduleConfig": uploader},
        "DeletionConfig": {
            "EdgeRetentionInHours": chance.choice((24, 48, 72, 168, 720)),
            "LocalSizeConfig": {
                "MaxLocalMediaSizeInMB": chance.choice((4_000, 32_000, 128_000)),
                "StrategyOnFullSize": chance.choice(("DELETE_OLDEST_MEDIA", "DENY_NEW_MEDIA")),
            },
            "DeleteAfterUpload": chance.choice((True, False)),
        },
    }
    return PlannedStream(name=f"stream-{place}", config=config, camera_bit_rate=chance.choice((1, 2, 4)) * 1_000_000)


if __name__ == "__main__":
    main()
