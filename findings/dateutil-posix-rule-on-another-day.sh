#!/usr/bin/env bash
# dateutil reads the POSIX rules of Beirut, Jerusalem and Gaza without an error, and changes their clocks on another day.
#
# Expected: dateutil.tz.tzstr reads rules "as used in POSIX TZ variables", which is also the format of an ONVIF camera's
# time zone and of TZ on a hub. The rule at the end of a zone's file in the tz database gives the same offsets as the zone
# itself, and as the C library.
#
# Happens: M3.4.4/26 is 26 hours after the start of the fourth Thursday of March; dateutil makes that 2 hours, and a day
# early. M10.5.0/0 is 0:00 daylight saving time of the last Sunday of October, 23:00 standard time of the day before;
# dateutil searches for the last Sunday before 31 October, 23:00, and so is a day late, and six days early in years in
# which the 31st is a Sunday. Dublin's rule, with a negative daylight saving time, is an hour late in October. Rules with
# names like <-03>, nearly half of the tz database's, are refused (ValueError). The same zones by name are right.
#
# With python-dateutil==2.9.0.post0, tzdata==2026.6; glibc 2.36 (Debian 12).
#
# Output seen (changes of the clock in UTC):
#   Asia/Beirut EET-2EEST,M3.5.0/0,M10.5.0/0 in 2027
#     tz database  27 Mar 22:00, 30 Oct 21:00
#     C library    27 Mar 22:00, 30 Oct 21:00
#     dateutil     27 Mar 22:00, 24 Oct 21:00
#   Asia/Beirut EET-2EEST,M3.5.0/0,M10.5.0/0 in 2030
#     tz database  30 Mar 22:00, 26 Oct 21:00
#     C library    30 Mar 22:00, 26 Oct 21:00
#     dateutil     30 Mar 22:00, 27 Oct 21:00
#   Asia/Jerusalem IST-2IDT,M3.4.4/26,M10.5.0 in 2030
#     tz database  29 Mar 00:00, 26 Oct 23:00
#     C library    29 Mar 00:00, 26 Oct 23:00
#     dateutil     28 Mar 00:00, 26 Oct 23:00
#   Asia/Gaza EET-2EEST,M3.4.4/50,M10.4.4/50 in 2030
#     tz database  30 Mar 00:00, 25 Oct 23:00
#     C library    30 Mar 00:00, 25 Oct 23:00
#     dateutil     28 Mar 00:00, 23 Oct 23:00
#   Etc/GMT+3 <-03>3: unknown string format
#   of 94 rules: 44 refused, 4 read otherwise (Asia/Beirut, Asia/Hebron, Europe/Dublin, Israel)
#
# Needs Linux with Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-dateutil==2.9.0.post0 tzdata==2026.6
cd "$folder"
# The zones of the package tzdata, not those of this machine.
PYTHONTZPATH="" "$folder/venv/bin/python" - <<'PYTHON'
import os
import time
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from dateutil import tz


def rule_of(zone):
    """Return the POSIX rule at the end of a zone's file, which applies to the years after its table."""
    return files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes().rsplit(b"\n", 2)[-2].decode()


def changes(year, offset):
    """Return the changes of the offset in a year, by which the function of a moment gives the offset in seconds."""
    moments = [datetime(year, 1, 1, tzinfo=timezone.utc) + timedelta(hours=hour) for hour in range(365 * 24)]
    offsets = [offset(moment) for moment in moments]
    both = zip(moments[1:], offsets, offsets[1:])
    return ", ".join(f"{moment:%d %b %H:%M}" for moment, before, after in both if before != after)


def of_zone(zone):
    """Return the function of the offset of a tzinfo."""
    return lambda moment: moment.astimezone(zone).utcoffset().total_seconds()


def by_the_c_library(moment):
    """Return the offset that the C library gives a moment with TZ of this process."""
    return time.localtime(moment.timestamp()).tm_gmtoff


seen = []
for zone, year in (("Asia/Beirut", 2027), ("Asia/Beirut", 2030), ("Asia/Jerusalem", 2030), ("Asia/Gaza", 2030)):
    os.environ["TZ"] = rule_of(zone)
    time.tzset()
    readings = [of_zone(ZoneInfo(zone)), by_the_c_library, of_zone(tz.tzstr(rule_of(zone), posix_offset=True))]
    found = [changes(year, offset) for offset in readings]
    print(f"{zone} {rule_of(zone)} in {year}")
    for name, times in zip(("tz database", "C library", "dateutil"), found):
        print(f"  {name:<12} {times}")
    assert found[0] == found[1]
    seen.append(found[2])

refused, differing = [], []
rules = {rule_of(zone): zone for zone in sorted(available_timezones())}
for rule, zone in sorted(rules.items(), key=lambda item: item[1]):
    try:
        read = tz.tzstr(rule, posix_offset=True)
    except ValueError as error:
        refused.append(f"{zone} {rule}: {error}")
    else:
        if changes(2030, of_zone(read)) != changes(2030, of_zone(ZoneInfo(zone))):
            differing.append(zone)
print(next(line for line in refused if "<-03>3:" in line))
print(f"of {len(rules)} rules: {len(refused)} refused, {len(differing)} read otherwise ({', '.join(differing)})")
assert seen == [
    "27 Mar 22:00, 24 Oct 21:00",
    "30 Mar 22:00, 27 Oct 21:00",
    "28 Mar 00:00, 26 Oct 23:00",
    "28 Mar 00:00, 23 Oct 23:00",
]
assert (len(rules), len(refused)) == (94, 44)
assert differing == ["Asia/Beirut", "Asia/Hebron", "Europe/Dublin", "Israel"]
PYTHON
