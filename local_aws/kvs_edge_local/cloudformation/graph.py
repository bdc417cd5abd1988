"""Dependency graph, and a concurrent walk along it."""

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
    """Yield each name that a value refers to, with the attribute if it refers to one."""
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
    """Raise a TemplateError that names the resources of a cycle."""
    try:
        TopologicalSorter(dependencies).prepare()
    except CycleError as error:
        circle = ", ".join(error.args[1][:-1])
        raise TemplateError(f"Circular dependency between resources: [{circle}]") from error


def in_order(dependencies: Dependencies) -> list[str]:
    """Return the nodes, each after its dependencies."""
    return list(TopologicalSorter(dependencies).static_order())


def restricted(dependencies: Dependencies, nodes: Iterable[str]) -> dict[str, set[str]]:
    """Return the dependencies among these nodes only, including those through other nodes."""
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
    """Return the order of deletion: dependents first."""
    reverse: dict[str, set[str]] = {node: set() for node in dependencies}
    for node, needed in dependencies.items():
        for dependency in needed:
            reverse[dependency].add(node)
    return reverse


def walk(dependencies: Dependencies, visit: Callable[[str], bool]) -> None:
    """Visit each node after its dependencies, independent nodes concurrently.

    A visit that returns False holds back the dependents of its node; the others continue. An exception ends the walk
    after the visits in progress.
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
