"""Handlers by resource type. A type without a handler is refused by name."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from threading import Lock

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.errors import TemplateError
from kvs_edge_local.cloudformation.resources.api import Api
from kvs_edge_local.cloudformation.resources.handler import ResourceFailedError, ResourceHandler
from kvs_edge_local.cloudformation.resources.moto_models import MotoModel, moto_models
from kvs_edge_local.cloudformation.resources.references import ApiReader
from kvs_edge_local.cloudformation.resources.resolving import ResolvingHandler
from kvs_edge_local.cloudformation.resources.services import service_handlers
from kvs_edge_local.cloudformation.template import ResourceDefinition
from kvs_edge_local.cloudformation.unsupported_types import unsupported_types

logger = logging.getLogger(__name__)

# moto's own engine would create nested stacks, and it runs no custom resource.
NOT_FROM_MOTO = frozenset({"AWS::CloudFormation::Stack"})


class Registry:
    """Handlers of one region."""

    def __init__(self, clock: Clock, api: Api, custom: ResourceHandler) -> None:
        self._custom = custom
        self._references = ApiReader(api)
        self._handlers: Mapping[str, ResourceHandler] = {
            **{name: model for name, model in moto_models(clock).items() if name not in NOT_FROM_MOTO},
            **service_handlers(api),
        }
        # moto's backends do not support two writers at a time.
        self._one_at_a_time = Lock()

    def handler(self, definition: ResourceDefinition) -> ResourceHandler:
        """Return the handler of a resource's type, which resolves dynamic references."""
        return ResolvingHandler(self._maker(definition), self._references, custom=definition.is_custom)

    def _maker(self, definition: ResourceDefinition) -> ResourceHandler:
        if definition.is_custom:
            return self._custom
        if definition.type not in self._handlers:
            raise TemplateError(unsupported_types([definition]))
        return self._handlers[definition.type]

    def check_types(self, definitions: Iterable[ResourceDefinition]) -> None:
        """Raise a TemplateError that names all unsupported resource types."""
        missing = [each for each in definitions if not each.is_custom and each.type not in self._handlers]
        if missing:
            raise TemplateError(unsupported_types(missing))

    @contextmanager
    def turn(self, handler: ResourceHandler) -> Iterator[None]:
        """Serialize the work of handlers: only custom resources are processed concurrently."""
        with nullcontext() if handler.concurrent else self._one_at_a_time:
            try:
                yield
            except ResourceFailedError:
                raise
            except Exception as error:
                # A stack with an internal error can still be rolled back.
                logger.exception("%s failed with an internal error", handler)
                raise ResourceFailedError(f"Internal failure of the local AWS: {error!r}") from error

    def knows_attribute(self, definition: ResourceDefinition, name: str) -> bool:
        """Return True if Fn::GetAtt supports the attribute for this resource."""
        handler = self._maker(definition)
        if isinstance(handler, MotoModel):
            return handler.knows_attribute(name)
        return handler.attributes is None or name in handler.attributes
