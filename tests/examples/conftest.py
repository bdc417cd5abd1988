"""The examples, in copies, beside a local AWS that lets their roles in."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from site_copy import EXAMPLES, Aws, Site, local_aws
from warm_programs import warm_programs


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory, warm: Mapping[str, str]) -> Iterator[Aws]:
    """Return a local AWS with a bootstrapped account and the pipelines' roles, set up by hand as the READMEs say."""
    with local_aws() as started:
        site = Site(tmp_path_factory.mktemp("by-hand"), started, warm)
        site.install()
        shutil.copy(EXAMPLES / "github-actions" / "access.py", site.folder)
        everything = {**site.variables, **started.credentials}
        for command in (
            "npx cdk bootstrap aws://123456789012/eu-west-1",
            'npx cdk deploy --require-approval never --context provider=there --app "python access.py"',
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
