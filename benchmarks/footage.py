"""Duration of a fleet's analysis: sites that share schedules, as fleets do, and streams that share nothing.

    python benchmarks/footage.py [--streams 1000] [--rounds 3]

One process on one core; the best of the rounds, by the clock and in processor time. Each stream has a recorder, an
uploader, a retention, a local size, a camera of known bit rate and a hub of 16 streams with a known uplink, so that
every rule has work to do. In the last fleet each stream has schedules and settings of its own, and most lose footage,
which is what takes longest.
"""

import argparse
import random
import time
from datetime import UTC, datetime

from kvs_edge_preflight.footage import Hub, PlannedStream, analyse
from kvs_edge_preflight.footage.simulation import simulate

_START = datetime(2026, 1, 5, tzinfo=UTC)
_ZONES = ("Europe/Berlin", "America/Los_Angeles", "UTC")
_STREAMS_A_HUB = 16
_DAYS = ("MON-FRI", "*", "SAT,SUN", "MON-SAT", "MON,WED,FRI")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    for title, kinds in (("10 pairs of schedules", 10), ("100 pairs of schedules", 100), ("no two alike", None)):
        streams, hubs = _fleet(arguments.streams, kinds)
        rounds = [_timed(streams, hubs) for _ in range(arguments.rounds)]
        clock, processor = (min(one) for one in zip(*rounds, strict=True))
        print(f"{arguments.streams} streams, {title}: {clock:.2f} s ({processor:.2f} s of processor time)")


def _timed(streams: list[PlannedStream], hubs: list[Hub]) -> tuple[float, float]:
    simulate.cache_clear()
    clock, processor = time.perf_counter(), time.process_time()
    analyse(streams, start=_START, hubs=hubs)
    return time.perf_counter() - clock, time.process_time() - processor


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
