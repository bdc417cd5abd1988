"""The site that is checked: its files, the AWS session, and what one check leaves for the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kvs_edge_gitops.aws.access import Aws, Timeouts
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.checks.fleet.snapshot import Snapshot
from kvs_edge_gitops.commands.doctor.words import Words
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.state.desired import Desired
from kvs_edge_gitops.state.sources import sources
from kvs_edge_gitops.terminal import Progress
from kvs_edge_preflight.files import Reading
from kvs_edge_preflight.templates import read_sources

_TRIES = 2
_TIMEOUTS = Timeouts(connect=4.0, read=10.0)
"""Without a network, the answer is there after some seconds; the other commands try for half a minute or more."""


@dataclass
class Site:
    """A site.

    Attributes:
        reading: The files as read; None if they could not be found.
        problem: Why the files could not be found.
        session: The AWS session; None before the check of the credentials.
        has_credentials: Whether AWS accepts the credentials.
        declared: The declared streams; None before the check of the files, or if AWS is needed for them.
        usable: The streams whose secrets are good; empty before the check of the secrets.
        snapshot: The status of the streams; None before the check of it.
    """

    settings: Settings
    references: Mapping[str, str]
    words: Words
    now: datetime
    progress: Progress
    reading: Reading | None = None
    problem: str = ""
    session: Aws | None = None
    has_credentials: bool = False
    declared: Desired | None = None
    usable: Sequence[ResolvedStream] = ()
    snapshot: Snapshot | None = None

    def read(self, paths: Sequence[Path]) -> None:
        """Read the files."""
        try:
            found = sources(paths)
        except UsageError as error:
            self.problem = str(error)
            return
        show = self.progress.show
        self.reading = read_sources(found, lambda count: show("reading files", count, len(found)), self.references)

    def connect(self) -> Aws:
        """Return a session, whose requests fail after some seconds without a network.

        Raises:
            AwsError: The configuration of AWS is not valid.
        """
        self.session = Aws(self.settings, Calls(tries=_TRIES), _TIMEOUTS)
        if self.reading is not None:
            self.session.offer_regions(file.region for file in self.reading.files)
        return self.session

    @property
    def aws(self) -> Aws:
        """The session, for checks that need the credentials."""
        return self.session or self.connect()

    @property
    def streams(self) -> Desired:
        """The declared streams, for checks that need the files."""
        return self.declared or Desired([])
