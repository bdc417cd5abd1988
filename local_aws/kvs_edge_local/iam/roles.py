"""Roles, sessions and policies of moto's IAM and STS."""

from collections.abc import Iterator
from dataclasses import dataclass

from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, Role, iam_backends

from kvs_edge_local.assumed_roles import role_session
from kvs_edge_local.iam.policy import Statement, parse

LAMBDA = "lambda.amazonaws.com"


@dataclass(frozen=True)
class Session:
    """Role session: the caller's ARN, and its role."""

    principal: str
    role_name: str
    account: str
    partition: str


@dataclass(frozen=True)
class RolePolicies:
    """Policies of a role, and its permissions boundary (None: no boundary)."""

    statements: tuple[Statement, ...] = ()
    boundary: tuple[Statement, ...] | None = None


def session_of(access_key: str) -> Session | None:
    """Return the role session with that access key; None if it is not a role's."""
    assumed = role_session(access_key)
    if assumed is None:
        return None
    role_name = assumed.role_arn.rpartition("/")[2]
    return Session(assumed.arn, role_name, assumed.account_id, assumed.partition)


def is_of_function(access_key: str) -> bool:
    """Return True if an access key belongs to a session of a role that Lambda may assume."""
    session = session_of(access_key)
    if session is None:
        return False
    role = _role(session)
    return role is not None and LAMBDA in str(role.assume_role_policy_document)


def policies_of(session: Session) -> RolePolicies:
    """Return the role's current policies; a deleted role has none."""
    role = _role(session)
    return RolePolicies() if role is None else _policies(iam_backends[session.account][session.partition], role)


def every_role() -> Iterator[tuple[Session, RolePolicies]]:
    """Yield every role with its policies; the principal is the role's own ARN."""
    for account, partitions in list(iam_backends.items()):
        for partition, backend in list(partitions.items()):
            for role in list(backend.roles.values()):
                yield Session(role.arn, role.name, account, partition), _policies(backend, role)


def _role(session: Session) -> Role | None:
    try:
        return iam_backends[session.account][session.partition].get_role(session.role_name)
    except NotFoundException:
        return None


def _policies(backend: IAMBackend, role: Role) -> RolePolicies:
    inline = [statement for name, document in role.policies.items() for statement in parse(name, document)]
    managed = [statement for arn in role.managed_policies for statement in _managed(backend, arn)]
    boundary = role.permissions_boundary_arn
    return RolePolicies((*inline, *managed), _managed(backend, boundary) if boundary else None)


def _managed(backend: IAMBackend, arn: str) -> tuple[Statement, ...]:
    policy = backend.managed_policies.get(arn)
    if policy is None:
        # IAM would not have accepted the ARN; a missing policy allows nothing.
        return ()
    version = next(each for each in policy.versions if each.is_default)
    return parse(policy.name, version.document)
