"""Values of the references in a fleet's files."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from aws_cdk import Fn
from aws_cdk import aws_secretsmanager as secretsmanager

# Not aws_iot: its import takes longer than the declaration of a hundred streams.
from aws_cdk.interfaces.aws_iot import IThingRef
from aws_cdk.interfaces.aws_kinesisvideo import IStreamRef
from aws_cdk.interfaces.aws_secretsmanager import ISecretRef

from cdk_kvs_edge.edge_config import EdgeConfigBuilder
from cdk_kvs_edge.references import is_stream
from cdk_kvs_edge.tokens import is_token, names_arn
from kvs_edge.errors import Fault
from kvs_edge_preflight.files import DeclaredStream, Reference, hub_arn, short_path, substitute_values

Referable: TypeAlias = IStreamRef | secretsmanager.ISecret | ISecretRef | IThingRef | str
"""Stream (`kinesisvideo.CfnStream`), camera's secret or hub (`iot.CfnThing`); or a name or an ARN, as text or token."""

_INVALID = ""
"""Placeholder of a value with a fault; nothing is declared then."""


class References:
    """Values of references; it records used references and faults."""

    def __init__(self, values: Mapping[str, Referable]) -> None:
        self._values = values
        self._used: set[str] = set()
        self._tokens: dict[object, str] = {}
        self.faults: list[Fault] = []

    @property
    def unused(self) -> list[str]:
        """Names of values that no file refers to."""
        return [name for name in self._values if name not in self._used]

    def request(self, declared: DeclaredStream) -> dict[str, Any]:
        """Return the stream's request with resources and tokens for references and pseudo parameters."""
        return substitute_values(
            declared.request, lambda path, reference: self._value(_Place(declared, path), reference), self._with_tokens
        )

    def _value(self, place: "_Place", reference: Reference) -> IStreamRef | str:
        if reference.kind == "Fn::ImportValue":
            if place.field == "StreamName" and names_arn(reference.name):
                rule = f"{reference} is taken for a name, and the export's name says that it is an ARN: use StreamARN"
                return self._fault(place, rule)
            return self._token(reference, lambda: Fn.import_value(reference.name))
        self._used.add(reference.name)
        if reference.name not in self._values:
            names = ", ".join(self._values) or "nothing"
            return self._fault(place, f"{reference} is not in references= of the fleet, which has {names}")
        value = self._values[reference.name]
        match place.field:
            case "HubDeviceArn":
                return self._hub(place, reference, value)
            case "MediaUriSecretArn":
                return self._secret(place, reference, value)
            case _:
                if isinstance(value, str) or is_stream(value):
                    return value
                return self._wrong_type(place, reference, "a stream, its name or its ARN")

    def _hub(self, place: "_Place", reference: Reference, value: Referable) -> str:
        if not isinstance(value, str):
            if hasattr(value, "thing_ref"):
                return self._token((reference.name, "Arn"), lambda: value.thing_ref.thing_arn)
            return self._wrong_type(place, reference, "a thing, its ARN or its name")
        # A token is an ARN, as in StreamEdgeConfiguration.
        return value if is_token(value) else self._with_tokens(hub_arn(value, place.declared.environment.pseudo))

    def _secret(self, place: "_Place", reference: Reference, value: Referable) -> str:
        if isinstance(value, str):
            return value
        if not hasattr(value, "secret_arn") and not hasattr(value, "secret_ref"):
            return self._wrong_type(place, reference, "a secret, or a secret's ARN")
        builder = EdgeConfigBuilder()
        arn = builder.secret_arn("secret", cast(ISecretRef, value))
        for fault in builder.faults:
            self._fault(place, f"{reference}: {fault.message}")
        return arn if isinstance(arn, str) else _INVALID

    def _with_tokens(self, text: str) -> str:
        return self._token(text, lambda: Fn.sub(text)) if "${AWS::" in text else text

    def _token(self, key: object, create: Callable[[], str]) -> str:
        """Return the token of a key; create it once, because each token is a round trip to Node.js."""
        token = self._tokens.get(key)
        if token is None:
            token = self._tokens[key] = create()
        return token

    def _wrong_type(self, place: "_Place", reference: Reference, wanted: str) -> str:
        return self._fault(place, f"{reference} is a {type(self._values[reference.name]).__name__}: use {wanted}")

    def _fault(self, place: "_Place", rule: str) -> str:
        self.faults.append(Fault(str(place), None, rule))
        return _INVALID


class _Place:
    """Place of a reference in a stream's request."""

    def __init__(self, declared: DeclaredStream, path: tuple[str, ...]) -> None:
        self.declared = declared
        self.field = path[-1]
        self._path = path

    def __str__(self) -> str:
        steps = self.declared.hub_path if self.field == "HubDeviceArn" else self._path
        line, column = self.declared.place(*steps)
        return f"{short_path(self.declared.file)}:{line}:{column} {self.declared.dotted(*steps)}"
