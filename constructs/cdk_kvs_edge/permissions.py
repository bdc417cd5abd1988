"""What the tick role may do with the streams of one stack, and until when it may.

A stream whose configuration is never deleted is listed in a policy that all such streams of the stack
share. A stream whose configuration may be deleted has a policy of its own. CloudFormation shrinks a shared
policy during an update, and only later, in the clean-up, sends the Delete for the stream that left: it
would be denied. A policy of its own is deleted after the resource that depends on it. Its logical id
follows the stream, so that a renamed stream gets a new policy, and the old one lives until the clean-up.
"""

import json
from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING

import jsii
from aws_cdk import Acknowledgment, Aws, CfnResource, IAnyProducer, IResolveContext, Lazy, Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_kvs_edge import statements
from cdk_kvs_edge.streams import StreamReference
from cdk_kvs_edge.tokens import is_token

if TYPE_CHECKING:
    from cdk_kvs_edge.provider import EdgeConfigurationProvider

_WILDCARD_REASON = (
    "A stream's ARN ends in its creation time, which is not known before: stream/NAME/* is the narrowest "
    "resource that IAM offers for a stream by name."
)


class StreamPermissions(Construct):
    """The tick role's policies in one stack that declares edge configurations."""

    @classmethod
    def of(cls, stack: Stack, provider: "EdgeConfigurationProvider") -> "StreamPermissions":
        """Those of that provider in the stack, made; there is one a stack and provider."""
        suffix = "" if provider.is_default_of(stack) else provider.node.addr[-8:]
        return cls(stack, f"EdgeStreamPermissions{suffix}", provider)

    def __init__(self, scope: Stack, construct_id: str, provider: "EdgeConfigurationProvider") -> None:
        super().__init__(scope, construct_id)
        self._stack = scope
        self._provider = provider
        self._policies: list[_SharedPolicy] = []
        self._unacknowledged: dict[Validations, list[object]] = defaultdict(list)

    def allow(self, scope: Construct, stream: StreamReference, may_delete: bool) -> CfnResource | None:
        """Let the tick role work on that stream; the policy that its edge configuration depends on.

        None: the role has no quota left, which the provider reports at synthesis. Call `acknowledge_wildcards` after.
        """
        shared = self._shared_policy(scope, stream, may_delete)
        if shared is None or not may_delete:
            return shared
        return self._own_policy(scope, stream, shared)

    def acknowledge_wildcards(self) -> None:
        """Tell cdk-nag why the wildcards are there that came since the last time; this stays out of the template."""
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
            # The first one has the right to look at the stack, which each request needs.
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
        self._unacknowledged[Validations.of(policy)].append(arn)
        return policy


@jsii.implements(IAnyProducer)
class _SharedPolicy:
    """One managed policy, filled up to IAM's limit, and rendered once all its streams are known."""

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
        """Let it reach one more stream, which takes that many characters."""
        self._arns.append(arn)
        self.left -= characters

    def produce(self, context: IResolveContext) -> dict[str, object]:
        """The policy's document."""
        said = [statements.describe_stack({"Ref": "AWS::StackId"})] if self._is_first else []
        if self._arns:
            # In this order a stream that moves about in its file changes nothing, and minimizePolicies neither.
            said.append(statements.allow(statements.DESCRIBE_AND_UPDATE, sorted(self._arns, key=json.dumps)))
        return statements.document(said)


def _arn(stream: StreamReference) -> object:
    name = stream.literal_name
    if name is None:
        return f"arn:{Aws.PARTITION}:kinesisvideo:{Aws.REGION}:{Aws.ACCOUNT_ID}:stream/{stream.name}/*"
    return statements.stream_arn(name)


def _acknowledgment(arn: object) -> Acknowledgment:
    return Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{_flat(arn)}]", reason=_WILDCARD_REASON)


def _flat(rendered: object) -> str:
    """The rendered ARN as cdk-nag writes it in its findings."""
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
