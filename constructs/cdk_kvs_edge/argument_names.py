"""Arguments of the construct for the properties of the template: the paths of faults and findings in Python."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kvs_edge.errors import Fault

_OPTIONS = {
    "StreamName": "stream",
    "StreamARN": "stream_arn",
    "RemovalPolicy": "removal_policy",
    "HubMove": "hub_move",
    "WaitFor": "wait_for",
    "HubTimeZone": "hub_time_zone",
    "SyncTimeoutInSeconds": "sync_timeout",
    "SyncToken": "sync_token",
    "Acknowledgements": "acknowledge",
}

_TYPED: Mapping[str, str] = {
    **_OPTIONS,
    "EdgeConfig.HubDeviceArn": "hub_device_arn",
    "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriSecretArn": "media_uri_secret",
    "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType": "media_uri_type",
    "EdgeConfig.RecorderConfig.ScheduleConfig": "recorder_schedule",
    "EdgeConfig.RecorderConfig.ScheduleConfig.ScheduleExpression": "recorder_schedule.expression",
    "EdgeConfig.RecorderConfig.ScheduleConfig.DurationInSeconds": "recorder_schedule.duration",
    "EdgeConfig.UploaderConfig.ScheduleConfig": "uploader_schedule",
    "EdgeConfig.UploaderConfig.ScheduleConfig.ScheduleExpression": "uploader_schedule.expression",
    "EdgeConfig.UploaderConfig.ScheduleConfig.DurationInSeconds": "uploader_schedule.duration",
    "EdgeConfig.DeletionConfig.EdgeRetentionInHours": "edge_retention",
    "EdgeConfig.DeletionConfig.LocalSizeConfig": "max_local_media_size",
    "EdgeConfig.DeletionConfig.LocalSizeConfig.MaxLocalMediaSizeInMB": "max_local_media_size",
    "EdgeConfig.DeletionConfig.LocalSizeConfig.StrategyOnFullSize": "strategy_on_full_size",
    "EdgeConfig.DeletionConfig.DeleteAfterUpload": "delete_after_upload",
}

ALL = ("stream", "stream_arn", "hub", "edge_config", *dict.fromkeys(_TYPED[path] for path in _TYPED if path.count(".")))
"""Names of all arguments that are not options of the deployment."""


def typed(*, stream_arn: bool, hub: bool) -> Mapping[str, str]:
    """Return the arguments of `StreamEdgeConfiguration`; `stream_arn` and `hub` say which of two arguments is set."""
    named = {"EdgeConfig.HubDeviceArn": "hub"} if hub else {}
    return {**_TYPED, **named, **_stream(stream_arn)}


def of_json(*, stream_arn: bool) -> Mapping[str, str]:
    """Return the arguments of `StreamEdgeConfiguration.from_edge_config`."""
    return {**_OPTIONS, "EdgeConfig": "edge_config", **_stream(stream_arn)}


def _stream(stream_arn: bool) -> Mapping[str, str]:
    return {} if stream_arn else {"StreamARN": "stream"}


def argument_path(path: str, names: Mapping[str, str]) -> str:
    """Return the path with the argument in place of its longest known start; unknown paths stay."""
    steps = path.split(".")
    for count in range(len(steps), 0, -1):
        argument = names.get(".".join(steps[:count]))
        if argument is not None:
            return ".".join([argument, *steps[count:]])
    return path


def with_arguments(faults: Sequence[Fault], names: Mapping[str, str]) -> list[Fault]:
    """Return the faults with the arguments in place of the template's properties."""
    return [
        replace(
            fault,
            path=argument_path(fault.path, names),
            arn_field=fault.arn_field and _OPTIONS.get(fault.arn_field, fault.arn_field),
        )
        for fault in faults
    ]
