"""Custom resource of an edge configuration, with a check for removal policies that an Aspect sets.

An Aspect such as `RemovalPolicies.of(app).destroy()` changes DeletionPolicy and UpdateReplacePolicy of every resource,
and nothing else. The property RemovalPolicy, which the handler obeys, stays as the app declares it: a policy for a
whole app must not start to delete footage, and the permission to delete would be missing. A warning shows the
difference.
"""

from collections.abc import Mapping

from aws_cdk import CfnResource, RemovalPolicy
from constructs import Construct

RESOURCE_TYPE = "Custom::KinesisVideoEdgeConfiguration"

HANDLER_POLICIES = {
    RemovalPolicy.RETAIN: "RETAIN",
    RemovalPolicy.DESTROY: "DESTROY",
    # CloudFormation deletes a resource with RetainExceptOnCreate only in the rollback of its creation, as intended.
    RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE: "DESTROY",
}
"""Value of the property RemovalPolicy for each removal policy."""

_DELETION_POLICY = {
    RemovalPolicy.RETAIN: "Retain",
    RemovalPolicy.DESTROY: "Delete",
    RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE: "RetainExceptOnCreate",
}


class EdgeResource(CfnResource):
    """Custom resource.

    Attributes:
        declared_policy: Removal policy that the app declares.
        applied_policy: Removal policy that was applied last.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, properties: Mapping[str, object], removal_policy: RemovalPolicy
    ) -> None:
        super().__init__(scope, construct_id, type=RESOURCE_TYPE, properties=properties)
        self.declared_policy = removal_policy
        self.apply_removal_policy(removal_policy)

    def apply_removal_policy(
        self,
        policy: RemovalPolicy | None = None,
        *,
        apply_to_update_replace_policy: bool | None = None,
        default: RemovalPolicy | None = None,
    ) -> None:
        """Set DeletionPolicy and UpdateReplacePolicy; Aspects in Node.js call this method, too."""
        self.applied_policy: RemovalPolicy = policy or default or RemovalPolicy.RETAIN
        super().apply_removal_policy(
            policy, apply_to_update_replace_policy=apply_to_update_replace_policy, default=default
        )


def policy_warning(declared: RemovalPolicy, applied: RemovalPolicy, where: str) -> str:
    """Return the warning for a removal policy that differs from the declared one: effect and fix."""
    return (
        f"DeletionPolicy is {_DELETION_POLICY[applied]}, set by an Aspect or by apply_removal_policy, but "
        f"removal_policy is {declared.name}, for {where}: {_effect(declared, applied)}. Set removal_policy="
        f"{applied.name} on the edge configuration, or exclude {RESOURCE_TYPE} from the Aspect (exclude_resource_types)"
    )


def _effect(declared: RemovalPolicy, applied: RemovalPolicy) -> str:
    if HANDLER_POLICIES[declared] == "RETAIN":
        return "the handler deletes nothing, so configuration and footage stay when the resource is removed"
    if applied is RemovalPolicy.DESTROY:
        return "CloudFormation sends a Delete, which deletes configuration and footage"
    if applied is RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE:
        return "CloudFormation sends no Delete except after a failed creation, so configuration and footage stay"
    return "CloudFormation sends no Delete, so configuration and footage stay when the resource is removed"
