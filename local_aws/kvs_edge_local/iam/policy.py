"""Evaluation of identity policies and a permissions boundary, as in IAM. Pure.

Source: "Policy evaluation logic" and "IAM JSON policy element reference" of the IAM user guide. moto's own evaluator
denies where a condition of an Allow is not met, and does not support boundaries.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from kvs_edge_local.iam.conditions import Conditions, Context, as_list, hold
from kvs_edge_local.iam.patterns import UnsupportedPolicyError, matches_action, matches_resource

_KNOWN_ELEMENTS = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})


class Outcome(Enum):
    """Outcome of a request, with its reason."""

    ALLOWED = "allowed"
    DENIED_EXPLICITLY = "denied explicitly"
    DENIED_BY_BOUNDARY = "denied explicitly by the permissions boundary"
    NOT_ALLOWED = "not allowed by a policy"
    NOT_WITHIN_BOUNDARY = "not allowed by the permissions boundary"


@dataclass(frozen=True)
class Asked:
    """Request: action, resource and the values of its condition keys."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True)
class Grant:
    """Action and resource as spelled in a statement that allows them."""

    policy: str
    statement: int
    action: str
    resource: str


@dataclass(frozen=True)
class Statement:
    """Statement of a policy; `number` counts from 0."""

    policy: str
    number: int
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions
    all_actions_but: bool = False
    all_resources_but: bool = False
    unknown: frozenset[str] = frozenset()

    def concerns(self, asked: Asked) -> bool:
        """Return True if the statement applies to the request. Raise UnsupportedPolicyError if that is unknown."""
        action = any(matches_action(each, asked.action) for each in self.actions)
        if action == self.all_actions_but:
            return False
        if self.unknown:
            raise UnsupportedPolicyError(
                f"statement {self.number} of policy {self.policy!r} has {', '.join(sorted(self.unknown))}, "
                "which an identity policy cannot have"
            )
        resource = any(matches_resource(each, asked.resource) for each in self.resources)
        return resource != self.all_resources_but and hold(self.conditions, asked.context)

    def grants(self) -> Iterator[Grant]:
        """Yield each pair of action and resource of an Allow without NotAction and NotResource."""
        yield from self._pairs(self.actions, self.resources)

    def grants_for(self, asked: Asked) -> Iterator[Grant]:
        """Yield those of its grants that the request needs."""
        actions = (each for each in self.actions if matches_action(each, asked.action))
        yield from self._pairs(actions, [each for each in self.resources if matches_resource(each, asked.resource)])

    def _pairs(self, actions: Iterable[str], resources: Sequence[str]) -> Iterator[Grant]:
        if self.allows and not (self.all_actions_but or self.all_resources_but):
            for action in actions:
                for resource in resources:
                    yield Grant(self.policy, self.number, action, resource)


@dataclass(frozen=True)
class Verdict:
    """Outcome, and the grants that it needed."""

    outcome: Outcome
    grants: frozenset[Grant] = frozenset()


def parse(policy: str, document: str | Mapping[str, Any]) -> tuple[Statement, ...]:
    """Parse an identity policy; keep unsupported elements, to be refused when they matter."""
    return _parsed(policy, document) if isinstance(document, str) else _statements(policy, document)


@lru_cache(maxsize=1024)
def _parsed(policy: str, document: str) -> tuple[Statement, ...]:
    # Every decision reads the role's policies again.
    return _statements(policy, json.loads(document))


def _statements(policy: str, document: Mapping[str, Any]) -> tuple[Statement, ...]:
    statements = document["Statement"]
    if isinstance(statements, Mapping):
        statements = [statements]
    return tuple(_statement(policy, number, each) for number, each in enumerate(statements))


def evaluate(statements: Iterable[Statement], asked: Asked, boundary: Iterable[Statement] | None = None) -> Verdict:
    """Decide: an explicit Deny wins; otherwise an Allow is required, and one in the boundary if there is one."""
    concerned = [each for each in statements if each.concerns(asked)]
    limiting = None if boundary is None else [each for each in boundary if each.concerns(asked)]
    if not all(each.allows for each in concerned):
        return Verdict(Outcome.DENIED_EXPLICITLY)
    if not all(each.allows for each in limiting or ()):
        return Verdict(Outcome.DENIED_BY_BOUNDARY)
    if not concerned:
        return Verdict(Outcome.NOT_ALLOWED)
    if limiting is not None and not limiting:
        return Verdict(Outcome.NOT_WITHIN_BOUNDARY)
    return Verdict(Outcome.ALLOWED, frozenset(grant for each in concerned for grant in each.grants_for(asked)))


def _statement(policy: str, number: int, element: Mapping[str, Any]) -> Statement:
    action = "NotAction" if "NotAction" in element else "Action"
    resource = "NotResource" if "NotResource" in element else "Resource"
    return Statement(
        policy=policy,
        number=number,
        allows=element["Effect"] == "Allow",
        actions=tuple(as_list(element.get(action, ()))),
        resources=tuple(as_list(element.get(resource, ()))),
        conditions=element.get("Condition", {}),
        all_actions_but=action == "NotAction",
        all_resources_but=resource == "NotResource",
        unknown=frozenset(element.keys() - _KNOWN_ELEMENTS),
    )
