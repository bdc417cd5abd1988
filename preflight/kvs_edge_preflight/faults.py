"""All faults of a declaration, found with jsonschema; for synthesis and the command line, not for Lambda."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from kvs_edge import schema
from kvs_edge.errors import Fault
from kvs_edge.rules import Schema, first_broken
from kvs_edge_preflight.suggestions import did_you_mean

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


def find_faults(
    declaration: Mapping[str, Any],
    definition: str = "ResourceProperties",
    unknown_yet: Callable[[object], bool] = lambda value: False,
) -> list[Fault]:
    """Return the violated rules of a definition in the schema, sorted by path.

    `unknown_yet` tells which values are known only at deployment (CDK tokens): they pass.
    """
    whole = schema.definition(definition)
    if first_broken(declaration, whole, whole["definitions"], passes=unknown_yet) is None:
        return []  # the usual case, in a tenth of the time
    from jsonschema import Draft7Validator  # a tenth of a second, for faults only

    validator = Draft7Validator(whole)
    errors = (error for error in validator.iter_errors(declaration) if not unknown_yet(error.instance))
    return sorted({_key(fault): fault for fault in map(_fault, errors)}.values(), key=_key)


def _fault(error: "ValidationError") -> Fault:
    path = ".".join(map(str, error.absolute_path))
    field = cast(Schema, error.schema)
    explained = schema.explain(str(error.validator), field, error.instance)
    if error.validator == "additionalProperties":
        unknown = [name for name in cast(Mapping[str, object], error.instance) if name not in field["properties"]]
        explained += did_you_mean(unknown[0], field["properties"])
    return Fault(path, error.instance, explained, field.get("arnField"))


def _key(fault: Fault) -> tuple[str, str]:
    return fault.path, fault.rule
