"""Arguments that refer to a stream or a hub: a resource, a name, or an ARN."""

import re
from dataclasses import replace
from typing import TypeGuard

from aws_cdk import Aws, Stack
from aws_cdk.aws_kinesisvideo import CfnStream
from aws_cdk.interfaces.aws_iot import IThingRef
from aws_cdk.interfaces.aws_kinesisvideo import IStreamRef
from aws_cdk.interfaces.aws_kinesisvideo import StreamReference as StreamRef

from cdk_kvs_edge.arguments import INVALID, Arguments
from cdk_kvs_edge.streams import StreamReference, resolve_stream, resolve_stream_arn, resolve_stream_name
from cdk_kvs_edge.tokens import is_token, source_of_arn, visible_text
from kvs_edge.errors import ConfigurationError
from kvs_edge_preflight.faults import find_faults
from kvs_edge_preflight.files import PseudoParameters, hub_arn, partition_of

_STREAM = "a stream (kinesisvideo.CfnStream or another IStreamRef), its name, or its ARN"
_STREAM_ARN = "the stream's ARN, arn:aws:kinesisvideo:REGION:ACCOUNT:stream/NAME/CREATIONTIME"
_HUB = "the hub's thing (iot.CfnThing or another IThingRef), or its name"
_HUB_ARN = "the hub's ARN as an IoT thing, arn:aws:iot:REGION:ACCOUNT:thing/NAME"
_THING_NAME = re.compile(r"[a-zA-Z0-9_.-]+")
"""Names of things that the service accepts in HubDeviceArn."""
_NO_STREAM = StreamReference({"StreamName": INVALID}, "", "")


def stream_argument(
    arguments: Arguments, stack: Stack, stream: IStreamRef | str | None, stream_arn: str | None
) -> StreamReference:
    """Return the reference to the stream of the arguments `stream` and `stream_arn`, one of which is set."""
    if stream is not None and stream_arn is not None:
        arguments.refuse("stream_arn", stream_arn, "either stream or stream_arn, not both")
    elif stream_arn is not None:
        if isinstance(arguments.text("stream_arn", stream_arn, _STREAM_ARN), str):
            return resolve_stream_arn(stack, stream_arn)
    elif _is_usable(stream, arguments, stack):
        return resolve_stream(stack, stream)
    return _NO_STREAM


def imported_stream(stack: Stack, argument: str, value: str) -> StreamReference:
    """Return the reference to the stream of the argument `stream_name` or `stream_arn`.

    Raises:
        ConfigurationError: The value is invalid.
    """
    field = "StreamARN" if argument == "stream_arn" else "StreamName"
    faults = find_faults({field: value}, "StreamReference", unknown_yet=is_token)
    if faults:
        renamed = [replace(fault, path=argument, arn_field=fault.arn_field and "from_stream_arn") for fault in faults]
        raise ConfigurationError("the edge configuration is invalid:", renamed)
    return resolve_stream_arn(stack, value) if field == "StreamARN" else resolve_stream_name(stack, value)


def hub_argument(arguments: Arguments, stack: Stack, hub: IThingRef | str | None, hub_device_arn: str | None) -> object:
    """Return the ARN of the hub of the arguments `hub` and `hub_device_arn`, one of which is set."""
    if hub is not None and hub_device_arn is not None:
        return arguments.refuse("hub_device_arn", hub_device_arn, "either hub or hub_device_arn, not both")
    if hub is None:
        return arguments.text("hub_device_arn", hub_device_arn, f"{_HUB_ARN}, or set hub to {_HUB}")
    if not isinstance(hub, str):
        return hub.thing_ref.thing_arn if hasattr(hub, "thing_ref") else arguments.refuse("hub", hub, _HUB)
    source = source_of_arn(stack, hub)
    if source is not None:
        return arguments.refuse("hub", hub, f"the ARN as hub_device_arn: hub takes a name, and {source} holds an ARN")
    if not is_token(hub) and not hub.startswith("arn:") and not _THING_NAME.fullmatch(hub):
        return arguments.refuse("hub", hub, f"{_HUB}: letters, digits, dots, hyphens and underscores")
    return _hub_arn(stack, hub)


def is_stream(value: object) -> TypeGuard[IStreamRef]:
    """Return True for a stream of Kinesis Video Streams: other services have a `stream_ref`, too."""
    # Reading stream_ref is a round trip to Node.js.
    return isinstance(value, CfnStream) or isinstance(getattr(value, "stream_ref", None), StreamRef)


def _is_usable(stream: IStreamRef | str | None, arguments: Arguments, stack: Stack) -> TypeGuard[IStreamRef | str]:
    if isinstance(stream, str):
        source = source_of_arn(stack, stream)
        if source is not None:
            rule = f"it as stream_arn: stream takes a token for a name, and {source} holds an ARN"
            arguments.refuse("stream", stream, rule)
        return source is None
    if not is_stream(stream):
        arguments.refuse("stream", stream, _STREAM)
        return False
    return True


def _hub_arn(stack: Stack, hub: str) -> str:
    """Return the ARN of a thing by its name, in the stack's region and account; an ARN stays."""
    if visible_text(stack, hub).startswith("arn:"):
        return hub
    region = stack.region
    partition = Aws.PARTITION if is_token(region) else partition_of(region)
    return hub_arn(hub, PseudoParameters(partition, region, stack.account))
