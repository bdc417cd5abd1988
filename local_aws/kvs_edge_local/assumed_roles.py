"""Role credentials from moto's STS, so that each call can be traced to its role."""

from dataclasses import dataclass

from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

# The longest session that STS grants: a local AWS does not renew credentials.
SESSION_SECONDS = 43200


@dataclass(frozen=True)
class RoleCredentials:
    """Temporary credentials, as sts:AssumeRole returns them."""

    access_key_id: str
    secret_access_key: str
    session_token: str


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
