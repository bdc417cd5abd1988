"""Handlers by AWS service, one module each.

A new resource type needs only a handler here: the package finds every ApiHandler in its modules.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from kvs_edge_local.cloudformation.resources.api import Api
from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler


def service_handlers(api: Api) -> dict[str, ApiHandler]:
    """Return a handler for each resource type of this package."""
    return {name: handler(api) for handler in _handler_classes() for name in handler.resource_types}


def _handler_classes() -> Iterator[type[ApiHandler]]:
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for _, member in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(member, ApiHandler) and member.__module__ == module.name:
                yield member
