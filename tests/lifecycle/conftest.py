"""End-to-end lifecycle tests: the construct's template on a local AWS, through CloudFormation's API.

The tests of a worker share one local AWS with a scaled clock. Each test has its own stack, stream and two hubs.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from kvs_edge_local.cloudformation.assumptions import Assumptions as CloudFormationAssumptions
from support.bootstrapped_region import BootstrappedRegion, BootstrappedRegions, bootstrapped_regions
from support.edge_stack import EdgeStack
from support.shared_local_aws import Shared
from support.stack_templates import StackTemplates
from support.synthesis import LARGE_PROVIDER_STACK, Synthesizer
from support.waiting import acting

HERE = Path(__file__).parent
SHARED = pytest.StashKey[Shared[BootstrappedRegions]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Stop the local AWS after the folder's last test."""
    yield
    if SHARED in item.config.stash:
        item.config.stash[SHARED].stop_after_last_test(nextitem)


@pytest.fixture(scope="session")
def synthesizer(tmp_path_factory: pytest.TempPathFactory) -> Synthesizer:
    return Synthesizer(tmp_path_factory.mktemp("cdk.out"))


@pytest.fixture(scope="session")
def templates(synthesizer: Synthesizer) -> StackTemplates:
    return StackTemplates(synthesizer)


@pytest.fixture(scope="module")
def time_scale() -> float:
    """Return a scale with fifteen minutes in four and a half seconds; modules with finer timing override it."""
    return 200.0


@pytest.fixture(scope="module")
def region() -> str:
    return "eu-central-1"


@pytest.fixture(scope="module")
def hub_region(region: str) -> str:
    """Return the region of hubs and secrets."""
    return region


@pytest.fixture
def site(request: pytest.FixtureRequest, time_scale: float, region: str) -> Iterator[BootstrappedRegion]:
    """Provide the local AWS's region, and reset the test's settings afterwards.

    Its clock runs at real time while the test acts, and at its scale while the test waits.
    """
    shared = request.config.stash.setdefault(SHARED, Shared(HERE))
    site = shared.get(lambda: bootstrapped_regions(time_scale), time_scale).region(region)
    settings = site.aws.edge.settings
    with acting(site.aws.clock):
        yield site
    site.aws.edge.settings = settings
    site.aws.authorizer.propagation_seconds = 0.0
    site.aws.cloudformation.assumptions = CloudFormationAssumptions()
    site.aws.cloudformation.faults.clear()
    site.aws.cloudformation.exchanges.deliveries.forget()
    site.aws.cloudformation.exchanges.reuse_request_ids = False


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture
def stack(
    site: BootstrappedRegion,
    synthesizer: Synthesizer,
    templates: StackTemplates,
    numbers: Iterator[int],
    hub_region: str,
) -> Iterator[EdgeStack]:
    """Provide a stack that is not deployed yet, and check the invariants after the test."""
    stack = EdgeStack(site, synthesizer, templates, f"camera-{next(numbers)}", hub_region)
    yield stack
    stack.check_invariants()


@pytest.fixture
def polled_seldom(stack: EdgeStack) -> None:
    """Use the provider of a large fleet, for tests in which many minutes have to pass.

    Its ticks leave after seconds, and its state machine polls a hub that is away a dozen times in fifteen minutes. The
    usual provider's ticks stay, and poll 300 times.
    """
    stack.use_provider(LARGE_PROVIDER_STACK)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add the events of a failed test's stacks to its report, since the status alone does not explain it."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(stack, EdgeStack):
        report.sections.append(("stack events", stack.history()))
    return report
