"""Result of an operation as mappings with the API's names."""

from collections.abc import Mapping
from typing import Any

from moto import settings
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionContext, ActionResult
from moto.core.serialize import DefaultAttributePicker


class PlainResult(ActionResult):
    """Result whose mappings have exactly the API's names.

    moto makes an object for each member of each item, and tries five other names for each absent member. That takes
    most of the time of a long list.
    """

    def execute_result(self, context: ActionContext) -> TYPE_RESPONSE:
        """Serialize the result."""
        serializer: Any = context.serializer_class(
            operation_model=context.operation_model,
            pretty_print=settings.PRETTIFY_RESPONSES,
            value_picker=DefaultAttributePicker(),
        )
        serializer.get_value = _member
        serialized = serializer.serialize(self.result)
        return serialized["status_code"], serialized["headers"], serialized["body"]


def _member(item: Mapping[str, Any], name: str, _shape: object) -> Any:
    return item.get(name)
