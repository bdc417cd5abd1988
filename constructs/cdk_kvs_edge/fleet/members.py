"""One stream of a fleet: its plan, and its construct."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk.interfaces.aws_kinesisvideo import IStreamRef
from constructs import Construct

from cdk_kvs_edge.deployment import Deployment
from cdk_kvs_edge.edge_config import EdgeConfigBuilder
from cdk_kvs_edge.environments import environment_faults
from cdk_kvs_edge.fleet.limits import Demand
from cdk_kvs_edge.stack_context import StackContext
from cdk_kvs_edge.stream_edge_configuration import StreamEdgeConfiguration
from cdk_kvs_edge.streams import StreamReference, create_stream, resolve_stream, resolve_stream_arn
from cdk_kvs_edge.tokens import is_token
from kvs_edge_preflight.files import DeclaredStream, Reference
from kvs_edge_preflight.templates import OF_STREAM


class FleetMember(StreamEdgeConfiguration):
    """Edge configuration of one stream of a fleet, and the stream if the stack creates it.

    The fleet has analysed the footage of all its streams together, with the facts of their hubs, and acknowledges
    the wildcards of its permissions once per stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: StackContext,
        stream_in: Callable[[Construct], StreamReference],
        edge_config: Mapping[str, object],
        deployment: Deployment,
        is_checked: bool,
    ) -> None:
        Construct.__init__(self, scope, construct_id)
        self._names = {}
        stream = stream_in(self)
        builder = EdgeConfigBuilder()
        properties = self._properties(stream, edge_config, builder, deployment)
        if is_checked:
            # A file may leave its region and account to the stack.
            self._raise_faults(list(environment_faults(context.environment, properties)))
        else:
            self._check(context, properties, builder)
        self._add_resource(context, stream, properties, deployment)

    @property
    def literal_subject(self) -> Mapping[str, str]:
        """StreamARN or StreamName; empty if it is known only at deployment."""
        if (arn := self._stream.literal_arn) is not None:
            return {"StreamARN": arn}
        name = self._stream.literal_name
        return {} if name is None else {"StreamName": name}


@dataclass(frozen=True)
class MemberPlan:
    """Plan of one stream.

    Attributes:
        declared: The stream in its file.
        subject: The stream, its name or its ARN.
        is_arn: True if the file gives StreamARN; the subject may still be a stream of the app.
        config: EdgeConfig for the template.
        deployment: Deployment options.
        new_stream_retention: Data retention in hours of a stream that the stack creates; None for an existing stream.
    """

    declared: DeclaredStream
    subject: IStreamRef | str
    is_arn: bool
    config: Mapping[str, Any]
    deployment: Deployment
    new_stream_retention: float | None

    @property
    def facts(self) -> dict[str, Any]:
        """Facts that the file states about the stream beside its configuration."""
        facts = {name: self.declared.fact(name) for name in OF_STREAM}
        if self.new_stream_retention is not None:  # the template has it
            facts["DataRetentionInHours"] = None
        return {name: fact for name, fact in facts.items() if fact is not None}

    @property
    def demand(self) -> Demand:
        """Its share of the stack's limits."""
        return Demand(
            name=self._literal_name,
            label=self.declared.stream_name,
            is_created=self.new_stream_retention is not None,
            may_delete=self.deployment.may_delete,
            config=self.declared.edge_config,
            option_bytes=self.deployment.template_bytes,
            facts=self.facts,
        )

    @property
    def has_references(self) -> bool:
        """True if it has references, whose values were not checked with the file."""
        config = self.declared.edge_config
        secret = config["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"]
        return any(
            isinstance(value, Reference | Mapping) for value in (self.declared.stream, config["HubDeviceArn"], secret)
        )

    def declare(self, group: Construct, context: StackContext, *, is_checked: bool) -> FleetMember:
        """Declare the edge configuration, and the stream if the stack creates it.

        Args:
            group: Scope of all streams.
            context: The stack.
            is_checked: Whether values and options were checked: the values with the file, the options with another
                stream.
        """
        # A construct more for each stream, such as a scope of both, is a tenth of a large fleet's synthesis.
        return FleetMember(
            group,
            self.declared.stream_name,
            context=context,
            stream_in=partial(self._stream, context=context),
            edge_config=self.config,
            deployment=self.deployment,
            is_checked=is_checked,
        )

    def _stream(self, scope: Construct, context: StackContext) -> StreamReference:
        """Return the stream; create it in the scope if the stack creates it."""
        hours = self.new_stream_retention
        if hours is not None:
            return create_stream(scope, self.declared.stream_name, hours, self.deployment.removal_policy)
        # A literal shows whether it is a name or an ARN; a token may not.
        if self.is_arn and isinstance(self.subject, str) and is_token(self.subject):
            return resolve_stream_arn(context.stack, self.subject)
        return resolve_stream(context.stack, self.subject)

    @property
    def _literal_name(self) -> str | None:
        if not isinstance(self.declared.stream, Reference):
            return self.declared.stream_name
        if isinstance(self.subject, str):
            name: str | None = self.subject
        else:
            name = self.subject.name if isinstance(self.subject, kinesisvideo.CfnStream) else None
        return None if name is None or is_token(name) else name
