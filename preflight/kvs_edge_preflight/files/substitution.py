"""Substitution of references and pseudo parameters in requests."""

from collections.abc import Callable, Mapping
from typing import Any

from kvs_edge_preflight.files.environment import PseudoParameters, hub_arn
from kvs_edge_preflight.files.references import Reference, reference_in

Path = tuple[str, ...]


def substitute_values(
    values: Mapping[str, Any],
    value_of: Callable[[Path, Reference], Any],
    fill: Callable[[str], str],
    path: Path = (),
) -> dict[str, Any]:
    """Return the values with references replaced, at any depth.

    Args:
        values: The values, such as a request.
        value_of: Returns the value of a reference at a path. Its exceptions propagate.
        fill: Returns a text with values of pseudo parameters.
        path: Path of `values`.
    """
    found = {}
    for name, value in values.items():
        steps = (*path, name)
        reference = reference_in(value)
        if reference is not None:
            found[name] = value_of(steps, reference)
        elif isinstance(value, Mapping):
            found[name] = substitute_values(value, value_of, fill, steps)
        else:
            found[name] = fill(value) if isinstance(value, str) else value
    return found


def substitute(
    request: Mapping[str, Any], pseudo: PseudoParameters, value_of: Callable[[Reference], str | Reference]
) -> dict[str, Any]:
    """Return the literal request: with values of references and pseudo parameters.

    A reference at HubDeviceArn may be a hub's name, too. A reference stays if `value_of` returns a reference. The
    values are not checked: `find_faults` of `kvs_edge_preflight.faults` does that.
    """

    def literal(path: Path, reference: Reference) -> str | Reference:
        value = value_of(reference)
        return hub_arn(value, pseudo) if isinstance(value, str) and path[-1] == "HubDeviceArn" else value

    return substitute_values(request, literal, pseudo.fill)
