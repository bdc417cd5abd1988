"""Inputs of an analysis: declared configurations, and facts that their owner knows.

Bit rates are in bits per second. None means unknown; no finding depends on an unknown fact.
"""

from dataclasses import dataclass

from kvs_edge.configuration import EdgeConfig, hub_name, hub_of


@dataclass(frozen=True)
class Acknowledgement:
    """Acknowledged code of a finding, with the reason."""

    code: str
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class PlannedStream:
    """Stream with its edge configuration, and facts about its camera and its retention in the cloud.

    Attributes:
        name: The stream's name.
        config: Its EdgeConfig in the API's shape, valid by the schema.
        camera_bit_rate: Average rate of the camera.
        data_retention_in_hours: How long the stream keeps media in the cloud; 0 is the service's default.
        acknowledgements: Findings on this stream that are not reported.
    """

    name: str
    config: EdgeConfig
    camera_bit_rate: int | None = None
    data_retention_in_hours: int | None = None
    acknowledgements: tuple[Acknowledgement, ...] = ()

    @property
    def hub(self) -> str:
        """ARN of its hub."""
        return hub_of(self.config)


@dataclass(frozen=True, kw_only=True)
class Hub:
    """Facts about a hub.

    Attributes:
        arn: Its ARN as an IoT thing, as in `HubDeviceArn`.
        time_zone: The IANA name of its system time zone, in which its schedules run.
        uplink_bit_rate: Rate of its uplink for uploads, all its streams together.
        stream_count: Number of its streams, including those that are declared elsewhere.
        cloud_secrets: The ARNs in the `cloudSecrets` of its Greengrass SecretManager component.
        acknowledgements: Findings on this hub that are not reported.
    """

    arn: str
    time_zone: str | None = None
    uplink_bit_rate: int | None = None
    stream_count: int | None = None
    cloud_secrets: tuple[str, ...] | None = None
    acknowledgements: tuple[Acknowledgement, ...] = ()

    @property
    def name(self) -> str:
        """Name as an IoT thing."""
        return hub_name(self.arn)
