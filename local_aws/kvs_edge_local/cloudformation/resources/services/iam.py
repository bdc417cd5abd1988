"""AWS::IAM::Role, AWS::IAM::Policy and AWS::IAM::ManagedPolicy."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest, partially_created

# Kinds of principals with policies: property, word in the operations' names, parameter.
PRINCIPALS = (("Roles", "Role", "RoleName"), ("Users", "User", "UserName"), ("Groups", "Group", "GroupName"))
MAXIMUM_POLICY_VERSIONS = 5


class Role(ApiHandler):
    """AWS::IAM::Role: a role with its trust policy, inline policies and managed policies."""

    resource_types: ClassVar = frozenset({"AWS::IAM::Role"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn", "RoleId"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "MaxSessionDuration",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "RoleName",
            "Tags",
        }
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the role and its policies."""
        properties = request.properties
        name = request.name("RoleName")
        role = self._api.call(
            "iam",
            "CreateRole",
            RoleName=name,
            AssumeRolePolicyDocument=properties.get("AssumeRolePolicyDocument"),
            Path=properties.get("Path"),
            Description=properties.get("Description"),
            MaxSessionDuration=properties.get("MaxSessionDuration"),
            PermissionsBoundary=properties.get("PermissionsBoundary"),
            Tags=[{"Key": key, "Value": value} for key, value in request.tags().items()],
        )["Role"]
        with partially_created(name):
            self._put_policies(name, {}, properties)
        return Provisioned(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Apply the differences."""
        properties = request.properties
        name = current.physical_id
        self._api.call(
            "iam",
            "UpdateAssumeRolePolicy",
            RoleName=name,
            PolicyDocument=properties.get("AssumeRolePolicyDocument"),
        )
        self._api.call(
            "iam",
            "UpdateRole",
            RoleName=name,
            Description=properties.get("Description", ""),
            MaxSessionDuration=properties.get("MaxSessionDuration", 3600),
        )
        self._put_boundary(name, old.get("PermissionsBoundary"), properties.get("PermissionsBoundary"))
        self._put_policies(name, old, properties)
        self._put_tags(name, {tag["Key"] for tag in old.get("Tags", [])}, request.tags())
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the role with its own policies."""
        self._put_policies(current.physical_id, request.properties, {})
        self._api.remove("iam", "DeleteRole", RoleName=current.physical_id)

    def _put_boundary(self, name: str, old: object, new: object) -> None:
        if new is not None and new != old:
            self._api.call("iam", "PutRolePermissionsBoundary", RoleName=name, PermissionsBoundary=new)
        elif old is not None and new is None:
            self._api.call("iam", "DeleteRolePermissionsBoundary", RoleName=name)

    def _put_policies(self, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        old_inline, new_inline = _inline(old), _inline(new)
        for policy, document in new_inline.items():
            if old_inline.get(policy) != document:
                self._api.call("iam", "PutRolePolicy", RoleName=name, PolicyName=policy, PolicyDocument=document)
        for policy in old_inline.keys() - new_inline.keys():
            self._api.remove("iam", "DeleteRolePolicy", RoleName=name, PolicyName=policy)
        old_managed, new_managed = (list(given.get("ManagedPolicyArns", [])) for given in (old, new))
        for arn in new_managed:
            if arn not in old_managed:
                self._api.call("iam", "AttachRolePolicy", RoleName=name, PolicyArn=arn)
        for arn in old_managed:
            if arn not in new_managed:
                self._api.remove("iam", "DetachRolePolicy", RoleName=name, PolicyArn=arn)

    def _put_tags(self, name: str, old_keys: set[str], new: Mapping[str, str]) -> None:
        if new:
            tags = [{"Key": key, "Value": value} for key, value in new.items()]
            self._api.call("iam", "TagRole", RoleName=name, Tags=tags)
        if gone := sorted(old_keys - new.keys()):
            self._api.call("iam", "UntagRole", RoleName=name, TagKeys=gone)


class InlinePolicy(ApiHandler):
    """AWS::IAM::Policy: one inline policy on each of its roles, users and groups."""

    resource_types: ClassVar = frozenset({"AWS::IAM::Policy"})
    properties: ClassVar[frozenset[str]] = frozenset({"Groups", "PolicyDocument", "PolicyName", "Roles", "Users"})

    def create(self, request: ResourceRequest) -> Provisioned:
        """Put the policy on each principal."""
        self._put(request.properties)
        return Provisioned(request.generated_name())

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Put the new document, and delete the policy from principals that it no longer names."""
        self._put(request.properties)
        kept = _placements(request.properties)
        self._take_off([placement for placement in _placements(old) if placement not in kept])
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the policy from each principal."""
        self._take_off(_placements(request.properties))

    def _put(self, properties: Mapping[str, Any]) -> None:
        for kind, parameter, principal, policy in _placements(properties):
            document = properties["PolicyDocument"]
            name = {parameter: principal}
            self._api.call("iam", f"Put{kind}Policy", **name, PolicyName=policy, PolicyDocument=document)

    def _take_off(self, placements: list[tuple[str, str, str, str]]) -> None:
        for kind, parameter, principal, policy in placements:
            self._api.remove("iam", f"Delete{kind}Policy", **{parameter: principal}, PolicyName=policy)


class ManagedPolicy(ApiHandler):
    """AWS::IAM::ManagedPolicy with its attachments."""

    resource_types: ClassVar = frozenset({"AWS::IAM::ManagedPolicy"})
    attributes: ClassVar[frozenset[str]] = frozenset({"PolicyArn", "PolicyId"})
    properties: ClassVar[frozenset[str]] = InlinePolicy.properties - {"PolicyName"} | {
        "Description",
        "ManagedPolicyName",
        "Path",
    }

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the policy and attach it."""
        properties = request.properties
        policy = self._api.call(
            "iam",
            "CreatePolicy",
            PolicyName=request.name("ManagedPolicyName", 128),
            PolicyDocument=properties["PolicyDocument"],
            Path=properties.get("Path"),
            Description=properties.get("Description"),
        )["Policy"]
        with partially_created(policy["Arn"]):
            self._attach(policy["Arn"], {}, properties)
        return Provisioned(policy["Arn"], {"PolicyArn": policy["Arn"], "PolicyId": policy["PolicyId"]})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Make the new document the default version, and update the attachments."""
        document = request.properties["PolicyDocument"]
        if document != old["PolicyDocument"]:
            self._make_room(current.physical_id)
            self._api.call(
                "iam",
                "CreatePolicyVersion",
                PolicyArn=current.physical_id,
                PolicyDocument=document,
                SetAsDefault=True,
            )
        self._attach(current.physical_id, old, request.properties)
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Detach the policy and delete it with all its versions."""
        self._attach(current.physical_id, request.properties, {})
        for version in self._old_versions(current.physical_id):
            self._api.remove("iam", "DeletePolicyVersion", PolicyArn=current.physical_id, VersionId=version)
        self._api.remove("iam", "DeletePolicy", PolicyArn=current.physical_id)

    def _attach(self, arn: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        for property_name, kind, parameter in PRINCIPALS:
            before, after = (list(given.get(property_name, [])) for given in (old, new))
            for principal in after:
                if principal not in before:
                    self._api.call("iam", f"Attach{kind}Policy", **{parameter: principal}, PolicyArn=arn)
            for principal in before:
                if principal not in after:
                    self._api.remove("iam", f"Detach{kind}Policy", **{parameter: principal}, PolicyArn=arn)

    def _make_room(self, arn: str) -> None:
        versions = self._old_versions(arn)
        if len(versions) + 1 >= MAXIMUM_POLICY_VERSIONS:
            self._api.call("iam", "DeletePolicyVersion", PolicyArn=arn, VersionId=versions[0])

    def _old_versions(self, arn: str) -> list[str]:
        versions = self._api.call("iam", "ListPolicyVersions", PolicyArn=arn)["Versions"]
        old = [version for version in versions if not version["IsDefaultVersion"]]
        return [version["VersionId"] for version in sorted(old, key=lambda version: version["CreateDate"])]


def _inline(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {policy["PolicyName"]: policy["PolicyDocument"] for policy in properties.get("Policies", [])}


def _placements(properties: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the places of an inline policy: kind of principal, parameter name, principal's name, policy's name."""
    return [
        (kind, parameter, principal, properties["PolicyName"])
        for property_name, kind, parameter in PRINCIPALS
        for principal in properties.get(property_name, [])
    ]
