"""Intrinsic functions, evaluated as far as a template determines them.

A value that is known only at deployment becomes a `Reference`, which says what it depends on. A text with unknown parts
becomes a ``Fn::Sub``.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from kvs_edge_preflight.files.references import Reference
from kvs_edge_preflight.templates.conditions import Conditions
from kvs_edge_preflight.templates.resources import ATTRIBUTES, NESTED_STACK_TYPE, REFS
from kvs_edge_preflight.templates.scope import Scope, mapping

NO_VALUE = object()
"""``AWS::NoValue``: the property is absent."""
_MAX_CHARACTERS = 10_000
"""No value of an edge configuration is longer; texts of texts could double with each step."""
_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_SSM_TYPE = "AWS::SSM::Parameter::Value"
_SHOWN_CHARACTERS = 80


class Intrinsics:
    """Evaluation of values in the scope of one template."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.conditions = Conditions(scope, self.resolve)
        self._attributes: dict[str, Any] = {}
        pseudo = scope.environment.pseudo
        self._pseudo: Mapping[str, Any] = {
            "AWS::Partition": pseudo.partition,
            "AWS::Region": pseudo.region,
            "AWS::AccountId": pseudo.account,
            "AWS::NoValue": NO_VALUE,
            **({} if scope.stack is None else {"AWS::StackName": scope.stack}),
        }
        self._functions: Mapping[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Join": self._join,
            "Fn::Sub": self._sub,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::ImportValue": self._import_value,
        }

    def resolve(self, value: Any) -> Any:
        """Return a value without intrinsic functions; a `Reference` in place of what is unknown.

        Raises:
            RecursionError: A value refers to itself.
        """
        if isinstance(value, Mapping):
            name = function_in(value)
            return self._members(value) if name is None else self._call(name, value[name])
        if isinstance(value, list):
            return [found for found in map(self.resolve, value) if found is not NO_VALUE]
        if isinstance(value, str) and "{{resolve:" in value:
            return Reference("Fn::Sub", value)
        return value

    def _members(self, value: Mapping[str, Any]) -> dict[str, Any]:
        found = {name: self.resolve(member) for name, member in value.items()}
        return {name: member for name, member in found.items() if member is not NO_VALUE}

    def _call(self, name: str, argument: Any) -> Any:
        function = self._functions.get(name)
        return _unsupported(name, argument) if function is None else function(argument)

    def _ref(self, argument: Any) -> Any:
        name = str(argument)
        if name in self._pseudo:
            return self._pseudo[name]
        if name in self.scope.given:
            return self.scope.given[name]
        if name in self.scope.parameters:
            return self.scope.in_parent(self.scope.parameters[name])
        if name in self.scope.section("Parameters"):
            return self._default(name)
        resource = self.scope.resource(name)
        field = REFS.get(str(resource.get("Type")))
        return self._property(resource, field, Reference("Ref", name))

    def _default(self, name: str) -> Any:
        parameter = mapping(self.scope.section("Parameters")[name])
        default, kind = parameter.get("Default"), str(parameter.get("Type"))
        # The default of an SSM parameter type is the name of the parameter, not its value.
        if default is None or kind.startswith(_SSM_TYPE) or str(parameter.get("NoEcho")).lower() == "true":
            return Reference("Ref", name)
        return str(default).split(",") if kind == "CommaDelimitedList" else default

    def _get_att(self, argument: Any) -> Any:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        match parts:
            case [str(logical_id), str(attribute)]:
                name = f"{logical_id}.{attribute}"
                if name not in self._attributes:
                    self._attributes[name] = self._attribute(logical_id, attribute)
                return self._attributes[name]
            case _:
                return _unsupported("Fn::GetAtt", argument)

    def _attribute(self, logical_id: str, attribute: str) -> Any:
        unknown = Reference("Fn::GetAtt", f"{logical_id}.{attribute}")
        if unknown.name in self.scope.given:
            return self.scope.given[unknown.name]
        resource = self.scope.resource(logical_id)
        kind = str(resource.get("Type"))
        if kind == NESTED_STACK_TYPE and attribute.startswith("Outputs."):
            value = self.scope.output(logical_id, attribute.removeprefix("Outputs."))
            return unknown if value is None else value
        text = ATTRIBUTES.get((kind, attribute))
        if text is None:
            return unknown
        names = {name: self._property(resource, name, unknown) for name in _VARIABLE.findall(text) if ":" not in name}
        return unknown if any(isinstance(value, Reference) for value in names.values()) else self._sub([text, names])

    def _property(self, resource: Mapping[str, Any], name: str | None, unknown: Reference) -> Any:
        value = None if name is None else mapping(resource.get("Properties")).get(name)
        found = None if value is None else self.resolve(value)
        return found if isinstance(found, str) else unknown

    def _join(self, argument: Any) -> Any:
        match argument:
            case [str(delimiter), members]:
                parts = self.resolve(members)
                if isinstance(parts, list):
                    return _text(_joined(parts, delimiter))
        return _unsupported("Fn::Join", argument)

    def _sub(self, argument: Any) -> Any:
        match argument:
            case str(text):
                names: Mapping[str, Any] = {}
            case [str(text), Mapping() as names]:
                pass
            case _:
                return _unsupported("Fn::Sub", argument)
        parts = _VARIABLE.split(text)
        for at in range(1, len(parts), 2):
            parts[at] = self._variable(parts[at].strip(), names)
        parts[::2] = [part.replace("${!", "${") for part in parts[::2]]
        return _text(parts)

    def _variable(self, name: str, names: Mapping[str, Any]) -> Any:
        if name in names:
            return self.resolve(names[name])
        return self._call("Fn::GetAtt", name) if "." in name else self._call("Ref", name)

    def _select(self, argument: Any) -> Any:
        match self.resolve(argument):
            case [index, list(members)] if str(index).isdigit() and int(index) < len(members):
                return members[int(index)]
        return _unsupported("Fn::Select", argument)

    def _split(self, argument: Any) -> Any:
        match self.resolve(argument):
            case [str(delimiter), str(text)] if delimiter:
                return text.split(delimiter)
        return _unsupported("Fn::Split", argument)

    def _if(self, argument: Any) -> Any:
        match argument:
            case [str(name), positive, negative]:
                holds = self.conditions.holds(name)
                return Reference("Condition", name) if holds is None else self.resolve(positive if holds else negative)
        return _unsupported("Fn::If", argument)

    def _find_in_map(self, argument: Any) -> Any:
        match self.resolve(argument):
            case [str(name), first, second, *_]:
                row = mapping(mapping(self.scope.section("Mappings").get(name)).get(str(first)))
                if str(second) in row:
                    return row[str(second)]
        return _unsupported("Fn::FindInMap", argument)

    def _import_value(self, argument: Any) -> Any:
        name = self.resolve(argument)
        if not isinstance(name, str):
            return _unsupported("Fn::ImportValue", argument)
        value = self.scope.imported(name)
        return Reference("Fn::ImportValue", name) if value is None else value


def function_in(value: Mapping[str, Any]) -> str | None:
    """Return the name of the intrinsic function that a mapping calls; None if it calls none."""
    name = next(iter(value)) if len(value) == 1 else ""
    return name if name == "Ref" or name.startswith("Fn::") else None


def _joined(parts: list[Any], delimiter: str) -> list[Any]:
    """Return the parts with the delimiter between them."""
    return [part for member in parts for part in (delimiter, member)][1:]


def _text(parts: list[Any]) -> Any:
    """Return the parts as one text; a ``Fn::Sub`` if one of them is unknown."""
    known = [part for part in parts if part != ""]
    if len(known) == 1 and isinstance(known[0], Reference):
        return known[0]
    text = "".join(map(_shown, known))
    if len(text) > _MAX_CHARACTERS:
        return Reference("Fn::Sub", f"{text[:_SHOWN_CHARACTERS]}...")
    return Reference("Fn::Sub", text) if any(isinstance(part, Reference) for part in known) else text


def _shown(part: Any) -> str:
    if isinstance(part, Reference):
        return part.name if part.kind == "Fn::Sub" else f"${{{part.name}}}"
    return str(part).lower() if isinstance(part, bool) else str(part)


def _unsupported(name: str, argument: Any) -> Reference:
    text = json.dumps(argument, default=str)
    return Reference(name, text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "...")
