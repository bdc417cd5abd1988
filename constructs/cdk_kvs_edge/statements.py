"""What the tick role's policies say, as plain data, and what that takes of IAM's room."""

from collections.abc import Mapping, Sequence

from cdk_kvs_edge import policy_size

DESCRIBE_AND_UPDATE = ("kinesisvideo:DescribeEdgeConfiguration", "kinesisvideo:StartEdgeConfigurationUpdate")
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
    """A policy of these statements."""
    return {"Statement": list(statements), "Version": "2012-10-17"}


def allow(actions: Sequence[str], resources: Sequence[object]) -> dict[str, object]:
    """A statement, written as the CDK writes them."""
    return {
        "Action": list(actions) if len(actions) > 1 else actions[0],
        "Effect": "Allow",
        "Resource": resources[0] if len(resources) == 1 else list(resources),
    }


def describe_stack(stack_id: object) -> dict[str, object]:
    """Return the right to look at the stack, which each request needs.

    Its status and events tell whether a request still counts; its resources, whether another one declares a stream.
    """
    return allow(DESCRIBE_STACK, [stack_id])


def stream_arn(name: str) -> dict[str, str]:
    """The ARN of a stream with that name, for the template: a third of the bytes that Fn::Join would take."""
    return {"Fn::Sub": _STREAM_ARN.replace("NAME", name)}


def shared_capacity(*, is_first: bool) -> int:
    """The characters that a managed policy has for the ARNs of streams."""
    statements = [allow(DESCRIBE_AND_UPDATE, [])]
    if is_first:
        statements.append(describe_stack(policy_size.longest_arn(_STACK_ID, None)))
    return policy_size.MANAGED_CHARACTERS - policy_size.document_characters(statements)


def shared_characters(name: str | None) -> int:
    """What a stream takes of that; None is a name that is known only at deployment."""
    return len(policy_size.longest_arn(_STREAM_ARN, name)) + len('"",')


def own_characters(name: str | None) -> int:
    """What a policy takes that is a stream's own, since its edge configuration may be deleted."""
    return policy_size.document_characters([allow(ALL, [policy_size.longest_arn(_STREAM_ARN, name)])])
