#!/usr/bin/env bash
# Three cron libraries give three answers for 2:30 in the nights in which the clock changes, and none is Quartz's.
#
# Expected: the libraries agree on "30 2 * * *" in a time zone. Quartz 2.3.2 skips 2:30 in the night in which the clock
# moves from 2:00 to 3:00, and fires once in the night in which it shows 2:30 twice, the second time.
#
# Happens: on 29 March 2026 in Europe/Berlin, croniter and cronsim run at 3:00, and APScheduler names 2:30+01:00, which
# that clock does not show (it is 3:30+02:00). On 25 October, cronsim runs once, the first time; croniter and APScheduler
# run twice.
#
# With croniter==7.0.0, cronsim==2.8, APScheduler==3.11.3, tzdata==2026.6.
#
# Output seen:
#   croniter     March    2026-03-29T03:00:00+02:00
#   croniter     October  2026-10-25T02:30:00+02:00 2026-10-25T02:30:00+01:00
#   cronsim      March    2026-03-29T03:00:00+02:00
#   cronsim      October  2026-10-25T02:30:00+02:00
#   APScheduler  March    2026-03-29T02:30:00+01:00
#   APScheduler  October  2026-10-25T02:30:00+02:00 2026-10-25T02:30:00+01:00
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  croniter==7.0.0 cronsim==2.8 APScheduler==3.11.3 tzdata==2026.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from croniter import croniter
from cronsim import CronSim

EXPRESSION, ZONE = "30 2 * * *", ZoneInfo("Europe/Berlin")


def by_apscheduler(start):
    """Yield the fire times of APScheduler's trigger."""
    trigger, previous = CronTrigger.from_crontab(EXPRESSION, timezone=ZONE), None
    while True:
        previous = trigger.get_next_fire_time(previous, previous or start)
        yield previous


LIBRARIES = {
    "croniter": lambda start: croniter(EXPRESSION, start, ret_type=datetime),
    "cronsim": lambda start: CronSim(EXPRESSION, start),
    "APScheduler": by_apscheduler,
}
NIGHTS = {"March": datetime(2026, 3, 28, 12, tzinfo=ZONE), "October": datetime(2026, 10, 24, 12, tzinfo=ZONE)}
seen = {}
for library, fires in LIBRARIES.items():
    for month, noon_before in NIGHTS.items():
        night = (noon_before + timedelta(days=1)).date()
        of_night = [fire.isoformat() for fire in islice(fires(noon_before), 3) if fire.date() == night]
        seen[library, month] = of_night
        print(f"{library:<12} {month:<8} {' '.join(of_night)}")
first, second = "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"
assert seen == {
    ("croniter", "March"): ["2026-03-29T03:00:00+02:00"],
    ("croniter", "October"): [first, second],
    ("cronsim", "March"): ["2026-03-29T03:00:00+02:00"],
    ("cronsim", "October"): [first],
    ("APScheduler", "March"): ["2026-03-29T02:30:00+01:00"],
    ("APScheduler", "October"): [first, second],
}
PYTHON
