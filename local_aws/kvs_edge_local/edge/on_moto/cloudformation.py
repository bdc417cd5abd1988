"""Stream with its resource type `AWS::KinesisVideo::Stream`, which moto's CloudFormation lacks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from moto.core.common_models import CloudFormationModel
from moto.kinesisvideo.models import Stream as MotoStream
from moto.kinesisvideo.models import kinesisvideo_backends
from moto.moto_api._internal import mock_random
from moto.utilities.utils import get_partition

from kvs_edge_local.moto_cloudformation import UnformattedGetAttTemplateException


class Stream(MotoStream, CloudFormationModel):
    """Video stream. Ref is its name, GetAtt Arn its ARN (CloudFormation's schema of the type)."""

    create_only_properties: ClassVar[frozenset[str]] = frozenset({"Name"})
    """Properties whose change replaces the resource (schema of the type); the engine enforces it."""

    def __init__(
        self,
        account_id: str,
        region_name: str,
        *,
        device_name: str | None,
        stream_name: str,
        media_type: str | None,
        kms_key_id: str | None,
        data_retention_in_hours: int,
        tags: dict[str, str],
        created: float,
        active_after: float,
    ) -> None:
        # moto declares str, and keeps None for an absent value.
        super().__init__(
            account_id,
            region_name,
            cast(str, device_name),
            stream_name,
            cast(str, media_type),
            cast(str, kms_key_id),
            data_retention_in_hours,
            tags,
        )
        partition = get_partition(region_name)
        self.creation_time = datetime.fromtimestamp(created, UTC)
        # The ARN ends with the creation time, so a recreated stream has another ARN.
        self.arn = (
            f"arn:{partition}:kinesisvideo:{region_name}:{account_id}:stream/{self.stream_name}/{round(created * 1000)}"
        )
        self.status = "CREATING"
        self._active_at = created + active_after
        self.settle(created)

    def settle(self, now: float) -> None:
        """Become ACTIVE if it is time (scaled seconds since the epoch)."""
        if self.status == "CREATING" and now >= self._active_at:
            self.status = "ACTIVE"

    def set_data_retention(self, hours: int) -> None:
        """Set the retention; as with any change of a stream, the version changes."""
        self.data_retention_in_hours = hours
        self._renew_version()

    def _renew_version(self) -> None:
        self.version = mock_random.get_random_string(include_digits=False, lower_case=True)

    @property
    def physical_resource_id(self) -> str:
        """Value of Ref."""
        return str(self.stream_name)

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the stream."""
        return "Name"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::KinesisVideo::Stream"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Return True if GetAtt supports the attribute."""
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return the value of an attribute for GetAtt."""
        if not self.has_cfn_attr(attribute_name):
            raise UnformattedGetAttTemplateException
        return str(self.arn)

    def is_created(self) -> bool:
        """Return True if the stream is ACTIVE, which CloudFormation waits for."""
        info = kinesisvideo_backends[self._account_id][self.region_name].describe_stream("", self.arn)
        return bool(info["Status"] == "ACTIVE")

    @property
    def _account_id(self) -> str:
        return str(self.arn.split(":")[4])

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
        **_: object,
    ) -> "Stream":
        """Create a stream with the resource's properties."""
        properties = cloudformation_json.get("Properties", {})
        backend = kinesisvideo_backends[account_id][region_name]
        arn = backend.create_stream(
            device_name=properties.get("DeviceName"),
            stream_name=resource_name,
            media_type=properties.get("MediaType"),
            kms_key_id=properties.get("KmsKeyId"),
            data_retention_in_hours=_retention(properties),
            tags=_tags(properties),
        )
        return cast(Stream, backend.streams[arn])

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: "Stream",
        new_resource_name: str,  # moto passes a generated name if the template has none
        cloudformation_json: Mapping[str, Any],
        account_id: str,  # a resource does not change its account
        region_name: str,  # nor its region
    ) -> "Stream":
        """Update the stream in place. Raise ValueError for another Name."""
        properties = cloudformation_json.get("Properties", {})
        name = properties.get("Name", original_resource.stream_name)
        if name != original_resource.stream_name:
            raise ValueError(f"stream {original_resource.stream_name} cannot become {name}: it must be replaced")
        original_resource.device_name = properties.get("DeviceName")
        original_resource.media_type = properties.get("MediaType")
        original_resource.kms_key_id = properties.get("KmsKeyId")
        original_resource.tags = _tags(properties)
        original_resource.set_data_retention(_retention(properties))
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Mapping[str, Any],  # the name suffices
        account_id: str,
        region_name: str,
    ) -> None:
        """Delete the stream, unless it is gone already."""
        backend = kinesisvideo_backends[account_id][region_name]
        for arn in [arn for arn, stream in backend.streams.items() if stream.stream_name == resource_name]:
            backend.delete_stream(arn)


def _retention(properties: Mapping[str, Any]) -> int:
    return int(properties.get("DataRetentionInHours") or 0)


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or ()}
