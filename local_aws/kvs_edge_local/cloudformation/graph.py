"""Who depends on whom, and a walk along it that does at once what may be done at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import CycleError, TopologicalSorter
from typing import Any

from kvs_edge_local.cloudformation.errors import TemplateError
from kvs_edge_local.cloudformation.intrinsics import function_of, get_att_parts, substitution_names

Dependencies = Mapping[str, AbstractSet[str]]
Reference = tuple[str, str | None]


def references(value: Any) -> Iterator[Reference]:
    """Each name that a value refers to, with the attribute if it is one that is referred to."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        function = function_of(value)
        if function == "Ref":
            yield value["Ref"], None
        elif function == "Fn::GetAtt":
            logical_id, attribute = get_att_parts(value[function])
            yield logical_id, attribute if isinstance(attribute, str) else None
            yield from references(attribute)
        elif function == "Fn::Sub":
            yield from _sub_references(value[function])
        else:
            for item in value.values():
                yield from references(item)


def _sub_references(argument: Any) -> Iterator[Reference]:
    text, variables = argument if isinstance(argument, list) else (argument, {})
    for name in substitution_names(text):
        if name not in variables:
            logical_id, _, attribute = name.partition(".")
            yield logical_id, attribute or None
    yield from references(variables)


def refuse_cycles(dependencies: Dependencies) -> None:
    """Raise a TemplateError that names the resources of a circle."""
    try:
        TopologicalSorter(dependencies).prepare()
    except CycleError as error:
        circle = ", ".join(error.args[1][:-1])
        raise TemplateError(f"Circular dependency between resources: [{circle}]") from error


def in_order(dependencies: Dependencies) -> list[str]:
    """Each node after those that it depends on."""
    return list(TopologicalSorter(dependencies).static_order())


def restricted(dependencies: Dependencies, nodes: Iterable[str]) -> dict[str, set[str]]:
    """The dependencies among these nodes only, through whatever stands between them."""
    kept = set(nodes)

    def nearest(node: str, seen: set[str]) -> Iterator[str]:
        for dependency in dependencies.get(node, ()):
            if dependency in seen:
                continue
            seen.add(dependency)
            if dependency in kept:
                yield dependency
            else:
                yield from nearest(dependency, seen)

    return {node: set(nearest(node, set())) for node in kept}


def reversed_order(dependencies: Dependencies) -> dict[str, set[str]]:
    """The order of deletion: what depended on a node goes before it."""
    reverse: dict[str, set[str]] = {node: set() for node in dependencies}
    for node, needed in dependencies.items():
        for dependency in needed:
            reverse[dependency].add(node)
    return reverse


def walk(dependencies: Dependencies, visit: Callable[[str], bool]) -> None:
    """Visit each node after those it depends on, independent ones at the same time.

    A visit that returns False holds back the nodes that depend on it; the others go on. An exception ends the
    walk once the visits under way are over.
    """
    if not dependencies:
        return
    sorter = TopologicalSorter(dependencies)
    sorter.prepare()
    with ThreadPoolExecutor(max_workers=len(dependencies), thread_name_prefix="cloudformation") as pool:
        under_way: dict[Future[bool], str] = {}
        while True:
            under_way |= {pool.submit(visit, node): node for node in sorter.get_ready()}
            if not under_way:
                return
            finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in finished:
                node = under_way.pop(future)
                if future.result():
                    sorter.done(node)
