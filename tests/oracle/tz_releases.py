"""Print in which zones releases of tzdata differ, as the table of docs/schedules.md.

    python tests/oracle/tz_releases.py 2025.1 2026.3 --from 2026-12-01 --to 2029-01-01

The releases are versions of the package tzdata; 2025.2 is IANA's 2025b. Each is installed in a temporary folder.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_STEP = timedelta(hours=1)


def main() -> int:
    """Write one row for each set of zones that differ in the same hours."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("releases", nargs=2)
    parser.add_argument("--from", dest="start", type=datetime.fromisoformat, default="2026-12-01")
    parser.add_argument("--to", dest="end", type=datetime.fromisoformat, default="2029-01-01")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        old, new = (_installed(Path(folder, release), release) for release in arguments.releases)
        start, end = (instant.replace(tzinfo=UTC) for instant in (arguments.start, arguments.end))
        rows: dict[str, list[str]] = defaultdict(list)
        zones = sorted(set((old / "zones").read_text().split()) & set((new / "zones").read_text().split()))
        for name in zones:
            if spans := _differences(_zone(old, name), _zone(new, name), start, end):
                rows["; ".join(spans)].append(name)
    lines = [f"| zones | {arguments.releases[0]} against {arguments.releases[1]} |", "|---|---|"]
    lines.extend(f"| {', '.join(names)} | {spans} |" for spans, names in rows.items())
    sys.stdout.writelines(f"{line}\n" for line in [*lines, f"{len(zones)} zones compared"])
    return 0


def _installed(folder: Path, release: str) -> Path:
    command = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), f"tzdata=={release}"]
    subprocess.run([sys.executable, *command], check=True)
    return folder / "tzdata"


def _zone(package: Path, name: str) -> ZoneInfo:
    with (package / "zoneinfo" / name).open("rb") as file:
        return ZoneInfo.from_file(file, name)


def _differences(old: ZoneInfo, new: ZoneInfo, start: datetime, end: datetime) -> list[str]:
    """Return the spans in which the offsets differ, each with the difference in minutes."""
    spans: list[tuple[datetime, datetime, timedelta]] = []
    at = start
    while at < end:
        by = _offset(new, at) - _offset(old, at)
        if by and spans and spans[-1][1] == at and spans[-1][2] == by:
            spans[-1] = spans[-1][0], at + _STEP, by
        elif by:
            spans.append((at, at + _STEP, by))
        at += _STEP
    return [f"{first:%Y-%m-%d} to {last:%Y-%m-%d}: {by.total_seconds() / 60:+.0f} min" for first, last, by in spans]


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


if __name__ == "__main__":
    sys.exit(main())
