"""Requests as AWS takes them, from those that wait for a region, an account and what is made elsewhere."""

from collections.abc import Callable, Mapping
from typing import Any

from kvs_edge_preflight.files.environment import PseudoParameters, hub_arn
from kvs_edge_preflight.files.references import Reference, reference_in


def substitute(
    request: Mapping[str, Any], pseudo: PseudoParameters, value_of: Callable[[Reference], str]
) -> dict[str, Any]:
    """The request with values instead of pseudo parameters and references.

    A reference at HubDeviceArn may stand for a hub's name as well. What `value_of` raises is not caught, and what it
    returns is not checked: that is for `kvs_edge_preflight.faults.find_faults`.
    """
    return {name: _substituted(name, value, pseudo, value_of) for name, value in request.items()}


def _substituted(name: str, value: Any, pseudo: PseudoParameters, value_of: Callable[[Reference], str]) -> Any:
    reference = reference_in(value)
    if reference is not None:
        found = value_of(reference)
        return hub_arn(found, pseudo) if name == "HubDeviceArn" else found
    if isinstance(value, Mapping):
        return substitute(value, pseudo, value_of)
    return pseudo.fill(value) if isinstance(value, str) else value
