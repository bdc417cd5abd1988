"""Pauses of coverage and of the garbage collector, a plugin of pytest.

Coverage watches the tests without the marker `no_cover`, and their fixtures. It pauses for the other tests and theirs:
pytest-cov leaves out the call alone. And it pauses for the work of pytest and pytest-xdist, which takes longer than
most tests.
"""

import functools
import gc
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Collect the tests without coverage and without the garbage collector.

    Each worker imports all modules of tests, and with them moto and the CDK. Both would take half of that time and
    find nothing: coverage measures other packages, and modules stay.
    """
    controller = _controller(session.config)
    if session.config.pluginmanager.hasplugin("dsession"):
        # The process that starts the workers collects and runs nothing: coverage would watch pytest-xdist in it.
        if controller:
            controller.pause()
        return (yield)
    gc.disable()
    try:
        return (yield from _after_import(controller)) if controller else (yield)
    finally:
        gc.enable()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Watch the set-up of the fixtures."""
    return (yield from _watched(item))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Watch the test."""
    return (yield from _watched(item))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Watch the end of the fixtures."""
    return (yield from _watched(item))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> None:
    """Pause coverage again: pytest-cov resumes it after the call of a test with `no_cover`."""
    controller = _controller(item.config)
    if controller and controller.started:
        controller.pause()


def _watched(item: pytest.Item) -> Iterator[None]:
    """Resume coverage until the next hook, unless the test has the marker `no_cover`.

    The hooks above are the innermost, so that coverage does not watch those of pytest's other plugins.
    """
    controller = _controller(item.config)
    if controller is None or item.get_closest_marker("no_cover"):
        return (yield)
    controller.resume()
    try:
        return (yield)
    finally:
        controller.pause()


def _after_import(controller: Any) -> Iterator[None]:
    """Pause coverage once the modules that it measures are imported.

    Tests call functions with a cache during the collection. The caches are emptied, so that coverage sees them run.
    """
    measured = _measured_modules(controller.cov.get_option("run:source_pkgs"))
    controller.pause()
    try:
        return (yield)
    finally:
        _empty_caches(measured)


def _controller(config: pytest.Config) -> Any:
    """Return the object of pytest-cov that pauses and resumes coverage; None without `--cov`."""
    plugin = config.pluginmanager.getplugin("_cov")
    return plugin and plugin.cov_controller


def _measured_modules(packages: list[str]) -> list[ModuleType]:
    """Import each module of the packages."""
    roots = [importlib.import_module(package) for package in packages]
    inner = [found.name for root in roots for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}.")]
    return roots + [importlib.import_module(name) for name in inner]


def _empty_caches(modules: list[ModuleType]) -> None:
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, functools._lru_cache_wrapper):
                value.cache_clear()
