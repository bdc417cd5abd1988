#!/usr/bin/env bash
# moto's CloudWatch alarms start as OK and stay so, and its statistics add up metrics of other dimensions.
#
# Expected, as CloudWatch documents it: a new alarm is INSUFFICIENT_DATA; it is ALARM once the metric is above its
# threshold [PutMetricAlarm, Amazon CloudWatch API reference]; and each unique combination of dimensions is a metric of
# its own, so that statistics of Monitor=site have nothing of Monitor=site,Hub=hub-1 [CloudWatch concepts: dimensions].
#
# Happens: the state is OK at once, still OK after data above the threshold, and the sum for Monitor=site alone includes
# the data that were put with a second dimension. A test of an alarm, or of a dashboard's metric, passes without testing
# anything.
#
# With moto[cloudwatch]==5.2.5, boto3==1.44.5.
#
# Output seen:
#   a new alarm: OK
#   after data above its threshold: OK
#   sum for Monitor=site, of data with Monitor=site and Hub=hub-1: 5.0
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'moto[cloudwatch]==5.2.5' boto3==1.44.5
cd "$folder"
AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test "$folder/venv/bin/python" - <<'PYTHON'
from datetime import UTC, datetime, timedelta

import boto3
from moto import mock_aws

ALARM = {
    "AlarmName": "unhealthy",
    "Namespace": "Site",
    "MetricName": "UnhealthyStreams",
    "Dimensions": [{"Name": "Monitor", "Value": "site"}, {"Name": "Hub", "Value": "hub-1"}],
    "Statistic": "Maximum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}

with mock_aws():
    client = boto3.client("cloudwatch", region_name="eu-west-1")

    def state():
        return client.describe_alarms(AlarmNames=["unhealthy"])["MetricAlarms"][0]["StateValue"]

    client.put_metric_alarm(**ALARM)
    new = state()
    print(f"a new alarm: {new}")
    now = datetime.now(UTC)
    datum = {"MetricName": "UnhealthyStreams", "Dimensions": ALARM["Dimensions"], "Timestamp": now, "Value": 5.0}
    client.put_metric_data(Namespace="Site", MetricData=[datum])
    after = state()
    print(f"after data above its threshold: {after}")
    statistics = client.get_metric_statistics(
        Namespace="Site",
        MetricName="UnhealthyStreams",
        Dimensions=ALARM["Dimensions"][:1],
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=5),
        Period=600,
        Statistics=["Sum"],
    )["Datapoints"]
    total = sum(point["Sum"] for point in statistics)
    print(f"sum for Monitor=site, of data with Monitor=site and Hub=hub-1: {total}")
    assert (new, after, total) == ("OK", "OK", 5.0)
PYTHON
