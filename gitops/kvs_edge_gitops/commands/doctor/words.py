"""Commands to type next, with the paths and options that this one was given."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.aws.redaction import without_user


@dataclass(frozen=True)
class Words:
    """The words of a command line that a further command repeats.

    Attributes:
        references: The value of each reference.
    """

    paths: Sequence[Path]
    settings: Settings
    references: Mapping[str, str] = field(default_factory=dict)

    def offline(self, command: str, *options: str) -> str:
        """Return a command that reads the files and makes no AWS request."""
        return _line(command, *map(str, self.paths), *options)

    def on_aws(self, command: str, *before: str, options: Sequence[str] = ()) -> str:
        """Return a command that reads the files and makes AWS requests; `before` comes before the paths."""
        given = [word for name, value in self.references.items() for word in ("--reference", f"{name}={value}")]
        return _line(command, *before, *map(str, self.paths), *options, *given, *self._aws())

    def aws_only(self, command: str, *options: str) -> str:
        """Return a command that makes AWS requests and reads no file."""
        return _line(command, *options, *self._aws())

    def aws_cli(self, *words: str) -> str:
        """Return a command of the AWS CLI."""
        return shlex.join(["aws", *words, *self._aws()])

    def _aws(self) -> list[str]:
        # An endpoint's URL may have a password.
        endpoint = None if self.settings.endpoint_url is None else without_user(self.settings.endpoint_url)
        given = {"--profile": self.settings.profile, "--region": self.settings.region, "--endpoint-url": endpoint}
        return [word for name, value in given.items() if value is not None for word in (name, value)]


def explain(*codes: str) -> str:
    """Return the command that prints the pages of codes."""
    return _line("explain", *dict.fromkeys(codes))


def _line(*words: str) -> str:
    return shlex.join(["kvs-edge", *words])
