"""What the tick role may do with the streams of one stack, and until when it may.

A stream whose configuration is never deleted is listed in a policy that all such streams of the stack
share. A stream whose configuration may be deleted has a policy of its own. CloudFormation shrinks a shared
policy during an update, and only later, in the clean-up, sends the Delete for the stream that left: it
would be denied. A policy of its own is deleted after the resource that depends on it. Its logical id
follows the stream, so that a renamed stream gets a new policy, and the old one lives until the clean-up.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from aws_cdk import Acknowledgment, Aws, CfnResource, Fn, Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_kvs_edge import policy_size
from cdk_kvs_edge.streams import DeclaredStream

if TYPE_CHECKING:
    from cdk_kvs_edge.provider import EdgeConfigurationProvider

_LOOK_AND_START = ("kinesisvideo:DescribeEdgeConfiguration", "kinesisvideo:StartEdgeConfigurationUpdate")
_ALL = ("kinesisvideo:DeleteEdgeConfiguration", *_LOOK_AND_START)
_STREAM_ARN = "arn:${AWS::Partition}:kinesisvideo:${AWS::Region}:${AWS::AccountId}:stream/NAME/*"
_STACK_STATUS = {"Action": "cloudformation:DescribeStacks", "Effect": "Allow", "Resource": "${AWS::StackId}"}
_WILDCARD_REASON = (
    "A stream's ARN ends in its creation time, which is not known before: stream/NAME/* is the narrowest "
    "resource that IAM offers for a stream by name."
)


class StreamPermissions(Construct):
    """The tick role's policies in one stack that declares edge configurations."""

    @classmethod
    def of(cls, scope: Construct, provider: "EdgeConfigurationProvider") -> "StreamPermissions":
        """Those of the scope's stack and that provider; made where there are none yet."""
        stack = Stack.of(scope)
        name = "EdgeStreamPermissions" + ("" if provider.is_default_of(stack) else provider.node.addr[-8:])
        found = stack.node.try_find_child(name)
        return found if isinstance(found, StreamPermissions) else cls(stack, name, provider)

    def __init__(self, scope: Construct, construct_id: str, provider: "EdgeConfigurationProvider") -> None:
        super().__init__(scope, construct_id)
        self._provider = provider
        self._policies: list[_SharedPolicy] = []

    def allow(self, scope: Construct, stream: DeclaredStream, may_delete: bool) -> CfnResource | None:
        """Let the tick role work on that stream; the policy that its edge configuration depends on.

        None if the role has no room left, which the provider reports at synthesis.
        """
        shared = self._shared_policy(scope, stream, may_delete)
        if shared is None or not may_delete:
            return shared
        return self._own_policy(scope, stream, shared)

    def _shared_policy(self, scope: Construct, stream: DeclaredStream, may_delete: bool) -> CfnResource | None:
        room = self._provider.policy_room
        characters = 0 if may_delete else len(_longest(stream)) + len('"",')
        fits = bool(self._policies) and (may_delete or self._policies[-1].left >= characters)
        if not fits and not self._add_policy():
            room.managed_refused.append(scope.node.path)
            return None
        if may_delete:
            # The first one has the right to look at the stack, which each request needs.
            return self._policies[0].resource
        room.managed_streams += 1
        return self._policies[-1].add(stream, characters)

    def _add_policy(self) -> bool:
        if not self._provider.policy_room.take_managed():
            return False
        first = self._policies[0] if self._policies else None
        name = f"Policy{len(self._policies) + 1}"
        self._policies.append(_SharedPolicy(self, name, self._provider.tick_role_name, first))
        return True

    def _own_policy(self, scope: Construct, stream: DeclaredStream, shared: CfnResource) -> CfnResource:
        characters = policy_size.document_characters([_statement(_ALL, [_longest(stream)])])
        self._provider.policy_room.take_inline(characters, scope.node.path)
        name = "Permissions" + sha256(stream.identity.encode()).hexdigest()[:8]
        policy = iam.CfnPolicy(
            scope,
            name,
            policy_name=f"{scope.node.addr[-8:]}-{name}",
            policy_document=iam.PolicyDocument(statements=[_allow(_ALL, [_arn(stream)])]),
            roles=[self._provider.tick_role_name],
        )
        policy.add_resource_dependency(shared)
        _acknowledge(policy, stream)
        return policy


class _SharedPolicy:
    """One managed policy, filled up to IAM's limit."""

    def __init__(self, scope: Construct, construct_id: str, role_name: str, first: "_SharedPolicy | None") -> None:
        counted = [_statement(_LOOK_AND_START, [])]
        document = iam.PolicyDocument()
        if first is None:
            document.add_statements(_allow((_STACK_STATUS["Action"],), [Aws.STACK_ID]))
            counted.append({**_STACK_STATUS, "Resource": policy_size.longest_arn(_STACK_STATUS["Resource"], None)})
        self.left = policy_size.MANAGED_CHARACTERS - policy_size.document_characters(counted)
        self.resource = iam.CfnManagedPolicy(scope, construct_id, policy_document=document, roles=[role_name])
        if first is not None:
            self.resource.add_resource_dependency(first.resource)
        self._document = document
        self._streams: iam.PolicyStatement | None = None

    def add(self, stream: DeclaredStream, characters: int) -> CfnResource:
        self.left -= characters
        if self._streams is None:
            self._streams = _allow(_LOOK_AND_START, [_arn(stream)])
            self._document.add_statements(self._streams)
        else:
            self._streams.add_resources(_arn(stream))
        _acknowledge(self.resource, stream)
        return self.resource


def _statement(actions: Sequence[str], resources: Sequence[str]) -> dict[str, object]:
    return {"Action": list(actions), "Effect": "Allow", "Resource": list(resources)}


def _allow(actions: Sequence[str], resources: Sequence[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))


def _longest(stream: DeclaredStream) -> str:
    return policy_size.longest_arn(_STREAM_ARN, stream.literal_name)


def _arn(stream: DeclaredStream) -> str:
    name = stream.literal_name
    if name is None:
        return f"arn:{Aws.PARTITION}:kinesisvideo:{Aws.REGION}:{Aws.ACCOUNT_ID}:stream/{stream.name}/*"
    # Fn::Sub takes a third of the bytes of the Fn::Join that the line above renders to.
    return Fn.sub(_STREAM_ARN.replace("NAME", name))


def _acknowledge(policy: CfnResource, stream: DeclaredStream) -> None:
    """Tell cdk-nag why the wildcard is there; this stays out of the template."""
    finding = _flat(Stack.of(policy).resolve(_arn(stream)))
    Validations.of(policy).acknowledge(
        Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{finding}]", reason=_WILDCARD_REASON)
    )


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
