"""The configurations that a deployment sends, given the deployed templates.

CloudFormation calls the handler only for a new resource, or for one whose properties change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kvs_edge_gitops.comparison.classify import STREAM_EXISTS_NOTE, is_sent
from kvs_edge_gitops.comparison.deployed import DeployedStacks, Deployment
from kvs_edge_gitops.comparison.model import ComparedStream, Kind, Sending
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.comparison.stream_creation import RECREATE, creation_errors, is_deleted, move_errors
from kvs_edge_gitops.comparison.template_changes import SYNC_TOKEN, template_changes

_RESEND = "set sync_token to another value to send it"
_SENT_AGAIN = "sends the configuration again"
_NEW_TOKEN = f"{_SENT_AGAIN}, because of its new sync_token"
_CAUSES = {
    Kind.CREATE: "the configuration was deleted outside of CloudFormation",
    Kind.UPDATE: "the configuration was changed outside of CloudFormation",
    Kind.MOVE: "the configuration was moved to another hub outside of CloudFormation",
    Kind.IN_PROGRESS: "the configuration was changed outside of CloudFormation",
    Kind.FAILED: "the hub does not have the configuration",
    Kind.MISSING: "the stream was deleted outside of CloudFormation",
}
"""Why the service differs from an unchanged template."""


def with_sending(streams: Sequence[ComparedStream], stacks: DeployedStacks) -> list[ComparedStream]:
    """Return the declared streams with what a deployment sends; the same where the deployed template is unknown."""
    return [_with_sending(stream, stream.declared, stacks) if stream.declared else stream for stream in streams]


def _with_sending(stream: ComparedStream, declared: ResolvedStream, stacks: DeployedStacks) -> ComparedStream:
    deployment = stacks.of(declared)
    if deployment is None:
        return stream
    notes = [note for note in stream.notes if note != STREAM_EXISTS_NOTE]
    stack = deployment.stack.name if deployment.stack else None
    stream = replace(stream, stack=stack, notes=(*notes, *_moved(deployment)))
    if is_deleted(stream, declared, deployment):
        stream = replace(stream, kind=Kind.MISSING, action="", errors=())
    if deployment.resource is not None and not (changes := template_changes(declared, deployment.resource)):
        return _not_called(stream)
    errors = (*stream.errors, *creation_errors(stream, declared, deployment), *move_errors(stream, deployment))
    return _called(replace(stream, errors=errors), is_resent=deployment.resource is not None and SYNC_TOKEN in changes)


def _moved(deployment: Deployment) -> Iterator[str]:
    if deployment.other is not None:
        yield f"stack {deployment.other.stack} declares it, too: here it is a new resource, which takes it over"


def _called(stream: ComparedStream, *, is_resent: bool) -> ComparedStream:
    """Return a stream for which CloudFormation calls the handler."""
    if stream.errors:
        return replace(stream, sending=Sending.BLOCKED)
    if stream.kind is Kind.NO_OP and is_resent:
        return replace(stream, kind=Kind.UPDATE, action=_NEW_TOKEN, sending=Sending.SENT)
    if stream.kind is Kind.FAILED:
        return replace(stream, action=_SENT_AGAIN, sending=Sending.SENT)
    return replace(stream, sending=Sending.SENT if is_sent(stream) else Sending.NOT_NEEDED)


def _not_called(stream: ComparedStream) -> ComparedStream:
    """Return a stream whose template does not change."""
    if stream.kind is Kind.NO_OP:
        return replace(stream, sending=Sending.NOT_NEEDED)
    if stream.kind is Kind.IN_PROGRESS and not is_sent(stream):
        return replace(stream, action="does not wait for the current sync", sending=Sending.NOT_NEEDED)
    fix = RECREATE if stream.kind is Kind.MISSING else _RESEND
    action = f"does nothing: {_CAUSES[stream.kind]}, and the template of {stream.stack} does not change; {fix}"
    return replace(stream, action=action, footage=(), errors=(), sending=Sending.NOT_SENT)
