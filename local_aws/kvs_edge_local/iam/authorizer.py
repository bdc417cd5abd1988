"""Decides for role sessions, and remembers each decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import RLock

from kvs_edge_local.clock import Clock
from kvs_edge_local.iam.policy import Asked, Grant, Outcome, evaluate
from kvs_edge_local.iam.propagation import Propagation
from kvs_edge_local.iam.roles import RolePolicies, Session, every_role, policies_of


@dataclass(frozen=True)
class Decision:
    """One decision: when (scaled seconds since the epoch), for whom, on what, and the grants it rests on."""

    time: float
    principal: str
    role_name: str
    asked: Asked
    outcome: Outcome
    grants: frozenset[Grant]

    @property
    def allowed(self) -> bool:
        """Whether the call may go on."""
        return self.outcome is Outcome.ALLOWED


class Authorizer:
    """Holds calls of role sessions against the policies that moto has for the role.

    `propagation_seconds` (scaled) pass until a new or changed policy takes effect. It is noticed by
    `observe`, which every decision calls too: whoever writes policies and wants the delay exact calls it
    afterwards.
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
            raise ValueError(f"propagation of policies in {seconds} seconds: give 0 or more")
        self._propagation.seconds = seconds

    def observe(self) -> None:
        """Notice what the policies of all roles say now."""
        if self._propagation.seconds:
            with self._lock:
                now = self._clock.now()
                for role, policies in every_role():
                    self._propagation.observe((role.account, role.role_name), policies, now)

    def decide(self, session: Session, asked: Asked) -> Decision:
        """Decide, and remember it. Raises UnsupportedPolicyError for a policy that can't be evaluated."""
        self.observe()
        with self._lock:
            now = self._clock.now()
            policies = self._in_effect(session, now)
            verdict = evaluate(policies.statements, asked, policies.boundary)
            decision = Decision(now, session.principal, session.role_name, asked, verdict.outcome, verdict.grants)
            self._decisions.append(decision)
            return decision

    def decisions(self) -> tuple[Decision, ...]:
        """List every decision in order."""
        with self._lock:
            return tuple(self._decisions)

    def used_grants(self, role_name: str) -> frozenset[Grant]:
        """Collect what a role's policies grant and some call has needed."""
        return frozenset(_needed(self.decisions(), role_name))

    def unused_grants(self, role_name: str) -> frozenset[Grant]:
        """Collect what a role's policies grant now and no call has needed.

        Only the calls of this project are decided here, so a grant of any other action counts as unused.
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
        """Forget decisions, and when policies were seen."""
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
