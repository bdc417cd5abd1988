#!/usr/bin/env bash
# Quartz's L-3W and L: one describer of cron expressions loses the W and refuses L, another refuses L-3W.
#
# Expected: the description of a schedule in Quartz's syntax names the days on which Quartz fires. In day of month, L-3W
# is the weekday nearest to three days before the last day of the month. In day of week, L alone is Saturday.
#
# Happens, with Quartz's numbering of weekdays (day_of_week_start_index_zero=False): cron-descriptor describes L-3W with the
# words of L-3. The two differ in March 2026, where L-3 is Saturday the 28th and L-3W Friday the 27th. It refuses L in day of
# week with a FormatError that has no text. cronstrue refuses L-3W with an error about ranges and lists, although it is
# neither, and describes L.
#
# With cron-descriptor 2.2.1 (PyPI) and cronstrue@3.39.0 (npm).
#
# Output seen:
#   0 0 9 L-3 * ?   cron-descriptor: At 09:00, 3 days before the last day of the month
#   0 0 9 L-3W * ?  cron-descriptor: At 09:00, 3 days before the last day of the month
#   0 0 9 ? * L     cron-descriptor: FormatError ''
#   0 0 9 L-3W * ?  cronstrue: Error: The 'W' character can be specified only when the day-of-month is a single day, not
#                   a range or list of days.
#   0 0 9 ? * L     cronstrue: At 09:00, only on Saturday
#
# Needs Python 3.11 or newer with pip, and Node.js 20 or newer with npm. Exits with 0 while it behaves like this, and with 1
# once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cron-descriptor==2.2.1
npm install --silent --no-audit --no-fund --no-update-notifier --prefix "$folder" cronstrue@3.39.0

"$folder/venv/bin/python" - <<'PYTHON'
from cron_descriptor import Options, get_description

options = Options()
options.day_of_week_start_index_zero = False
options.use_24hour_time_format = True


def described(expression):
    try:
        return get_description(expression, options)
    except Exception as error:
        return f"{type(error).__name__} {str(error)!r}"


of_l = "At 09:00, 3 days before the last day of the month"
expected = {"0 0 9 L-3 * ?": of_l, "0 0 9 L-3W * ?": of_l, "0 0 9 ? * L": "FormatError ''"}
for expression, text in expected.items():
    seen = described(expression)
    print(f"{expression:14}  cron-descriptor: {seen}")
    assert seen == text, seen
PYTHON

cd "$folder"
cat > describe.cjs <<'JAVASCRIPT'
const assert = require("node:assert");
const cronstrue = require("cronstrue");
function described(expression) {
  try {
    return cronstrue.toString(expression, { dayOfWeekStartIndexZero: false, use24HourTimeFormat: true });
  } catch (error) {
    return String(error);
  }
}
const expected = {
  "0 0 9 L-3W * ?":
    "Error: The 'W' character can be specified only when the day-of-month is a single day, not a range or list of days.",
  "0 0 9 ? * L": "At 09:00, only on Saturday",
};
for (const [expression, text] of Object.entries(expected)) {
  const seen = described(expression);
  console.log(`${expression.padEnd(14)}  cronstrue: ${seen}`);
  assert.strictEqual(seen, text);
}
JAVASCRIPT
node describe.cjs
