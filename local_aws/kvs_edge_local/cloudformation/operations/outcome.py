"""Outcome of an operation: the stack's outputs, or the reason of its failure."""

from collections.abc import Callable, Iterable

from kvs_edge_local.cloudformation.convergence import Convergence
from kvs_edge_local.cloudformation.errors import TemplateError
from kvs_edge_local.cloudformation.stack import Output, Stack, StackResource

CheckExports = Callable[[Stack, list[Output]], None]


def settle_outputs(convergence: Convergence, check_exports: CheckExports) -> str | None:
    """Set the stack's new outputs, or return why they cannot be resolved."""
    try:
        outputs = convergence.outputs()
        check_exports(convergence.stack, outputs)
    except TemplateError as error:
        return f"{error} "
    convergence.stack.outputs = outputs
    return None


def failure_reason(resources: Iterable[StackResource]) -> str:
    """Return the reason of a stack's failed operation in CloudFormation's words."""
    failed: dict[str, list[str]] = {"create": [], "update": [], "delete": []}
    for resource in resources:
        for verb, names in failed.items():
            if resource.status == f"{verb.upper()}_FAILED":
                names.append(resource.definition.logical_id)
    sentences = [
        f"The following resource(s) failed to {verb}: [{', '.join(sorted(names))}]. "
        for verb, names in failed.items()
        if names
    ]
    return "".join(sentences) or "User Initiated. "
