#!/usr/bin/env bash
# aws-cron-parser describes a schedule with L, W or # as if it ran every day, and leaves out years.
#
# Expected: the description of an expression that the library parses, and whose dates it finds, names those dates.
#
# Happens: for the last day of the month, the working day nearest to the 15th, the third and the last Friday,
# getScheduleDescription returns " at 9:00 AM": the days are missing without a remark. The year of "FRI 2027" is missing
# too. next() finds the right dates.
#
# With aws-cron-parser@1.1.12 (npm).
#
# Output seen, with the first date in 2026 or later:
#   0 9 L * ? *       2026-01-31  " at 9:00 AM"
#   0 9 15W * ? *     2026-01-15  " at 9:00 AM"
#   0 9 ? * 6#3 *     2026-01-16  " at 9:00 AM"
#   0 9 ? * 6L *      2026-01-30  " at 9:00 AM"
#   0 9 ? * FRI 2027  2027-01-01  "every Friday at 9:00 AM"
#
# Needs Node.js 20 or newer with npm. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --no-update-notifier --prefix "$folder" aws-cron-parser@1.1.12
cd "$folder"
cat > describe.cjs <<'JAVASCRIPT'
const assert = require("node:assert");
const { getScheduleDescription, next, parse } = require("aws-cron-parser");
const expected = {
  "0 9 L * ? *": ["2026-01-31", " at 9:00 AM"],
  "0 9 15W * ? *": ["2026-01-15", " at 9:00 AM"],
  "0 9 ? * 6#3 *": ["2026-01-16", " at 9:00 AM"],
  "0 9 ? * 6L *": ["2026-01-30", " at 9:00 AM"],
  "0 9 ? * FRI 2027": ["2027-01-01", "every Friday at 9:00 AM"],
};
for (const [expression, [date, description]] of Object.entries(expected)) {
  const cron = parse(expression);
  const seen = [next(cron, new Date("2026-01-01T12:00:00Z")).toISOString().slice(0, 10), getScheduleDescription(cron)];
  console.log(`${expression.padEnd(16)}  ${seen[0]}  ${JSON.stringify(seen[1])}`);
  assert.deepStrictEqual(seen, [date, description]);
}
JAVASCRIPT
node describe.cjs
