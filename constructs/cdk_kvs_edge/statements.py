"""Statements of the tick role's policies as plain data, and their size."""

from collections.abc import Mapping, Sequence

from cdk_kvs_edge import policy_size

DESCRIBE = "kinesisvideo:DescribeEdgeConfiguration"
DESCRIBE_AND_UPDATE = (DESCRIBE, "kinesisvideo:StartEdgeConfigurationUpdate")
ALL = ("kinesisvideo:DeleteEdgeConfiguration", *DESCRIBE_AND_UPDATE)
DESCRIBE_STACK = (
    "cloudformation:DescribeEvents",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
)
_STREAM_ARN = "arn:${AWS::Partition}:kinesisvideo:${AWS::Region}:${AWS::AccountId}:stream/NAME/*"
_STACK_ID = "${AWS::StackId}"


def document(statements: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Return a policy of these statements."""
    return {"Statement": list(statements), "Version": "2012-10-17"}


def allow(actions: Sequence[str], resources: Sequence[object]) -> dict[str, object]:
    """Return a statement in the form that the CDK writes."""
    return {
        "Action": list(actions) if len(actions) > 1 else actions[0],
        "Effect": "Allow",
        "Resource": resources[0] if len(resources) == 1 else list(resources),
    }


def describe_stack(stack_id: object) -> dict[str, object]:
    """Return the permission to describe the stack, which each request needs.

    The stack's status and events show whether a request is still current; its resources show whether another resource
    declares the stream.
    """
    return allow(DESCRIBE_STACK, [stack_id])


def stream_arn(name: str) -> dict[str, str]:
    """Return the ARN of a stream for the template, in a third of the bytes that Fn::Join would take."""
    return {"Fn::Sub": _STREAM_ARN.replace("NAME", name)}


def shared_capacity(*, is_first: bool) -> int:
    """Return the characters that a managed policy has for the ARNs of streams."""
    statements = [allow(DESCRIBE_AND_UPDATE, [])]
    if is_first:
        statements.append(describe_stack(policy_size.longest_arn(_STACK_ID, None)))
    return policy_size.MANAGED_CHARACTERS - policy_size.document_characters(statements)


def shared_characters(name: str | None) -> int:
    """Return the characters of a stream in a shared policy; the name is None if it is known only at deployment."""
    return len(policy_size.longest_arn(_STREAM_ARN, name)) + len('"",')


def own_characters(name: str | None) -> int:
    """Return the characters of a stream's own policy, for an edge configuration that may be deleted."""
    return policy_size.document_characters([allow(ALL, [policy_size.longest_arn(_STREAM_ARN, name)])])
