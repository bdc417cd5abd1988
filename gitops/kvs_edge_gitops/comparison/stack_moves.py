"""Changes between the deployed and the declared entry of a stream: another stack, another policy."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kvs_edge.observed import StreamAbsent
from kvs_edge_gitops.comparison.baseline import Baseline, DeployedStream, policy_of
from kvs_edge_gitops.comparison.codes import FOOTAGE_LOST_IN_MOVE, STREAM_EXISTS, STREAM_LOST
from kvs_edge_gitops.comparison.model import ComparedStream, Kind, PlanError, Sending
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.paths import relative
from kvs_edge_preflight.files import DeclaredStream

_TAKEN_OVER = {
    Kind.NO_OP: "this entry takes it over without a write",
    Kind.FAILED: "this entry takes it over, and sends it again",
    Kind.CREATE: "there is no configuration to take over",
    Kind.MISSING: "there is nothing to take over",
}
_NOT_CALLED = (
    "does nothing: the configuration was changed outside of the deployment, and the file has not changed; a new"
    " sync_token sends it again"
)
_SENT_AGAIN = "sends the configuration again: in another stack, it is a new resource"
_SENT_AGAIN_RENAMED = "sends the configuration again: under another name, it is a new resource"


def with_stack_moves(streams: Sequence[ComparedStream], baseline: Baseline) -> list[ComparedStream]:
    """Return the declared streams, with what their deployed entries mean."""
    return [_with_deployed(stream, stream.declared, baseline) if stream.declared else stream for stream in streams]


def _with_deployed(stream: ComparedStream, declared: ResolvedStream, baseline: Baseline) -> ComparedStream:
    entries = baseline.all_of(stream.region, stream.stream)
    own = next((entry for entry in entries if baseline.is_same_resource(entry, declared)), None)
    if own is not None:
        kept = _kept(replace(stream, deployed=own), declared, own)
        lost = (error for entry in entries if entry is not own for error in _lost(entry, declared, baseline))
        return _more(kept, (), lost)
    for entry in entries:
        stream = _taken_over(replace(stream, deployed=entry), declared, entry, baseline)
    return stream


def _kept(stream: ComparedStream, declared: ResolvedStream, deployed: DeployedStream) -> ComparedStream:
    notes = (*_policy_changed(declared, deployed), *_stream_released(declared, deployed))
    is_known = stream.sending is not Sending.UNKNOWN
    if (
        not is_known
        and stream.kind in {Kind.UPDATE, Kind.MOVE}
        and _template(declared.entry) == _template(deployed.entry)
    ):
        stream = replace(stream, action=_NOT_CALLED, footage=(), errors=(), sending=Sending.NOT_SENT)
    return _more(stream, notes, _stream_lost(declared, deployed))


def _template(entry: DeclaredStream) -> tuple[object, ...]:
    """Return what the template holds of an entry; CloudFormation calls the handler only if that changes."""
    return entry.request, *(entry.fact(name) for name in ("removal_policy", "hub_move", "wait_for", "sync_token"))


def _policy_changed(declared: ResolvedStream, deployed: DeployedStream) -> Iterator[str]:
    old, new = policy_of(deployed.entry), policy_of(declared.entry)
    if old != new:
        effect = "deletes" if new == "DESTROY" else "retains"
        yield (
            f"removal_policy: {old} -> {new}: after this deployment, removing the entry {effect} its configuration and"
            " footage"
        )


def _is_released(declared: ResolvedStream, deployed: DeployedStream) -> bool:
    """Return whether the stack created the stream and no longer declares it."""
    return deployed.is_created and not declared.entry.fact("create_stream")


def _stream_released(declared: ResolvedStream, deployed: DeployedStream) -> Iterator[str]:
    if _is_released(declared, deployed) and not deployed.is_destroyed:
        yield "create_stream: true -> false: with RETAIN, the stream and its media stay, and belong to no stack"


def _stream_lost(declared: ResolvedStream, deployed: DeployedStream) -> Iterator[PlanError]:
    if _is_released(declared, deployed) and deployed.is_destroyed:
        yield PlanError(
            STREAM_LOST,
            deployed.stream.name,
            f"{deployed.place} has create_stream and removal_policy: DESTROY, so its stack deletes the stream with its"
            f" media when create_stream is removed: deploy removal_policy: RETAIN in {deployed.entry.file.name} first,"
            " then create_stream: false",
        )


def _taken_over(
    stream: ComparedStream, declared: ResolvedStream, deployed: DeployedStream, baseline: Baseline
) -> ComparedStream:
    """Return the stream of another resource: in another stack, or in the same stack under another name."""
    is_moved = not baseline.is_same_stack(deployed, declared)
    effect = _TAKEN_OVER.get(stream.kind, "this entry takes it over as it is")
    other = "in another stack" if is_moved else f"as {deployed.name}, which is another resource of the stack"
    note = f"{deployed.place} declared it {other}: {effect}"
    errors = (*_lost(deployed, declared, baseline), *_made_twice(stream, declared, deployed, baseline))
    # The baseline knows the file of an error that the deployed templates show, too.
    codes = {error.code for error in errors}
    stream = replace(stream, errors=tuple(error for error in stream.errors if error.code not in codes))
    moved = _more(stream, (note, *_stream_left(declared, deployed)), errors)
    again = _SENT_AGAIN if is_moved else _SENT_AGAIN_RENAMED
    return replace(moved, action=again) if stream.kind is Kind.FAILED else moved


def _lost(deployed: DeployedStream, declared: ResolvedStream, baseline: Baseline) -> Iterator[PlanError]:
    """Return the error of an entry whose stack is deployed again; otherwise the error is about the stack, once."""
    if not baseline.deletes(deployed):
        return
    both = ", and the stream with its media in the cloud" if deployed.is_created else ""
    if baseline.is_same_stack(deployed, declared):
        effect = f"names it {deployed.name} and has removal_policy: DESTROY. Under another name it is another resource:"
        effect += (
            f" the stack deletes the old one, with the configuration and footage that the new one takes over{both}"
        )
        then = "change the entry"
    else:
        effect = f"has removal_policy: DESTROY, so its stack deletes what this entry takes over{both}"
        then = "move the entry"
    retain = f"deploy removal_policy: RETAIN in {deployed.entry.file.name} first, then {then}"
    yield PlanError(FOOTAGE_LOST_IN_MOVE, deployed.stream.name, f"{deployed.place} {effect}: {retain}")


def _made_twice(
    stream: ComparedStream, declared: ResolvedStream, deployed: DeployedStream, baseline: Baseline
) -> Iterator[PlanError]:
    is_removed = baseline.is_deployed(deployed) and not baseline.is_same_stack(deployed, declared)
    if declared.entry.fact("create_stream") and (deployed.is_created or not isinstance(stream.observed, StreamAbsent)):
        old, new = deployed.entry.file, declared.entry.file
        why = f"the stack of {relative(old)} created the stream" if deployed.is_created else "the stream exists"
        then = f", and remove its entry from {old.name} with removal_policy: RETAIN" if is_removed else ""
        yield PlanError(
            STREAM_EXISTS,
            deployed.stream.name,
            f"{why}, and CloudFormation cannot create it again: set create_stream: false in {new.name}{then}",
        )


def _stream_left(declared: ResolvedStream, deployed: DeployedStream) -> Iterator[str]:
    if deployed.is_created and not deployed.is_destroyed and not declared.entry.fact("create_stream"):
        yield "the stream that the old stack created stays with its media, and belongs to no stack until you delete it"


def _more(stream: ComparedStream, notes: Iterable[str], errors: Iterable[PlanError]) -> ComparedStream:
    return replace(stream, notes=(*stream.notes, *notes), errors=(*stream.errors, *errors))
