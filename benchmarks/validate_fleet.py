"""Duration of `kvs-edge validate` for a fleet, with files, schedules and footage.

    python benchmarks/validate_fleet.py [--streams 10000] [--schedules 100] [--one-file] [--jobs N]

The command itself, in a process of its own, on files as people would write them: a hub of 16 streams a file (or all of
them in one), each stream with a recorder, an uploader, a retention, a local size and a camera of known bit rate.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_STREAM = """\
  - StreamName: stream-{place}
    camera_bit_rate: {bits}
    EdgeConfig:
      HubDeviceArn: arn:aws:iot:eu-west-1:123456789012:thing/hub-{hub}
      RecorderConfig:
        MediaSourceConfig:
          MediaUriSecretArn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:camera-{place}-aBcDeF
          MediaUriType: RTSP_URI
        ScheduleConfig:
          ScheduleExpression: {recorder}
          DurationInSeconds: 3599
      UploaderConfig:
        ScheduleConfig:
          ScheduleExpression: {uploader}
          DurationInSeconds: 3599
      DeletionConfig:
        EdgeRetentionInHours: {hours}
        LocalSizeConfig:
          MaxLocalMediaSizeInMB: {size}
          StrategyOnFullSize: DELETE_OLDEST_MEDIA
        DeleteAfterUpload: true
"""
_A_HUB = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--schedules", type=int, default=100, help="how many different pairs of schedules")
    parser.add_argument("--one-file", action="store_true")
    parser.add_argument("--jobs", type=int)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        files = _write(Path(directory), arguments.streams, arguments.schedules, one_file=arguments.one_file)
        jobs = ["--jobs", str(arguments.jobs)] if arguments.jobs else []
        before = time.perf_counter()
        command = [sys.executable, "-m", "kvs_edge_gitops", "validate", "--start", "2026-01-05T00:00:00Z", *jobs]
        done = subprocess.run([*command, directory], capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - before
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(done.stderr or done.stdout.splitlines()[-1])
    print(
        f"{arguments.streams} streams, {arguments.schedules} pairs of schedules, {files} files: {seconds:.1f} s,"
        f" {used.ru_utime:.1f} s of processor time, {used.ru_maxrss / 1024:.0f} MiB at most in a process"
    )


def _write(directory: Path, streams: int, schedules: int, *, one_file: bool) -> int:
    chance = random.Random(1)
    pairs = [(_schedule(chance, 12), _schedule(chance, 4)) for _ in range(schedules)]
    texts = [
        _STREAM.format(
            place=place,
            hub=place // _A_HUB,
            bits=chance.choice((1, 2, 4)) * 1_000_000,
            recorder=pairs[place // (_A_HUB // 2) % schedules][0],
            uploader=pairs[place // (_A_HUB // 2) % schedules][1],
            hours=chance.choice((24, 48, 72, 168, 720)),
            size=chance.choice((4_000, 32_000, 128_000)),
        )
        for place in range(streams)
    ]
    a_file = streams if one_file else _A_HUB
    for first in range(0, streams, a_file):
        body = "".join(texts[first : first + a_file])
        (directory / f"site-{first:06}.yaml").write_text(f"time_zone: Europe/Berlin\nstreams:\n{body}")
    return -(-streams // a_file)


def _schedule(chance: random.Random, hours: int) -> str:
    first = chance.randrange(24 - hours)
    return f"0 {chance.randrange(60)} {first}-{first + chance.randrange(hours)} ? * {chance.choice(('MON-FRI', '*'))} *"


if __name__ == "__main__":
    main()
