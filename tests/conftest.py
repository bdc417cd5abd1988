"""Settings for all tests: coverage, botocore's data about endpoints, garbage collection, and SIGINT."""

import functools
import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import JSONFileLoader
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from kvs_edge_gitops.aws.session import PlainFiles

pytest_plugins = ["support.coverage_pauses"]

_HERE = Path(__file__).parent
_COUNTED = ("cli/", "contract/test_crhelper.py", "unit/")
"""Tests that ask for a result directly. The others pass branches by chance, and take up to six times longer while
coverage watches; so does a test of these folders with the marker `no_cover`, which tries thousands of cases."""

_TOGETHER = (
    "camera/test_real_cameras.py",
    "chaos/test_campaign.py",
    "e2e/",
    "examples/",
    "lifecycle/slow_clock/",
    "lifecycle/",
    "packaging/",
    "schedule/test_browser.py",
    "synth/test_example_app.py",
)
"""Tests that run in one worker, because they share what takes longer to make than most tests take: a bootstrapped
account, a wheel, a campaign, cameras, a browser, a validator. The first entry that a test's path begins with counts."""

_FIRST = ("cli", "contract", "unit", "examples", "e2e", "second_opinion", "packaging", "lifecycle", "docs", "camera")
"""Folders whose tests count, so that no other test fills a cache before coverage watches, and then those whose tests
take long; the others follow in alphabetical order."""

_ENDPOINTS = ("endpoints", "partitions", "endpoint-rule-set-1")


def _read_once(loader_class: type[JSONFileLoader]) -> Callable[[JSONFileLoader, str], Any]:
    """Return `load_file` of a loader with a cache for the files about endpoints.

    Each boto3 session parses them again, which takes a third of the time of a command that a test runs in process.
    The models of services are not among them: botocore changes the parsed ones.
    """
    read = loader_class.load_file
    cached = functools.cache(functools.partial(read, loader_class()))
    return lambda loader, path: cached(path) if Path(path).name in _ENDPOINTS else read(loader, path)


for loader_class in (JSONFileLoader, PlainFiles):
    loader_class.load_file = _read_once(loader_class)

# Synthesis ends with a check of each template, which takes seconds in each process that synthesizes.
# tests/synth/test_example_app.py runs it on the templates of the example.
os.environ.setdefault("CDK_VALIDATION", "false")

# A machine's own certificate authorities, which each command in process would read for 25 ms; no test calls AWS.
for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
    os.environ.pop(name, None)

# A shell without job control ignores SIGINT in its background jobs, and their processes inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let coverage pause in all tests but those that count, and put these and the longest work first.

    Parallel workers then end at about the same time. The tests of a folder stay in their order, and together except for
    those with `no_cover` in a folder that counts: they follow the tests that coverage watches.
    """
    for item in items:
        if not item.path.relative_to(_HERE).as_posix().startswith(_COUNTED):
            item.add_marker(pytest.mark.no_cover)
    items.sort(key=_place)


def pytest_collection_finish() -> None:
    """Take the imported modules and the collected tests out of garbage collection.

    Each full collection would look at all of them, which stops a local AWS in this process for a part of a second: on a
    clock that runs 200 times as fast, that is a minute.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return three workers for two processors: the tests with the CDK CLI mostly wait for its next poll."""
    processors = os.cpu_count() or 1
    return processors + processors // 2


class _Together(LoadScopeScheduling):
    """Scheduling by test, except that the tests of each entry of `_TOGETHER` are one unit."""

    def _split_scope(self, nodeid: str) -> str:
        """Return the unit of a test."""
        path = nodeid.removeprefix(f"{_HERE.name}/")
        return next((group for group in _TOGETHER if path.startswith(group)), nodeid)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """Note that a test is complete, and forget its unit with the last test.

        After each test, pytest-xdist counts what is left of all units that a worker had, which takes seconds for
        thousands of units.
        """
        super().mark_test_complete(node, item_index, duration)
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][scope].values()):
            del self.assigned_work[node][scope]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Together:
    """Return the scheduling of this suite.

    The marker `xdist_group` has no effect with pytest 9.2.0 and pytest-xdist 3.8.0 (pytest-dev/pytest-xdist#1386).

    Raises:
        pytest.UsageError: A file or folder of `_TOGETHER` does not exist.
    """
    missing = [group for group in _TOGETHER if not (_HERE / group).exists()]
    if missing:
        raise pytest.UsageError(f"_TOGETHER in tests/conftest.py has {', '.join(missing)}, which does not exist")
    return _Together(config, log)


def _place(item: pytest.Item) -> tuple[bool, int]:
    """Return the sort key of a test: what coverage watches, then the folders of `_FIRST`, then the others."""
    is_watched = item.get_closest_marker("no_cover") is None
    return not is_watched, (*_FIRST, _folder(item)).index(_folder(item))


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(_HERE).parts[0]
