"""EdgeConfig from the typed arguments of the construct."""

from typing import TypedDict

from aws_cdk import Duration, Size
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.interfaces.aws_secretsmanager import ISecretRef

from cdk_kvs_edge.edge_config import (
    EdgeConfigBuilder,
    MediaUriType,
    ScheduleConfig,
    StrategyOnFullSize,
    drop_none,
)


class TypedEdgeConfig(TypedDict):
    """Typed arguments of an EdgeConfig, without its hub."""

    media_uri_secret: secretsmanager.ISecret | ISecretRef | str
    media_uri_type: MediaUriType | None
    recorder_schedule: ScheduleConfig | None
    uploader_schedule: ScheduleConfig | None
    edge_retention: Duration | None
    max_local_media_size: Size | None
    strategy_on_full_size: StrategyOnFullSize | None
    delete_after_upload: bool | None


def build_edge_config(builder: EdgeConfigBuilder, hub_device_arn: object, config: TypedEdgeConfig) -> dict[str, object]:
    """Return the EdgeConfig in the API's shape; add faults to the builder."""
    return drop_none(
        HubDeviceArn=hub_device_arn,
        RecorderConfig=drop_none(
            MediaSourceConfig=_media_source(builder, config),
            ScheduleConfig=builder.schedule("recorder_schedule", config["recorder_schedule"]),
        ),
        UploaderConfig=drop_none(ScheduleConfig=builder.schedule("uploader_schedule", config["uploader_schedule"])),
        DeletionConfig=_deletion(builder, config),
    )


def _media_source(builder: EdgeConfigBuilder, config: TypedEdgeConfig) -> dict[str, object]:
    secret, uri_type = config["media_uri_secret"], config["media_uri_type"]
    return {
        "MediaUriSecretArn": builder.secret_arn("media_uri_secret", secret),
        "MediaUriType": MediaUriType.RTSP_URI
        if uri_type is None
        else builder.choice("media_uri_type", uri_type, MediaUriType),
    }


def _deletion(builder: EdgeConfigBuilder, config: TypedEdgeConfig) -> dict[str, object]:
    strategy, delete = config["strategy_on_full_size"], config["delete_after_upload"]
    return drop_none(
        EdgeRetentionInHours=builder.hours("edge_retention", config["edge_retention"]),
        LocalSizeConfig=drop_none(
            MaxLocalMediaSizeInMB=builder.mebibytes("max_local_media_size", config["max_local_media_size"]),
            StrategyOnFullSize=None
            if strategy is None
            else builder.choice("strategy_on_full_size", strategy, StrategyOnFullSize),
        ),
        DeleteAfterUpload=None if delete is None else builder.flag("delete_after_upload", delete),
    )
