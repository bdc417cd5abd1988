"""Decisions for role sessions, and their record."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import RLock

from kvs_edge_local.clock import Clock
from kvs_edge_local.iam.policy import Asked, Grant, Outcome, evaluate
from kvs_edge_local.iam.propagation import Propagation
from kvs_edge_local.iam.roles import RolePolicies, Session, every_role, policies_of


@dataclass(frozen=True)
class Decision:
    """Decision: time (scaled seconds since the epoch), principal, request, and the grants that allow it."""

    time: float
    principal: str
    role_name: str
    asked: Asked
    outcome: Outcome
    grants: frozenset[Grant]

    @property
    def allowed(self) -> bool:
        """True if the call is allowed."""
        return self.outcome is Outcome.ALLOWED


class Authorizer:
    """Authorizer that checks calls of role sessions against the role's policies in moto.

    `propagation_seconds` (scaled) pass until a new or changed policy takes effect. `observe` detects a change, and so
    does every decision: call it after writing a policy for an exact delay.
    """

    def __init__(self, clock: Clock, propagation_seconds: float = 0.0) -> None:
        self._clock = clock
        self._propagation = Propagation(propagation_seconds)
        self._lock = RLock()
        self._decisions: list[Decision] = []

    @property
    def propagation_seconds(self) -> float:
        """Scaled seconds until a policy takes effect."""
        return self._propagation.seconds

    @propagation_seconds.setter
    def propagation_seconds(self, seconds: float) -> None:
        if not seconds >= 0:
            raise ValueError(f"policy propagation of {seconds} seconds: give 0 or more")
        self._propagation.seconds = seconds

    def observe(self) -> None:
        """Record the current policies of all roles."""
        if self._propagation.seconds:
            with self._lock:
                now = self._clock.now()
                for role, policies in every_role():
                    self._propagation.observe((role.account, role.role_name), policies, now)

    def decide(self, session: Session, asked: Asked) -> Decision:
        """Decide and record the decision. Raise UnsupportedPolicyError for a policy that cannot be evaluated."""
        self.observe()
        with self._lock:
            now = self._clock.now()
            policies = self._in_effect(session, now)
            verdict = evaluate(policies.statements, asked, policies.boundary)
            decision = Decision(now, session.principal, session.role_name, asked, verdict.outcome, verdict.grants)
            self._decisions.append(decision)
            return decision

    def decisions(self) -> tuple[Decision, ...]:
        """Return every decision in order."""
        with self._lock:
            return tuple(self._decisions)

    def used_grants(self, role_name: str) -> frozenset[Grant]:
        """Return the grants of a role's policies that a call has needed."""
        return frozenset(_needed(self.decisions(), role_name))

    def unused_grants(self, role_name: str) -> frozenset[Grant]:
        """Return the current grants of a role's policies that no call has needed.

        Only this project's calls are decided here, so a grant of any other action counts as unused.
        """
        granted = {
            grant
            for role, policies in every_role()
            if role.role_name == role_name
            for statement in policies.statements
            for grant in statement.grants()
        }
        return frozenset(granted - self.used_grants(role_name))

    def reset(self) -> None:
        """Remove decisions and the record of policies."""
        with self._lock:
            self._decisions.clear()
            self._propagation = Propagation(self._propagation.seconds)

    def _in_effect(self, session: Session, now: float) -> RolePolicies:
        if self._propagation.seconds:
            return self._propagation.in_effect((session.account, session.role_name), now)
        return policies_of(session)


def _needed(decisions: Iterable[Decision], role_name: str) -> Iterable[Grant]:
    for decision in decisions:
        if decision.role_name == role_name:
            yield from decision.grants
