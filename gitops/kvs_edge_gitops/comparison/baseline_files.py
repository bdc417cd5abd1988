"""Notices about files of the baseline: stacks that no file is deployed as any more, references without a value."""

from collections.abc import Iterator, Sequence

from kvs_edge_gitops.comparison.baseline import Baseline, DeployedStream, Stack, policy_of
from kvs_edge_gitops.comparison.codes import FOOTAGE_LOST_IN_MOVE
from kvs_edge_gitops.comparison.live_state import Key, key_of
from kvs_edge_gitops.comparison.model import FileNotice, PlanError
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.formatting import listed, plural
from kvs_edge_gitops.paths import relative
from kvs_edge_preflight.files import DeclaredStream, Reference


def file_notices(declared: Sequence[ResolvedStream], baseline: Baseline) -> tuple[FileNotice, ...]:
    """Return the notices, those about a possible loss of footage first."""
    kept = {key_of(stream) for stream in declared}
    orphaned = [_orphaned(stack, kept, baseline) for stack in baseline.stacks if stack not in baseline.after]
    unknown = [_unknown(entry) for entry, stack in baseline.unknown if stack in baseline.after]
    return tuple(sorted((*orphaned, *unknown), key=lambda notice: not notice.loses))


def _orphaned(stack: Stack, kept: set[Key], baseline: Baseline) -> FileNotice:
    """Return the notice about a stack that no file is deployed as any more."""
    streams = [stream for stream in baseline.streams if stream.stack == stack]
    moved = [stream for stream in streams if stream.key in kept and stack.account == baseline.account]
    left = [stream for stream in streams if stream not in moved]
    lost = [stream.stream.name for stream in left if stream.is_destroyed]
    lost += [str(entry.stream) for entry, its in baseline.unknown if its == stack and policy_of(entry) == "DESTROY"]
    file = relative(baseline.stacks[stack])
    messages = (_stays(stack, baseline), *_streams(moved, left), *_deletes(lost, moved))
    return FileNotice(file, None, messages, loses=bool(lost), errors=tuple(_lost_in_move(file, moved)))


def _stays(stack: Stack, baseline: Baseline) -> str:
    now = next((other for other in baseline.after if other.stem == stack.stem), None)
    why = "the file was removed" if now is None else f"the file is for {_environment(now, stack)} now"
    return f"{why}; cdk deploy does not delete its stack in {_environment(stack, now)}"


def _environment(stack: Stack, other: Stack | None) -> str:
    """Return the region, and the account if the other stack is in another one."""
    return stack.region if other is None or other.account == stack.account else f"{stack.region}, {stack.account}"


def _streams(moved: Sequence[DeployedStream], left: Sequence[DeployedStream]) -> Iterator[str]:
    if moved:
        are = "is" if len(moved) == 1 else "are"
        yield f"{plural(len(moved), 'stream')} of it {are} declared in other files: {_names(moved)}"
    if left:
        continue_ = "continues" if len(left) == 1 else "continue"
        yield f"{plural(len(left), 'stream')} of it {continue_} to record: {_names(left)}"


def _deletes(lost: Sequence[str], moved: Sequence[DeployedStream]) -> Iterator[str]:
    if lost:
        yield f"deleting that stack deletes configuration and footage (DESTROY) of {listed(lost)}"
    elif not any(stream.is_destroyed for stream in moved):
        yield "deleting that stack retains configurations and footage"


def _lost_in_move(file: str, moved: Sequence[DeployedStream]) -> Iterator[PlanError]:
    destroyed = [stream.stream.name for stream in moved if stream.is_destroyed]
    if destroyed:
        yield PlanError(
            FOOTAGE_LOST_IN_MOVE,
            file,
            f"it has removal_policy: DESTROY for {listed(destroyed)}: deleting its stack later deletes what other"
            " stacks have taken over. Deploy removal_policy: RETAIN in it first, then move the entries",
        )


def _unknown(entry: DeclaredStream) -> FileNotice:
    destroys = policy_of(entry) == "DESTROY"
    # If a file declared it under the same reference, that reference would have a value.
    deletes = "its stack deletes its configuration and footage (DESTROY), even if another entry names that stream"
    effect = deletes if destroys else "if no file declares the stream, its configuration stays (RETAIN)"
    message = f"{entry.stream} has no value, so the stream is unknown; {effect}: {_hint(entry)}"
    return FileNotice(relative(entry.file), entry.place().line, (message,), loses=destroys)


def _hint(entry: DeclaredStream) -> str:
    if isinstance(entry.stream, Reference) and entry.stream.kind == "Ref":
        return f"pass --reference {entry.stream.name}=VALUE"
    return "no stack exports that name any more"


def _names(streams: Sequence[DeployedStream]) -> str:
    return listed([stream.stream.name for stream in streams])
