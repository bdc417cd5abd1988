"""What an analysis is told: the declared configurations, and what their owner knows besides.

Bit rates are in bits a second. Whatever is None is not known, and no finding is made of it.
"""

from dataclasses import dataclass

from kvs_edge.configuration import EdgeConfig, hub_name, hub_of


@dataclass(frozen=True)
class Acknowledgement:
    """A finding's code that is taken note of where it stands, and why."""

    code: str
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class PlannedStream:
    """A stream, its edge configuration, and what is known of its camera and of the stream in the cloud.

    Attributes:
        name: The stream's name.
        config: Its EdgeConfig in the API's shape, valid by the schema.
        camera_bit_rate: What the camera sends, on average.
        data_retention_in_hours: How long the stream keeps media in the cloud; 0 is the service's default.
        acknowledgements: Findings on this stream that are not to be reported.
    """

    name: str
    config: EdgeConfig
    camera_bit_rate: int | None = None
    data_retention_in_hours: int | None = None
    acknowledgements: tuple[Acknowledgement, ...] = ()

    @property
    def hub(self) -> str:
        """The ARN of its hub."""
        return hub_of(self.config)


@dataclass(frozen=True, kw_only=True)
class Hub:
    """What is known of a hub.

    Attributes:
        arn: Its ARN as an IoT thing, as it stands in `HubDeviceArn`.
        time_zone: The IANA name of its system time zone, in which its schedules run.
        uplink_bit_rate: What its line carries for uploads, all its streams together.
        stream_count: How many streams it has, those that are declared elsewhere included.
        cloud_secrets: The ARNs in the `cloudSecrets` of its Greengrass SecretManager component.
        acknowledgements: Findings on this hub that are not to be reported.
    """

    arn: str
    time_zone: str | None = None
    uplink_bit_rate: int | None = None
    stream_count: int | None = None
    cloud_secrets: tuple[str, ...] | None = None
    acknowledgements: tuple[Acknowledgement, ...] = ()

    @property
    def name(self) -> str:
        """Its name as an IoT thing."""
        return hub_name(self.arn)
