"""The examples, in copies, beside a local AWS that lets their roles in."""

import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from site_copy import EXAMPLES, Aws, Site, local_aws
from warm_programs import warm_programs


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """Return a local AWS with a bootstrapped account and the pipelines' roles, set up by hand as the READMEs say."""
    with local_aws() as started:
        site = Site(tmp_path_factory.mktemp("by-hand"), started)
        site.install()
        everything = {**site.variables, **started.credentials}
        app = f"{shlex.quote(sys.executable)} {shlex.quote(str(EXAMPLES / 'github-actions/access.py'))}"
        for command in (
            "npx cdk bootstrap aws://123456789012/eu-west-1",
            f"npx cdk deploy --require-approval never --context provider=there --app {shlex.quote(app)}",
        ):
            done = site.run(command, everything)
            assert done.code == 0, done.output
        yield started


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Start the process that runs the programs of most sites."""
    with warm_programs(tmp_path_factory.mktemp("warm")) as variables:
        yield variables


@pytest.fixture
def site(tmp_path: Path, aws: Aws, warm: Mapping[str, str]) -> Site:
    """Return an empty repository."""
    return Site(tmp_path / "edge-site", aws, warm)
