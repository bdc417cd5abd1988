"""New policies take effect a while after they were written, as IAM's do (eventual consistency)."""

from kvs_edge_local.iam.roles import RolePolicies

_Role = tuple[str, str]
"""Account and name."""


class Propagation:
    """Knows which policies of a role are in effect: those that were seen `seconds` ago (scaled)."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._seen: dict[_Role, list[tuple[float, RolePolicies]]] = {}

    def observe(self, role: _Role, policies: RolePolicies, now: float) -> None:
        """Note what is written now."""
        seen = self._seen.setdefault(role, [])
        if not seen or seen[-1][1] != policies:
            seen.append((now, policies))

    def in_effect(self, role: _Role, now: float) -> RolePolicies:
        """Tell what is in effect now; nothing for a role that is too new."""
        effective = RolePolicies()
        for written, policies in self._seen.get(role, ()):
            if written + self.seconds <= now:
                effective = policies
        return effective
