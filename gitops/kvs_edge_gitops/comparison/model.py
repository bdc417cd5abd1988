"""The result of a comparison."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kvs_edge.observed import Found, Observed
from kvs_edge_gitops.comparison.baseline import DeployedStream
from kvs_edge_gitops.comparison.differences import Difference
from kvs_edge_gitops.comparison.resolved import ResolvedStream, UnnamedStream
from kvs_edge_gitops.comparison.zone_changes import ZoneChange


class Kind(StrEnum):
    """The situation that a deployment of the declared configuration would meet."""

    CREATE = "create"
    """The stream has no configuration."""
    UPDATE = "update"
    """Its hub has another configuration."""
    MOVE = "move"
    """Another hub has its configuration."""
    IN_PROGRESS = "in_progress"
    """A sync to a hub, or a deletion, is under way."""
    FAILED = "failed"
    """The service has the declared configuration, and the hub does not."""
    MISSING = "missing"
    """The stream does not exist, and no stack creates it."""
    NO_OP = "no_op"
    """Its hub has the declared configuration."""
    DELETE = "delete"
    """No file declares it any more, and its stack deletes it; known only with a baseline or the deployed templates."""
    UNMANAGED = "unmanaged"
    """A declared hub has it, and no file declares it."""


class Sending(StrEnum):
    """Effect of a deployment on the configuration that the service has."""

    SENT = "sent"
    """CloudFormation calls the handler, which sends it."""
    NOT_SENT = "not_sent"
    """The service differs, and CloudFormation does not call the handler, because the template does not change."""
    BLOCKED = "blocked"
    """The deployment would fail."""
    NOT_NEEDED = "not_needed"
    """There is nothing to send."""
    UNKNOWN = "unknown"
    """The deployed template is not known."""


_CHANGED = (Kind.CREATE, Kind.UPDATE, Kind.MOVE, Kind.MISSING, Kind.FAILED)
"""The streams that may need a secret which their hub has not used yet. MISSING may be created by its stack."""


@dataclass(frozen=True)
class PlanError:
    """A reason why a deployment would fail.

    Attributes:
        code: A code of the runbook or of the findings.
        about: The name of the stream or the hub.
    """

    code: str
    about: str
    message: str


@dataclass(frozen=True)
class HubNotice:
    """Something that a hub lacks beside its configurations; a deployment does not fail by it, but a stream does.

    Attributes:
        hub: The hub's ARN.
        code: The code of `kvs-edge hub --check`, or NotChecked.
        secret: The ARN of the secret that it is about; None if it is about the hub.
        streams: The streams that need the secret.
        message: A sentence, which names the secret but not the hub.
    """

    hub: str
    code: str
    message: str
    secret: str | None = None
    streams: tuple[str, ...] = ()


@dataclass(frozen=True)
class SecretNotice:
    """Something about a camera's secret; a deployment does not fail by it, but a stream may not record.

    Attributes:
        name: The secret's own name; the service treats its ARN as sensitive.
        code: The code of `kvs-edge secret`, or NotChecked.
        message: A sentence, which has nothing of the secret's content.
        streams: The streams that need the secret.
    """

    name: str
    code: str
    message: str
    streams: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The message, with the secret's name and the streams that need it."""
        return f"{self.name} (for {', '.join(self.streams)}): {self.message}"


@dataclass(frozen=True, eq=False)
class ComparedStream:
    """A stream and what a deployment would do about it.

    Attributes:
        hub: The ARN of the declared hub; for an undeclared stream, the hub that has it, or empty.
        declared: None if no file declares the stream.
        action: What a deployment would do, such as "sends the configuration".
        fields: The fields in which the live configuration differs from the declared one.
        footage: What the deployment would cost in footage.
        deployed: The stream in the baseline; None if it is not in it, or without a baseline.
        sending: Whether a deployment sends the configuration.
        stack: The name of the deployed stack of the stream's file; None if there is none, or it is not known.
    """

    kind: Kind
    stream: str
    region: str
    hub: str
    observed: Observed
    declared: ResolvedStream | None = None
    action: str = ""
    fields: tuple[Difference, ...] = ()
    errors: tuple[PlanError, ...] = ()
    footage: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    deployed: DeployedStream | None = None
    sending: Sending = Sending.UNKNOWN
    stack: str | None = None

    @property
    def found(self) -> Found | None:
        """The live configuration, if there is one."""
        return self.observed if isinstance(self.observed, Found) else None


@dataclass(frozen=True, eq=False)
class FileNotice:
    """A message about a file of the baseline, for all of its streams or for a line.

    Attributes:
        file: The path from the working directory.
        line: None for the whole file.
        loses: Whether footage may be lost.
    """

    file: str
    line: int | None
    messages: tuple[str, ...]
    loses: bool = False
    errors: tuple[PlanError, ...] = ()


@dataclass(frozen=True, eq=False)
class Comparison:
    """All streams: the declared ones in the order of the files, then those to delete, then the unmanaged ones.

    Attributes:
        full_hubs: An error for each hub with too many streams.
        files: The notices about files of the baseline; None without a baseline.
        notices: What could not be read from CloudFormation; None if it was not read.
        unnamed: The declared streams that cannot be compared, because their names are known only at deployment.
        hubs: What the hubs of changed streams lack in their Greengrass deployments; None if that was not read.
        secrets: What is wrong with the secrets of changed streams; None if they were not read.
        zones: The hubs whose time zone changes; None without a baseline.
    """

    streams: tuple[ComparedStream, ...]
    full_hubs: tuple[PlanError, ...] = ()
    files: tuple[FileNotice, ...] | None = None
    notices: tuple[str, ...] | None = None
    unnamed: tuple[UnnamedStream, ...] = ()
    hubs: tuple[HubNotice, ...] | None = None
    secrets: tuple[SecretNotice, ...] | None = None
    zones: tuple[ZoneChange, ...] | None = None

    @property
    def changed(self) -> tuple[ResolvedStream, ...]:
        """The declared streams that a deployment may change."""
        return tuple(stream.declared for stream in self.of(*_CHANGED) if stream.declared is not None)

    @property
    def errors(self) -> tuple[PlanError, ...]:
        """All reasons why a deployment would fail."""
        of_files = (error for notice in self.files or () for error in notice.errors)
        return (*(error for stream in self.streams for error in stream.errors), *of_files, *self.full_hubs)

    @property
    def is_deployed_unknown(self) -> bool:
        """True if a deployed template was not read."""
        return self.notices != ()

    @property
    def differs(self) -> bool:
        """True if the service has something else than the files declare; unmanaged streams do not count."""
        return any(kind not in {Kind.NO_OP, Kind.UNMANAGED} for kind in self.counts)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that can occur."""
        return tuple(
            kind for kind in Kind if kind is not Kind.DELETE or self.files is not None or self.notices is not None
        )

    @property
    def counts(self) -> Counter[Kind]:
        """The number of streams of each kind."""
        return Counter(stream.kind for stream in self.streams)

    def of(self, *kinds: Kind) -> Iterator[ComparedStream]:
        """Return the streams of some kinds."""
        return (stream for stream in self.streams if stream.kind in kinds)
