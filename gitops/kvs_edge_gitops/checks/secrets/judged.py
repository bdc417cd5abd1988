"""Judged secrets: the issues of each, and the streams that need it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_preflight.media_secret import Issue, IssueCode, Severity


@dataclass(frozen=True, eq=False)
class JudgedSecret:
    """A secret.

    Attributes:
        streams: The streams that need it.
        failure: Why it could not be read; None if it was.
        denied_action: The IAM action that the credentials lack, if that is why.
    """

    arn: str
    streams: Sequence[ResolvedStream]
    issues: tuple[Issue, ...] = ()
    failure: str | None = None
    denied_action: str | None = None

    @property
    def name(self) -> str:
        """The secret's own name, with the suffix: the service treats its ARN as sensitive."""
        return self.arn.rpartition(":")[2]

    @property
    def region(self) -> str:
        """The region of the secret."""
        return self.arn.split(":")[3]

    @property
    def has_error(self) -> bool:
        """True if the hub cannot use the secret."""
        return any(issue.severity is Severity.ERROR for issue in self.issues)


def secret_of(stream: ResolvedStream) -> str:
    """Return the ARN of a stream's secret."""
    return str(stream.config["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"])


def is_rtsp(streams: Sequence[ResolvedStream]) -> bool:
    """Return whether a stream takes the URI for that of a camera."""
    return any(stream.config["RecorderConfig"]["MediaSourceConfig"]["MediaUriType"] == "RTSP_URI" for stream in streams)


def place_issues(arn: str, streams: Sequence[ResolvedStream]) -> Iterator[Issue]:
    """Yield the issues of a secret that is in another region or account than its streams."""
    _, _, _, region, account, _ = arn.split(":", 5)
    if others := sorted({stream.region for stream in streams} - {region}):
        message = f"the secret is in {region}, and its stream in {', '.join(others)}: the hub asks in its own region"
        yield Issue(IssueCode.SECRET_OTHER_REGION, message)
    accounts = {stream.hub.split(":")[4] for stream in streams if stream.is_hub_known}
    if others := sorted(accounts - {account}):
        message = (
            f"the secret is in account {account}, and its hub in {', '.join(others)}: it needs a resource policy and a"
            " KMS key that allow the hub's role"
        )
        yield Issue(IssueCode.SECRET_OTHER_ACCOUNT, message)


def rotation_issues(is_rotated: bool | None) -> Iterator[Issue]:
    """Yield the issue of a secret that is rotated, or may be."""
    if is_rotated is None:
        message = "whether it is rotated is unknown: the credentials lack secretsmanager:DescribeSecret"
        yield Issue(IssueCode.ROTATION_UNKNOWN, message)
    elif is_rotated:
        message = (
            "Secrets Manager rotates the secret, and a Greengrass hub fetches it only when its deployment changes: turn"
            " rotation off, or deploy after each rotation"
        )
        yield Issue(IssueCode.SECRET_ROTATED, message)


def absence(*, is_being_deleted: bool) -> Issue:
    """Return the issue of a secret that cannot be read by anybody."""
    if is_being_deleted:
        return Issue(IssueCode.SECRET_BEING_DELETED, "the secret is scheduled for deletion: restore it")
    return Issue(IssueCode.SECRET_ABSENT, "the secret does not exist: create it, or correct its ARN")
