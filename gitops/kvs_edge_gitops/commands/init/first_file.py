"""A first edge file, with comments that explain its fields."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from kvs_edge_gitops.errors import UsageError

_HUB, _STREAM, _REGION, _ACCOUNT = "my-hub", "my-camera", "eu-west-1", "123456789012"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""Texts that YAML 1.1 reads as another type."""
_ARN_PARTS = 7


@dataclass(frozen=True)
class FirstFile:
    """Values of the command line; None or empty for what is not given."""

    hub: str | None = None
    streams: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    time_zone: str | None = None
    region: str | None = None
    account: str | None = None
    creates_streams: bool = False

    def __post_init__(self) -> None:
        if len(self.secrets) > max(1, len(self.streams)):
            raise UsageError(f"--secret is given {len(self.secrets)} times for {max(1, len(self.streams))} --stream")

    @property
    def name(self) -> str:
        """Name of the file without its suffix: the hub's, with letters, digits and hyphens, as a stack's name."""
        return re.sub(r"[^A-Za-z0-9-]+", "-", self.hub or _HUB).strip("-") or "hub"

    @property
    def examples(self) -> list[str]:
        """The example values in the file, which are to be replaced."""
        missing = max(1, len(self.streams)) - len(self.secrets)
        return [
            *(["the hub"] if self.hub is None else []),
            *(["the stream"] if not self.streams else []),
            *([f"{missing} secret ARN{'' if missing == 1 else 's'}"] if missing else []),
        ]

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        region, account = self._place()
        yield "# yaml-language-server: $schema=../edge.schema.json"
        yield f"# What the hub {self.hub or _HUB} records, uploads and keeps. One file per hub or site."
        yield from _optional("region", region, _REGION, "of the streams, the hub and the stack")
        yield from _optional("account", account, _ACCOUNT, "in quotes")
        yield from _optional(
            "time_zone",
            self.time_zone,
            "Europe/Berlin",
            "of the hub, in which schedules run; `timedatectl` there shows it",
        )
        yield "defaults: # of each stream, field by field"
        yield f"  hub: {_scalar(self.hub or _HUB)} # the name of its IoT thing"
        yield f"  create_stream: {str(self.creates_streams).lower()} # true: the app creates the streams"
        yield "  DataRetentionInHours: 168 # of a stream in the cloud; an edge configuration needs at least 1"
        yield "  # camera_bit_rate: 2000000 # bits per second, for the check of uplink and disk"
        yield from _CONFIGURATION
        yield "streams:"
        for stream, secret in zip_longest(self.streams or (_STREAM,), self.secrets):
            yield from self._stream(stream, secret or self._example_secret(stream))

    def _stream(self, stream: str, secret: str) -> Iterator[str]:
        yield f"  - StreamName: {_scalar(stream)}"
        yield "    EdgeConfig:"
        yield "      RecorderConfig:"
        yield "        MediaSourceConfig:"
        yield '          # A secret with {"MediaURI": "rtsp://..."}, which the hub\'s SecretManager component lists.'
        yield f"          MediaUriSecretArn: {_scalar(secret)}"

    def _place(self) -> tuple[str | None, str | None]:
        """Return region and account; those of the first secret by default."""
        parts = self.secrets[0].split(":") if self.secrets else []
        known = parts[3:5] if len(parts) == _ARN_PARTS else [None, None]
        return self.region or known[0], self.account or known[1]

    def _example_secret(self, stream: str) -> str:
        region, account = self._place()
        return f"arn:aws:secretsmanager:{region or _REGION}:{account or _ACCOUNT}:secret:{stream}-AbCdEf"


_CONFIGURATION = """\
  EdgeConfig:
    RecorderConfig:
      MediaSourceConfig:
        MediaUriType: RTSP_URI
      ScheduleConfig: # without it, recording never stops
        ScheduleExpression: 0 0 9-16 ? * * * # Quartz: at every hour from 9 to 16; `kvs-edge cron` explains it
        DurationInSeconds: 3599
    UploaderConfig:
      ScheduleConfig:
        ScheduleExpression: 0 0 22,23 ? * * * # when the uplink is free
        DurationInSeconds: 3599
    DeletionConfig:
      EdgeRetentionInHours: 48 # how long the hub keeps footage, uploaded or not""".splitlines()


def _optional(name: str, value: str | None, example: str, comment: str) -> Iterator[str]:
    """Yield a field; without a value, an example in a comment."""
    yield f"{name}: {_scalar(value)} # {comment}" if value else f"# {name}: {_scalar(example)} # {comment}"


def _scalar(text: str) -> str:
    """Return a text as YAML; in quotes if it could be read as something else."""
    is_arn = text.startswith("arn:") and not re.search(r"[\s#]", text)
    is_plain = _PLAIN.fullmatch(text) is not None and text.lower() not in _WORDS
    return text if is_arn or is_plain else json.dumps(text)
