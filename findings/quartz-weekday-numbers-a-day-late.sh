#!/usr/bin/env bash
# croniter, cron-descriptor and cronstrue take Quartz's syntax, but read its weekday numbers a day late.
#
# Expected: an expression that only Quartz and AWS allow (seconds first, a year, "?", "#") is read with Quartz's weekdays,
# 1 for Sunday to 7 for Saturday: "2-6" is Monday to Friday, and "6#3" the third Friday.
#
# Happens: all three read crontab's weekdays, 0 for Sunday: "2-6" is Tuesday to Saturday, without an error or a remark.
# croniter has no option for it. cron-descriptor and cronstrue have one, with which they agree with Quartz; names of
# weekdays are right everywhere.
#
# With croniter==7.0.0, cron-descriptor==2.2.1 (PyPI), cronstrue@3.39.0 (npm).
#
# Output seen, the first days from Thursday, 1 January 2026:
#   croniter         0 0 9 ? * 2-6 2026  Fri Sat Tue Wed Thu
#   croniter         0 0 9 ? * 6#3 2026  Sat Sat Sat Sat Sat
#   cron-descriptor  0 0 9 ? * 2-6 2026  At 09:00 AM, Tuesday through Saturday, only in 2026
#   cron-descriptor  0 0 9 ? * 6#3 2026  At 09:00 AM, on the third Saturday of the month, only in 2026
#   cronstrue        0 0 9 ? * 2-6 2026  At 09:00 AM, Tuesday through Saturday, only in 2026
#   cronstrue        0 0 9 ? * 6#3 2026  At 09:00 AM, on the third Saturday of the month, only in 2026
#
# Needs Python 3.11 or newer, and Node.js 20 or newer with npm. Exits with 0 while it behaves like this, and with 1 once
# it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check croniter==7.0.0 cron-descriptor==2.2.1
npm install --silent --no-audit --no-fund --no-update-notifier --prefix "$folder" cronstrue@3.39.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime
from itertools import islice

from cron_descriptor import Options, get_description
from croniter import croniter

WEEKDAYS, THIRD = "0 0 9 ? * 2-6 2026", "0 0 9 ? * 6#3 2026"


def days(expression):
    """Return the weekdays of the first five fire times."""
    fires = croniter(expression, datetime(2026, 1, 1, 12), ret_type=datetime, second_at_beginning=True)
    return [f"{fire:%a}" for fire in islice(fires, 5)]


for expression in (WEEKDAYS, THIRD):
    print(f"croniter         {expression}  {' '.join(days(expression))}")
for expression in (WEEKDAYS, THIRD):
    print(f"cron-descriptor  {expression}  {get_description(expression)}")
assert days(WEEKDAYS) == ["Fri", "Sat", "Tue", "Wed", "Thu"]
assert set(days(THIRD)) == {"Sat"}
assert "Tuesday through Saturday" in get_description(WEEKDAYS)
assert "third Saturday" in get_description(THIRD)
options = Options()
options.day_of_week_start_index_zero = False
assert "Monday through Friday" in get_description(WEEKDAYS, options)
PYTHON
cat > describe.cjs <<'JAVASCRIPT'
const assert = require("node:assert");
const { toString: describe } = require("cronstrue");
const weekdays = "0 0 9 ? * 2-6 2026";
const third = "0 0 9 ? * 6#3 2026";
for (const expression of [weekdays, third]) console.log(`cronstrue        ${expression}  ${describe(expression)}`);
assert.match(describe(weekdays), /Tuesday through Saturday/);
assert.match(describe(third), /third Saturday/);
assert.match(describe(weekdays, { dayOfWeekStartIndexZero: false }), /Monday through Friday/);
JAVASCRIPT
node describe.cjs
