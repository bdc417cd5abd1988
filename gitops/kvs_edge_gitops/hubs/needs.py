"""Needs of a hub beside its edge configurations: secrets in its Greengrass deployment, and rights of its role.

The rights are those of AWS's example policies for the Edge Agent, limited to the hub's streams and secrets
[Create an IAM permissions policy; Monitor the Edge Agent using CloudWatch, Kinesis Video Streams developer guide].
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_preflight.media_secret import SUFFIX_WILDCARD, is_partial, is_same

SECRET_MANAGER: Final = "aws.greengrass.SecretManager"  # noqa: S105 - a component's name
SECRET_PATH: Final = ("RecorderConfig", "MediaSourceConfig", "MediaUriSecretArn")
"""The path of the camera's secret in an EdgeConfig."""
_OF_STREAM: Final = (
    "kinesisvideo:DescribeStream",
    "kinesisvideo:GetDataEndpoint",
    "kinesisvideo:PutMedia",
    "kinesisvideo:TagStream",
)


@dataclass(frozen=True, eq=False)
class HubNeeds:
    """The streams of a hub.

    Attributes:
        hub: The hub's ARN.
        time_zone: The hub's time zone, in which its schedules run; None if no file states it.
        streams: The streams that files declare on it; at least one.
    """

    hub: str
    time_zone: str | None
    streams: Sequence[ResolvedStream]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The ARNs of the cameras' secrets, without duplicates; a full ARN replaces a partial one."""
        found: list[str] = []
        for arn in sorted({secret_of(stream) for stream in self.streams}, key=lambda arn: (is_partial(arn), arn)):
            if not any(is_same(arn, known) for known in found):
                found.append(arn)
        return tuple(sorted(found))

    @property
    def secret_manager(self) -> dict[str, Any]:
        """The configuration of the component aws.greengrass.SecretManager."""
        return {"cloudSecrets": [{"arn": arn} for arn in self.secrets]}

    @property
    def configuration_update(self) -> dict[str, Any]:
        """The `configurationUpdate` of that component in CreateDeployment, where a configuration is JSON in a text."""
        return {"merge": json.dumps(self.secret_manager)}

    @property
    def role_policy(self) -> dict[str, Any]:
        """The policy of the device's role (the token exchange role on Greengrass)."""
        return {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Metrics",
                    "Effect": "Allow",
                    "Action": "cloudwatch:PutMetricData",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"cloudwatch:namespace": "EdgeRuntimeAgent"}},
                },
                {"Sid": "ListStreams", "Effect": "Allow", "Action": "kinesisvideo:ListStreams", "Resource": "*"},
                {
                    "Sid": "Streams",
                    "Effect": "Allow",
                    "Action": list(_OF_STREAM),
                    "Resource": sorted(arn_pattern(self.hub, stream) for stream in self.streams),
                },
                {
                    "Sid": "Secrets",
                    "Effect": "Allow",
                    "Action": "secretsmanager:GetSecretValue",
                    "Resource": [arn + SUFFIX_WILDCARD if is_partial(arn) else arn for arn in self.secrets],
                },
            ],
        }


def secret_of(stream: ResolvedStream) -> str:
    """Return the ARN of a stream's secret."""
    return str(stream.config["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"])


def arn_pattern(hub: str, stream: ResolvedStream) -> str:
    """Return the ARN of a stream, with a wildcard for its creation time unless the file states the ARN."""
    if stream.stream.arn is not None:
        return stream.stream.arn
    _, partition, _, region, account, _ = hub.split(":", 5)
    return f"arn:{partition}:kinesisvideo:{region}:{account}:stream/{stream.stream.name}/*"
