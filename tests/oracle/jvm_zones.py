"""Print what a JVM makes of TZ, as the table of docs/schedules.md: python tests/oracle/jvm_zones.py.

Needs Debian's openjdk-17-jdk-headless, or another JDK 11 or newer as `java`.
"""

import os
import subprocess
import sys
from pathlib import Path

_SOURCE = Path(__file__).with_name("Zone.java")
SETTINGS = (
    "Europe/Berlin",
    ":Europe/Berlin",
    "/usr/share/zoneinfo/Europe/Berlin",
    "posix/Europe/Berlin",
    "right/Europe/Berlin",
    "localtime",
    "CET",
    "CET-1CEST",
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "EST5EDT",
    "EST5EDT,M3.2.0,M11.1.0",
    "PST8PDT",
    "GMT+1",
    "UTC+1",
    "UTC-1",
    "Etc/GMT-1",
    "UTC",
    "Nowhere/Town",
)


def main() -> int:
    """Write the table."""
    lines = ["| `TZ` | the JVM's zone | offset in January and July 2027 |", "|---|---|---|"]
    for setting in SETTINGS:
        zone, *offsets = _default_zone(setting)
        winter, summer = map(_offset, offsets)
        lines.append(f"| `{setting}` | `{zone}` | {winter}, {summer} |")
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _default_zone(setting: str) -> list[str]:
    done = subprocess.run(
        ["java", str(_SOURCE)], env={**os.environ, "TZ": setting}, capture_output=True, text=True, check=True
    )
    return done.stdout.split("\t")


def _offset(seconds: str) -> str:
    minutes = int(seconds) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


if __name__ == "__main__":
    sys.exit(main())
