"""Collection of the tests without coverage and without garbage collection, a plugin of pytest.

Each worker imports all modules of tests, and with them moto and the CDK. Coverage and Python's garbage collector take
half of that time, and neither finds anything there: coverage measures other packages, and modules stay.
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
    """Pause coverage and the garbage collector; only the import of the modules that coverage measures is watched."""
    plugins = session.config.pluginmanager
    plugin = plugins.getplugin("_cov")
    controller = plugin and plugin.cov_controller
    if plugins.hasplugin("dsession"):
        # The process that starts the workers collects nothing.
        return (yield)
    gc.disable()
    try:
        return (yield from _unwatched(controller)) if controller else (yield)
    finally:
        gc.enable()


def _unwatched(controller: Any) -> Iterator[None]:
    """Pause coverage once the modules that it measures are imported.

    Tests call functions with a cache during the collection. The caches are emptied, so that coverage sees them run.
    """
    measured = _measured_modules(controller.cov.get_option("run:source_pkgs"))
    controller.pause()
    try:
        return (yield)
    finally:
        _empty_caches(measured)
        controller.resume()


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
