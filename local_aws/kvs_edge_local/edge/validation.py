"""Validation of requests against botocore's own model of the service, so that constraints are defined once.

Before it sends, botocore checks only required members, types and minimums. The service checks the model's other
constraints, with the messages used here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from botocore.model import Shape, StructureShape

from kvs_edge_local.edge.errors import EdgeServiceError, invalid_argument
from kvs_edge_local.edge.model import operation_model

_JSON_TYPES: Final[Mapping[str, type]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "structure": dict,
}


def validate(operation: str, request: Mapping[str, Any]) -> None:
    """Raise an `EdgeServiceError` that lists every constraint of the operation's input that is violated."""
    shape = operation_model(operation).input_shape
    assert isinstance(shape, StructureShape), operation
    faults = list(_structure_faults(shape, request, ""))
    if faults:
        detected = "1 validation error" if len(faults) == 1 else f"{len(faults)} validation errors"
        raise invalid_argument(f"{detected} detected: {'; '.join(faults)}")


def _structure_faults(shape: StructureShape, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, member in shape.members.items():
        where = f"{path}.{_lower_first(name)}" if path else _lower_first(name)
        if value.get(name) is not None:
            yield from _faults(member, value[name], where)
        elif name in shape.required_members:
            yield f"Value null at '{where}' failed to satisfy constraint: Member must not be null"


def _faults(shape: Shape, value: object, path: str) -> Iterator[str]:
    expected = _JSON_TYPES[shape.type_name]
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        raise EdgeServiceError("SerializationException", f"{type(value).__name__} at '{path}' is no {shape.type_name}")
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        yield from _structure_faults(shape, value, path)
    elif isinstance(value, str | int):
        shown = "***sensitiveInformation***" if shape.metadata.get("sensitive") else value
        for constraint in _violated(shape, value):
            yield f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}"


def _violated(shape: Shape, value: str | int) -> Iterator[str]:
    limits = shape.metadata
    measured, measure = (len(value), "length") if isinstance(value, str) else (value, "value")
    if "max" in limits and measured > limits["max"]:
        yield f"Member must have {measure} less than or equal to {limits['max']}"
    if "min" in limits and measured < limits["min"]:
        yield f"Member must have {measure} greater than or equal to {limits['min']}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], str(value)):
        yield f"Member must satisfy regular expression pattern: {limits['pattern']}"


def _lower_first(name: str) -> str:
    # AWS spells paths in camel case: edgeConfig.hubDeviceArn, but streamARN.
    return name[:1].lower() + name[1:]
