"""What a CDK app hands over to the files of a fleet, and what stands in their place in the template."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from aws_cdk import CfnResource, Fn
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_kvs_edge.edge_config import EdgeConfigBuilder
from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault
from kvs_edge_preflight.files import DeclaredStream, Reference, hub_arn, reference_in
from kvs_edge_preflight.files.location import Step

if TYPE_CHECKING:
    # To import it takes longer than to declare a hundred streams; who hands over a thing has done so.
    from aws_cdk import aws_iot as iot

Referable: TypeAlias = Union[kinesisvideo.CfnStream, secretsmanager.ISecret, "iot.CfnThing", str]
"""A stream, a camera's secret, a hub; or the name or ARN of one, as text or token."""

_SECRET = ("EdgeConfig", "RecorderConfig", "MediaSourceConfig", "MediaUriSecretArn")


class References:
    """What can be referred to, what was referred to, and what was wrong with that."""

    def __init__(self, given: Mapping[str, Referable]) -> None:
        self._given = given
        self._used: set[str] = set()
        self._made: dict[object, str] = {}
        self.faults: list[Fault] = []

    @property
    def unused(self) -> list[str]:
        """What no file refers to."""
        return [name for name in self._given if name not in self._used]

    def stream(self, declared: DeclaredStream) -> kinesisvideo.CfnStream | str:
        """The stream, its name or its ARN."""
        subject = declared.stream
        if not isinstance(subject, Reference):
            return subject
        field = "StreamName" if declared.fact("StreamName") else "StreamARN"
        found = self._value(declared, (field,), subject)
        if isinstance(found, kinesisvideo.CfnStream | str):
            return found
        return self._wrong(declared, (field,), subject, "a stream, its name or its ARN")

    def edge_config(self, declared: DeclaredStream) -> Mapping[str, Any]:
        """The stream's EdgeConfig, with tokens in place of references and pseudo parameters."""
        config = declared.edge_config
        hub, source = config["HubDeviceArn"], config["RecorderConfig"]["MediaSourceConfig"]
        secret = source["MediaUriSecretArn"]
        if isinstance(hub, str) and "${AWS::" not in hub and isinstance(secret, str):
            return config
        media_source = {**source, "MediaUriSecretArn": self._secret(declared, secret)}
        recorder = {**config["RecorderConfig"], "MediaSourceConfig": media_source}
        return {**config, "HubDeviceArn": self._hub(declared, hub), "RecorderConfig": recorder}

    def _hub(self, declared: DeclaredStream, hub: object) -> str:
        reference = reference_in(hub)
        if reference is None:
            return self._filled(str(hub))
        path = declared.hub_path
        found = self._value(declared, path, reference)
        if isinstance(found, CfnResource) and found.cfn_resource_type == "AWS::IoT::Thing":
            return self._once((reference.name, "Arn"), lambda: found.get_att("Arn").to_string())
        if not isinstance(found, str):
            return self._wrong(declared, path, reference, "a thing, its ARN or its name")
        # A token is taken for an ARN, as StreamEdgeConfiguration takes it.
        return found if is_token(found) else self._filled(hub_arn(found, declared.environment.pseudo))

    def _secret(self, declared: DeclaredStream, secret: object) -> str:
        reference = reference_in(secret)
        if reference is None:
            return str(secret)
        found = self._value(declared, _SECRET, reference)
        if isinstance(found, str):
            return found
        if not hasattr(found, "secret_arn"):
            return self._wrong(declared, _SECRET, reference, "a secret, or a secret's ARN")
        builder = EdgeConfigBuilder()
        arn = builder.secret_arn("secret", found)
        for fault in builder.faults:
            self._fault(declared, _SECRET, f"{reference}: {fault.rule}")
        return arn if isinstance(arn, str) else _INSTEAD

    def _value(self, declared: DeclaredStream, path: tuple[Step, ...], reference: Reference) -> Any:
        if reference.kind == "Fn::ImportValue":
            return self._once(reference, lambda: Fn.import_value(reference.name))
        self._used.add(reference.name)
        if reference.name in self._given:
            return self._given[reference.name]
        there = ", ".join(self._given) or "nothing"
        self._fault(declared, path, f"{reference} is not in references= of the fleet, which has {there}")
        return _INSTEAD

    def _filled(self, text: str) -> str:
        return self._once(text, lambda: Fn.sub(text)) if "${AWS::" in text else text

    def _once(self, key: object, made: Callable[[], str]) -> str:
        """A token that many streams need, a hub's say, is made once: each is a round trip to Node.js."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = made()
        return found

    def _wrong(self, declared: DeclaredStream, path: tuple[Step, ...], reference: Reference, wanted: str) -> str:
        kind = type(self._given[reference.name]).__name__
        self._fault(declared, path, f"{reference} is a {kind}: use {wanted}")
        return _INSTEAD

    def _fault(self, declared: DeclaredStream, path: Iterable[Step], rule: str) -> None:
        steps = tuple(path)
        place = declared.place(*steps)
        where = f"{declared.file.name}:{place.line}:{place.column} {declared.dotted(*steps)}"
        self.faults.append(Fault(where, None, rule))


_INSTEAD = ""
"""Stands where nothing could be put; its fault is noted, and nothing is declared."""
