"""Reference to the stream of an edge configuration: a resource of the app, a name, or an ARN."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Fn, RemovalPolicy, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk.interfaces.aws_kinesisvideo import IStreamRef
from constructs import Construct

from cdk_kvs_edge.tokens import identity, is_token, visible_text
from kvs_edge_preflight.files import stream_field

_NAME_IN_ARN = re.compile(r":stream/([^/]+)/")


@dataclass(frozen=True)
class StreamReference:
    """Reference to a stream.

    Attributes:
        properties: StreamName or StreamARN, for the template.
        name: Name of the stream, perhaps a token.
        identity: Text that is equal for equal streams of a stack, as far as synthesis knows.
        resource: The stream, if it is a resource of the app.
        data_retention_in_hours: Data retention at the time of the declaration; None if it was not set yet.
    """

    properties: Mapping[str, object]
    name: str
    identity: str
    resource: kinesisvideo.CfnStream | None = None
    data_retention_in_hours: int | None = None

    @property
    def literal_name(self) -> str | None:
        """Name of the stream; None if it is known only at deployment."""
        return None if is_token(self.name) else self.name

    @property
    def literal_arn(self) -> str | None:
        """ARN of the stream; None if the reference is a name, or the ARN is known only at deployment."""
        arn = self.properties.get("StreamARN")
        return arn if isinstance(arn, str) and not is_token(arn) else None


def resolve_stream(stack: Stack, stream: IStreamRef | str) -> StreamReference:
    """Return the reference to a stream, its name, or its ARN; a token whose text shows no ARN is a name."""
    if isinstance(stream, kinesisvideo.CfnStream):
        # Ref of AWS::KinesisVideo::Stream is its name, the resource type's primary identifier. It also
        # makes CloudFormation create the stream first. A literal name makes policies easier to read.
        name, reference = stream.name, stream.ref
        name = reference if name is None or is_token(name) else name
        hours = stream.data_retention_in_hours
        known = int(hours) if hours and not is_token(hours) else None
        return StreamReference({"StreamName": reference}, name, identity(stack, name), stream, known)
    if not isinstance(stream, str):
        return resolve_stream_name(stack, stream.stream_ref.stream_name)
    if stream_field(visible_text(stack, stream)) == "StreamARN":
        return resolve_stream_arn(stack, stream)
    return resolve_stream_name(stack, stream)


def resolve_stream_arn(stack: Stack, arn: str) -> StreamReference:
    """Return the reference to a stream by its ARN, perhaps a token."""
    name = _name_in(arn)
    return StreamReference({"StreamARN": arn}, name, identity(stack, name))


def resolve_stream_name(stack: Stack, name: str) -> StreamReference:
    """Return the reference to a stream by its name, perhaps a token."""
    return StreamReference({"StreamName": name}, name, identity(stack, name))


def create_stream(scope: Construct, name: str, hours: float, removal_policy: RemovalPolicy) -> StreamReference:
    """Create a stream with a literal name, and return the reference to it."""
    stream = kinesisvideo.CfnStream(scope, "Stream", name=name, data_retention_in_hours=hours)
    stream.apply_removal_policy(removal_policy)
    known = None if is_token(hours) else int(hours)
    return StreamReference({"StreamName": stream.ref}, name, name, stream, known)


def _name_in(arn: str) -> str:
    if match := _NAME_IN_ARN.search(arn):
        return match[1]
    # The schema refuses a literal ARN without a name.
    return Fn.select(1, Fn.split("/", arn)) if is_token(arn) else arn
