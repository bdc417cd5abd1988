"""Which stream an edge configuration is for: a resource of the app, a name, or an ARN."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Fn, RemovalPolicy, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo
from constructs import Construct

from cdk_kvs_edge.tokens import identity, is_token

_NAME_IN_ARN = re.compile(r":stream/([^/]+)/")


@dataclass(frozen=True)
class StreamReference:
    """A stream, as an edge configuration names it.

    Attributes:
        properties: StreamName or StreamARN, for the template.
        name: The stream's name, perhaps a token.
        identity: Equal for the same stream of one stack, as far as that is known at synthesis.
        resource: The stream, if the app makes it.
        data_retention_in_hours: As the app has said it when the edge configuration was declared, if it had.
    """

    properties: Mapping[str, object]
    name: str
    identity: str
    resource: kinesisvideo.CfnStream | None = None
    data_retention_in_hours: int | None = None

    @property
    def literal_name(self) -> str | None:
        """The name, if it is known at synthesis."""
        return None if is_token(self.name) else self.name

    @property
    def literal_arn(self) -> str | None:
        """The ARN, if the stream is named by one that is known at synthesis."""
        arn = self.properties.get("StreamARN")
        return arn if isinstance(arn, str) and not is_token(arn) else None


def resolve_stream(stack: Stack, stream: kinesisvideo.CfnStream | str) -> StreamReference:
    """What the template and the policies need to know of that stream."""
    if isinstance(stream, kinesisvideo.CfnStream):
        # Ref of AWS::KinesisVideo::Stream is its name, the resource type's primary identifier. It also
        # makes CloudFormation keep the order; the literal name, where there is one, says more in a policy.
        name, reference = stream.name, stream.ref
        name = reference if name is None or is_token(name) else name
        hours = stream.data_retention_in_hours
        known = int(hours) if hours and not is_token(hours) else None
        return StreamReference({"StreamName": reference}, name, identity(stack, name), stream, known)
    if not isinstance(stream, str):
        return StreamReference({"StreamName": stream}, "", repr(stream))
    if _is_arn(stack, stream):
        name = _name_in(stream)
        return StreamReference({"StreamARN": stream}, name, identity(stack, name))
    return StreamReference({"StreamName": stream}, stream, identity(stack, stream))


def create_stream(scope: Construct, name: str, hours: float, removal_policy: RemovalPolicy) -> StreamReference:
    """A stream that is made here, with that literal name and data retention."""
    stream = kinesisvideo.CfnStream(scope, "Stream", name=name, data_retention_in_hours=hours)
    stream.apply_removal_policy(removal_policy)
    known = None if is_token(hours) else int(hours)
    return StreamReference({"StreamName": stream.ref}, name, name, stream, known)


def _is_arn(stack: Stack, stream: str) -> bool:
    if not is_token(stream):
        return stream.startswith("arn:")
    match stack.resolve(stream):
        case {"Fn::GetAtt": [str(), str(attribute)]}:
            return attribute.lower().endswith("arn")
        case {"Fn::Join": ["", [str(start), *_]]}:
            return start.startswith("arn:")
        case _:
            return False


def _name_in(arn: str) -> str:
    if match := _NAME_IN_ARN.search(arn):
        return match[1]
    # A literal that holds no name is refused by the schema.
    return Fn.select(1, Fn.split("/", arn)) if is_token(arn) else arn
