"""Delay until new policies take effect, as in IAM (eventual consistency)."""

from kvs_edge_local.iam.roles import RolePolicies

_Role = tuple[str, str]
"""Account and name."""


class Propagation:
    """Policies of a role that are in effect: those that existed `seconds` ago (scaled)."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._seen: dict[_Role, list[tuple[float, RolePolicies]]] = {}

    def observe(self, role: _Role, policies: RolePolicies, now: float) -> None:
        """Record the current policies."""
        seen = self._seen.setdefault(role, [])
        if not seen or seen[-1][1] != policies:
            seen.append((now, policies))

    def in_effect(self, role: _Role, now: float) -> RolePolicies:
        """Return the policies in effect; none for a new role."""
        effective = RolePolicies()
        for written, policies in self._seen.get(role, ()):
            if written + self.seconds <= now:
                effective = policies
        return effective
