"""AWS's managed policies, read once per process.

moto reads more than a thousand of them from JSON for each of an account's six partitions, and again after each reset:
over a second of CPU for the first request to a local AWS.
"""

import json
from collections.abc import Sequence
from copy import copy
from functools import cache

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy
from moto.settings import load_iam_aws_managed_policies
from moto.utilities.utils import get_partition

from kvs_edge_local.moto_patches import Patches

_PARTITION = "aws"


def read_policies_once(replacements: Patches) -> None:
    """Give each new IAM backend copies of the policies that the process has read already."""
    replacements.attribute(IAMBackend, "_init_aws_policies", _policies_of)


def _policies_of(backend: IAMBackend) -> list[ManagedPolicy]:
    if not load_iam_aws_managed_policies():
        return []
    partition = get_partition(backend.region_name)
    return [_copy(policy, partition) for policy in _read(backend.account_id)]


@cache
def _read(account_id: str) -> Sequence[AWSManagedPolicy]:
    read = json.loads(aws_managed_policies_data)
    return [AWSManagedPolicy.from_data(name, account_id, _PARTITION, data) for name, data in read.items()]


def _copy(policy: AWSManagedPolicy, partition: str) -> AWSManagedPolicy:
    """Return a policy that a backend may change, for example by an attachment."""
    copied = copy(policy)
    copied.partition = partition
    copied.tags = dict(policy.tags)
    copied.versions = [copy(version) for version in policy.versions]
    for version in copied.versions:
        version.policy_arn = copied.arn
    return copied
