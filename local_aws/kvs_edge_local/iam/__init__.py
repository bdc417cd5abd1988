"""Identity policies, enforced for this project's calls, so that tests can prove least privilege.

`IamMiddleware(application, Authorizer(clock))` runs before moto's WSGI application. It checks requests that are signed
with a role session's credentials; all others pass.
"""

from kvs_edge_local.iam.authorizer import Authorizer, Decision
from kvs_edge_local.iam.managed_policies import read_policies_once
from kvs_edge_local.iam.middleware import IamMiddleware
from kvs_edge_local.iam.patterns import UnsupportedPolicyError
from kvs_edge_local.iam.policy import Asked, Grant, Outcome
from kvs_edge_local.iam.roles import Session, session_of

__all__ = [
    "Asked",
    "Authorizer",
    "Decision",
    "Grant",
    "IamMiddleware",
    "Outcome",
    "Session",
    "UnsupportedPolicyError",
    "read_policies_once",
    "session_of",
]
