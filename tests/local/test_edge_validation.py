"""Requests against the constraints of botocore's model, and schedules that Quartz cannot parse."""

import re

import pytest

from kvs_edge_local.edge.errors import EdgeServiceError
from kvs_edge_local.edge.schedules import fault
from kvs_edge_local.edge.validation import validate

START = "StartEdgeConfigurationUpdate"


def request():
    schedule = {"ScheduleExpression": "0 0 9 * * ? *", "DurationInSeconds": 3600}
    return {
        "StreamName": "cam-1",
        "EdgeConfig": {
            "HubDeviceArn": "arn:aws:iot:eu-central-1:123456789012:thing/hub-1",
            "RecorderConfig": {
                "MediaSourceConfig": {
                    "MediaUriSecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cam-AbCdEf",
                    "MediaUriType": "RTSP_URI",
                },
                "ScheduleConfig": dict(schedule),
            },
            "UploaderConfig": {"ScheduleConfig": dict(schedule)},
            "DeletionConfig": {
                "EdgeRetentionInHours": 15,
                "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2800, "StrategyOnFullSize": "DELETE_OLDEST_MEDIA"},
                "DeleteAfterUpload": True,
            },
        },
    }


def refused(path, value):
    changed = request()
    *parents, last = path.split(".")
    member = changed
    for parent in parents:
        member = member[parent]
    member[last] = value
    with pytest.raises(EdgeServiceError) as caught:
        validate(START, changed)
    return caught.value


def test_a_request_with_every_field_is_valid():
    validate(START, request())


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("StreamName", "a b", r"'streamName' .* regular expression pattern: \[a-zA-Z0-9_.-\]\+"),
        ("StreamName", "a" * 257, "length less than or equal to 256"),
        ("EdgeConfig", None, "Value null at 'edgeConfig' failed .* must not be null"),
        ("EdgeConfig.HubDeviceArn", "arn:aws:iot:eu-central-1:1:thinggroup/x", "'edgeConfig.hubDeviceArn'"),
        ("EdgeConfig.HubDeviceArn", None, "Value null at 'edgeConfig.hubDeviceArn'"),
        ("EdgeConfig.RecorderConfig.MediaSourceConfig", None, "'edgeConfig.recorderConfig.mediaSourceConfig'"),
        ("EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType", "HTTP", r"enum value set: \[RTSP_URI, FILE_URI\]"),
        ("EdgeConfig.RecorderConfig.ScheduleConfig.ScheduleExpression", "short", "length greater than or equal to 11"),
        ("EdgeConfig.RecorderConfig.ScheduleConfig.DurationInSeconds", 59, "value greater than or equal to 60"),
        ("EdgeConfig.UploaderConfig.ScheduleConfig", None, "Value null at 'edgeConfig.uploaderConfig.scheduleConfig'"),
        ("EdgeConfig.UploaderConfig.ScheduleConfig.DurationInSeconds", 3601, "value less than or equal to 3600"),
        ("EdgeConfig.DeletionConfig.EdgeRetentionInHours", 721, "value less than or equal to 720"),
        ("EdgeConfig.DeletionConfig.EdgeRetentionInHours", 0, "value greater than or equal to 1"),
        ("EdgeConfig.DeletionConfig.LocalSizeConfig.MaxLocalMediaSizeInMB", 63, "greater than or equal to 64"),
        ("EdgeConfig.DeletionConfig.LocalSizeConfig.StrategyOnFullSize", "NONE", "enum value set"),
    ],
)  # fmt: skip
def test_each_violated_constraint_is_an_invalid_argument_that_names_it(path, value, text):
    error = refused(path, value)
    assert error.code == "InvalidArgumentException"
    assert re.match(r"\d validation errors? detected: Value ", error.message)
    assert re.search(text, error.message)


def test_all_violated_constraints_are_named_at_once():
    changed = request()
    changed["StreamName"] = "a b"
    changed["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] = 1000
    with pytest.raises(EdgeServiceError, match=r"2 validation errors detected: .*streamName.*; .*edgeRetention"):
        validate(START, changed)


def test_a_secret_is_not_shown():
    error = refused("EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriSecretArn", "arn:aws:secret:hush/hush")
    assert "sensitiveInformation" in error.message
    assert "hush" not in error.message


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("EdgeConfig.DeletionConfig.EdgeRetentionInHours", "15"),
        ("EdgeConfig.DeletionConfig.EdgeRetentionInHours", True),
        ("EdgeConfig.DeletionConfig.DeleteAfterUpload", "true"),
        ("EdgeConfig.UploaderConfig", []),
    ],
)
def test_a_wrong_type_cannot_be_read(path, value):
    assert refused(path, value).code == "SerializationException"


@pytest.mark.parametrize(
    "expression",
    [
        "0 0 9,10,11,12,13,14,15,16 ? * * *",
        "0 0 19,20,21 ? * * *",
        "0 0 9-16 * * ? *",
        "0 0 9-16 ? * 2-6 *",
        "0 0 9-16 ? * MON-FRI *",
        "0 0 22,23 ? * MON-FRI *",
        "0 0/15 * L-3 * ?",
        "0 0 12 15W jan,feb ?",
        "0 0 12 ? * 6#3 2030",
        "0 0 12 ? * FRIL",
        "0 */5 22-2 ? * fri-mon",
    ],
)
def test_schedules_that_quartz_reads_are_accepted(expression):
    assert fault(expression) is None


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("0 0 9 * *", "5 fields"),
        ("rate(1 hour) and more", "4 fields|exactly one"),
        ("0 0 9 * * * *", "exactly one of day-of-month and day-of-week"),
        ("0 0 9 ? * ? *", "exactly one of day-of-month and day-of-week"),
        ("60 0 9 * * ? *", "'60' is not a valid seconds"),
        ("0 0 24 * * ? *", "'24' is not a valid hours"),
        ("0 0 9 ? * SUNDAYS *", "'SUNDAYS' is not a valid day-of-week"),
        ("0 0 9 32 * ? *", "'32' is not a valid day-of-month"),
        ("0 0/x 9 * * ? *", "'0/x' is not a valid minutes"),
    ],
)
def test_schedules_that_quartz_refuses_are_refused_with_the_reason(expression, reason):
    assert re.search(reason, fault(expression))
