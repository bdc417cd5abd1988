"""Role credentials from moto's STS, so that each call can be traced to its role."""

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from moto.sts.models import AssumedRole, STSBackend, sts_backends
from moto.utilities.utils import get_partition

# The longest session that STS grants: a local AWS does not renew credentials.
SESSION_SECONDS = 43200


@dataclass(frozen=True)
class RoleCredentials:
    """Temporary credentials, as sts:AssumeRole returns them."""

    access_key_id: str
    secret_access_key: str
    session_token: str


@dataclass
class _Sessions:
    """Sessions of one backend by their access key. moto only appends to its list, which a reset replaces."""

    listed: list[AssumedRole]
    by_key: dict[str, AssumedRole] = field(default_factory=dict)


_SESSIONS: WeakKeyDictionary[STSBackend, _Sessions] = WeakKeyDictionary()


def assume_role(role_arn: str, session_name: str, region: str) -> RoleCredentials:
    """Assume a role as an AWS service does, without checking the role's trust policy."""
    account = role_arn.split(":")[4]
    role = sts_backends[account][get_partition(region)].assume_role(
        region_name=region,
        role_session_name=session_name,
        role_arn=role_arn,
        policy="",
        duration=SESSION_SECONDS,
        external_id="",
    )
    return RoleCredentials(role.access_key_id, role.secret_access_key, role.session_token)


def role_session(access_key: str) -> AssumedRole | None:
    """Return the role session with that access key; None if it is not a role's.

    moto compares the key with that of each session so far, for every request.
    """
    for partitions in list(sts_backends.values()):
        for backend in list(partitions.values()):
            if found := _by_key(backend).get(access_key):
                return found
    return None


def _by_key(backend: STSBackend) -> dict[str, AssumedRole]:
    listed = backend.assumed_roles
    sessions = _SESSIONS.get(backend)
    if sessions is None or sessions.listed is not listed:
        sessions = _SESSIONS[backend] = _Sessions(listed)
    for session in listed[len(sessions.by_key) :]:
        sessions.by_key[session.access_key_id] = session
    return sessions.by_key
