"""Permissions of the tick role on the streams of one stack.

Streams whose configuration is never deleted share managed policies. A stream whose configuration may be
deleted has its own inline policy: CloudFormation would shrink a shared policy during an update, and send
the Delete of a removed stream only later, in the cleanup, where it would be denied. CloudFormation deletes
an own policy after the resource that depends on it. The policy's logical id follows the stream, so that a
renamed stream gets a new policy, and the old policy stays until the cleanup.
"""

import json
from collections import defaultdict
from hashlib import sha256

import jsii
from aws_cdk import Acknowledgment, Aws, CfnResource, IAnyProducer, IResolveContext, Lazy, Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_kvs_edge import acknowledgements, statements
from cdk_kvs_edge.provider import EdgeConfigurationProvider
from cdk_kvs_edge.streams import StreamReference
from cdk_kvs_edge.tokens import is_token

_WILDCARD_REASON = (
    "A stream's ARN ends in its creation time, which is unknown before the stream exists: stream/NAME/* is the "
    "narrowest resource that IAM supports for a stream by name."
)


class StreamPermissions(Construct):
    """Policies of a provider's tick role in one stack with edge configurations."""

    @classmethod
    def of(cls, stack: Stack, provider: EdgeConfigurationProvider) -> "StreamPermissions":
        """Create the permissions of a provider in a stack; call it once per stack and provider."""
        suffix = "" if provider.is_default_of(stack) else provider.node.addr[-8:]
        return cls(stack, f"EdgeStreamPermissions{suffix}", provider)

    def __init__(self, scope: Stack, construct_id: str, provider: EdgeConfigurationProvider) -> None:
        super().__init__(scope, construct_id)
        self._stack = scope
        self._provider = provider
        self._policies: list[_SharedPolicy] = []
        self._unacknowledged: dict[Validations, list[object]] = defaultdict(list)

    def allow(self, scope: Construct, stream: StreamReference, may_delete: bool) -> CfnResource | None:
        """Allow the tick role to use the stream, and return the policy that its edge configuration depends on.

        Return None if the role has no quota left, which the provider reports at synthesis. Call
        `acknowledge_wildcards` afterwards.
        """
        shared = self._shared_policy(scope, stream, may_delete)
        if shared is None or not may_delete:
            return shared
        return self._own_policy(scope, stream, shared)

    def acknowledge_wildcards(self) -> None:
        """Acknowledge wildcards added since the last call for cdk-nag; the template does not change."""
        for policy, arns in self._unacknowledged.items():
            rendered = self._stack.resolve(arns) if any(map(is_token, arns)) else arns
            policy.acknowledge(*map(_acknowledgment, rendered))
        self._unacknowledged.clear()

    def _shared_policy(self, scope: Construct, stream: StreamReference, may_delete: bool) -> CfnResource | None:
        quota = self._provider.policy_quota
        characters = 0 if may_delete else statements.shared_characters(stream.literal_name)
        fits = bool(self._policies) and (may_delete or self._policies[-1].left >= characters)
        if not fits and not self._add_policy():
            quota.managed_rejected.append(scope.node.path)
            return None
        if may_delete:
            # The first policy has the permission to describe the stack, which each request needs.
            return self._policies[0].resource
        quota.managed_streams += 1
        policy, arn = self._policies[-1], _arn(stream)
        policy.add(arn, characters)
        self._unacknowledged[policy.validations].append(arn)
        return policy.resource

    def _add_policy(self) -> bool:
        if not self._provider.policy_quota.reserve_managed():
            return False
        first = self._policies[0] if self._policies else None
        name = f"Policy{len(self._policies) + 1}"
        self._policies.append(_SharedPolicy(self, name, self._provider.tick_role_name, first))
        return True

    def _own_policy(self, scope: Construct, stream: StreamReference, shared: CfnResource) -> CfnResource:
        characters = statements.own_characters(stream.literal_name)
        quota = self._provider.policy_quota
        if not quota.reserve_inline(characters):
            quota.inline_rejected.append(scope.node.path)
        name = "Permissions" + sha256(stream.identity.encode()).hexdigest()[:8]
        arn = _arn(stream)
        policy = iam.CfnPolicy(
            scope,
            name,
            policy_name=f"{scope.node.addr[-8:]}-{name}",
            policy_document=statements.document([statements.allow(statements.ALL, [arn])]),
            roles=[self._provider.tick_role_name],
        )
        policy.add_resource_dependency(shared)
        validations = Validations.of(policy)
        validations.acknowledge(*acknowledgements.INLINE_POLICY)
        self._unacknowledged[validations].append(arn)
        return policy


@jsii.implements(IAnyProducer)
class _SharedPolicy:
    """Managed policy, filled up to IAM's limit, and rendered when all its streams are known."""

    def __init__(self, scope: Construct, construct_id: str, role_name: str, first: "_SharedPolicy | None") -> None:
        self._arns: list[object] = []
        self._is_first = first is None
        self.left = statements.shared_capacity(is_first=first is None)
        self.resource = iam.CfnManagedPolicy(
            scope, construct_id, policy_document=Lazy.uncached_any(self), roles=[role_name]
        )
        self.validations = Validations.of(self.resource)
        if first is not None:
            self.resource.add_resource_dependency(first.resource)

    def add(self, arn: object, characters: int) -> None:
        """Add the ARN of a stream, which takes this number of characters."""
        self._arns.append(arn)
        self.left -= characters

    def produce(self, context: IResolveContext) -> dict[str, object]:
        """Return the policy's document."""
        allowed = [statements.describe_stack({"Ref": "AWS::StackId"})] if self._is_first else []
        if self._arns:
            # Sorted, so that neither the order of streams in a file nor minimizePolicies changes the template.
            allowed.append(statements.allow(statements.DESCRIBE_AND_UPDATE, sorted(self._arns, key=json.dumps)))
        return statements.document(allowed)


def _arn(stream: StreamReference) -> object:
    name = stream.literal_name
    if name is None:
        return f"arn:{Aws.PARTITION}:kinesisvideo:{Aws.REGION}:{Aws.ACCOUNT_ID}:stream/{stream.name}/*"
    return statements.stream_arn(name)


def _acknowledgment(arn: object) -> Acknowledgment:
    return Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{_flat(arn)}]", reason=_WILDCARD_REASON)


def _flat(rendered: object) -> str:
    """Return the rendered ARN as cdk-nag writes it in its findings."""
    match rendered:
        case str():
            return rendered.replace("${", "<").replace("}", ">")
        case {"Fn::Sub": str(text)}:
            return _flat(text)
        case {"Fn::Join": [str(delimiter), list(parts)]}:
            return delimiter.join(map(_flat, parts))
        case {"Ref": str(name)}:
            return f"<{name}>"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"<{name}.{attribute}>"
        case _:
            return json.dumps(rendered, separators=(",", ":"))
