"""Base class of the handlers that create resources through API calls."""

from abc import ABC
from typing import ClassVar

from kvs_edge_local.cloudformation.resources.api import Api
from kvs_edge_local.cloudformation.resources.handler import ResourceHandler


class ApiHandler(ResourceHandler, ABC):
    """Handler that calls the API of an AWS service."""

    resource_types: ClassVar[frozenset[str]]

    def __init__(self, api: Api) -> None:
        self._api = api
