"""Resource types that moto's own CloudFormation models create.

Only models that can also delete are used: the others would leave resources behind.
"""

import inspect
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import ServiceException

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.latch import wait_for_any
from kvs_edge_local.cloudformation.resources.handler import (
    CancelledError,
    Provisioned,
    ResourceFailedError,
    ResourceHandler,
    ResourceRequest,
)
from kvs_edge_local.cloudformation.schemas import attributes
from kvs_edge_local.moto_cloudformation import UnformattedGetAttTemplateException, parsing

POLL_SECONDS = 0.5
STABILIZATION_SECONDS = 900.0


class MotoModel(ResourceHandler):
    """Handler for one of moto's models."""

    # A model knows its attributes by itself: see `knows_attribute`.
    attributes: ClassVar[frozenset[str] | None] = None

    def __init__(self, clock: Clock, resource_type: str, model: type[CloudFormationModel]) -> None:
        self._clock = clock
        self._type = resource_type
        self._model = model
        self._made: dict[str, Any] = {}

    @property
    def updatable(self) -> bool:
        """True if the model supports updates."""
        return _offers(self._model, "update_from_cloudformation_json")

    def knows_attribute(self, name: str) -> bool:
        """Return True if Fn::GetAtt supports the attribute."""
        return name in attributes(self._type) and bool(self._model.has_cfn_attr(name))

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the resource through the model."""
        name_property = self._model.cloudformation_name_type()
        made = self._run(
            self._model.create_from_cloudformation_json,
            request.name(name_property) if name_property else request.generated_name(),
            _definition(request),
            request.stack.account,
            request.stack.region,
            LogicalId=request.logical_id,
            StackId=request.stack.stack_id,
            ResourceType=request.type,
        )
        return self._provisioned(made)

    def stabilize(self, request: ResourceRequest, provisioned: Provisioned) -> None:
        """Wait for a creation in the background: a video stream is CREATING at first."""
        waited, made = 0.0, self._made[provisioned.physical_id]
        while not made.is_created():
            if request.cancelled.is_set:
                raise CancelledError("Resource creation cancelled", provisioned.physical_id)
            if waited >= STABILIZATION_SECONDS:
                raise ResourceFailedError("Exceeded attempts to wait", provisioned.physical_id)
            wait_for_any(self._clock, POLL_SECONDS, request.cancelled)
            waited += POLL_SECONDS

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Update the resource through the model."""
        changed = self._run(
            self._model.update_from_cloudformation_json,
            original_resource=self._made[current.physical_id],
            new_resource_name=current.physical_id,
            cloudformation_json=_definition(request),
            account_id=request.stack.account,
            region_name=request.stack.region,
        )
        return self._provisioned(changed)

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the resource through the model."""
        made = self._made.pop(current.physical_id)
        if _deletes_itself(self._model):
            self._run(made.delete, request.stack.account, request.stack.region)
        else:
            self._run(
                self._model.delete_from_cloudformation_json,
                current.physical_id,
                _definition(request),
                request.stack.account,
                request.stack.region,
            )

    def _run(self, action: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return action(*args, **kwargs)
        except ServiceException as error:
            raise ResourceFailedError(f'Resource handler returned message: "{error.message}"') from error
        except KeyError as error:
            raise ResourceFailedError(f"{self._type} needs {error}") from error

    def _provisioned(self, made: Any) -> Provisioned:
        physical_id = str(made.physical_resource_id)
        self._made[physical_id] = made
        return Provisioned(physical_id, dict(self._attributes_of(made)))

    def _attributes_of(self, made: Any) -> Iterator[tuple[str, Any]]:
        for name in attributes(self._type):
            if self.knows_attribute(name):
                # A model may claim an attribute that it does not have.
                with suppress(UnformattedGetAttTemplateException, NotImplementedError, AttributeError):
                    yield name, made.get_cfn_attribute(name)


def moto_models(clock: Clock) -> dict[str, MotoModel]:
    """Return a handler for each resource type with a complete model in moto."""
    return {
        resource_type: MotoModel(clock, resource_type, model)
        for resource_type, model in parsing.get_model_map().items()
        if _deletes_itself(model) or _offers(model, "delete_from_cloudformation_json")
    }


def _deletes_itself(model: type[CloudFormationModel]) -> bool:
    # Some models have a delete for another purpose, with other parameters.
    method = getattr(model, "delete", None)
    return method is not None and len(inspect.signature(method).parameters) == len(("self", "account", "region"))


def _offers(model: type[CloudFormationModel], method: str) -> bool:
    # moto itself checks for this mark of an abstract method.
    return not hasattr(getattr(model, method), "__isabstractmethod__")


def _definition(request: ResourceRequest) -> dict[str, Any]:
    return {"Type": request.type, "Properties": dict(request.properties)}
