"""What is told of files as they are deployed now: stacks that stay behind, and references without a value. Pure."""

from collections.abc import Iterator, Sequence

from kvs_edge_gitops.comparison.former import Before, Former, Stack, policy_of
from kvs_edge_gitops.comparison.present import Key, key_of
from kvs_edge_gitops.comparison.takeover import FOOTAGE_LOST_IN_MOVE
from kvs_edge_gitops.comparison.values import OfFile, Refusal
from kvs_edge_gitops.comparison.words import numbered
from kvs_edge_gitops.declared import Declared
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_preflight.files import DeclaredStream, Reference

_NAMED = 5
"""Streams that a sentence names before it counts the others."""


def of_files(declared: Sequence[Declared], before: Before) -> tuple[OfFile, ...]:
    """What may lose footage first."""
    kept = {key_of(one) for one in declared}
    behind = [_behind(stack, kept, before) for stack in before.stacks if stack not in before.after]
    unknown = [_unknown(entry) for entry, stack in before.unknown if stack in before.after]
    return tuple(sorted((*behind, *unknown), key=lambda one: not one.loses))


def _behind(stack: Stack, kept: set[Key], before: Before) -> OfFile:
    """A stack that no file is deployed as any more."""
    formers = [one for one in before.formers if one.stack == stack]
    taken = [one for one in formers if one.key in kept and stack.account == before.account]
    left = [one for one in formers if one not in taken]
    lost = [one.stream.name for one in left if one.destroys]
    lost += [str(entry.stream) for entry, its in before.unknown if its == stack and policy_of(entry) == "DESTROY"]
    file = relative(before.stacks[stack])
    messages = (_stays(stack, before), *_streams(taken, left), *_deletes(lost, taken))
    return OfFile(file, None, messages, loses=bool(lost), refusals=tuple(_lost_in_move(file, taken)))


def _stays(stack: Stack, before: Before) -> str:
    now = next((one for one in before.after if one.stem == stack.stem), None)
    where = f"its stack in {_environment(stack, now)} stays until somebody deletes it, which cdk deploy does not"
    return (
        f"the file is gone, and {where}" if now is None else f"the file is for {_environment(now, stack)} now; {where}"
    )


def _environment(stack: Stack, other: Stack | None) -> str:
    """Its region, and its account where the other's is another."""
    return stack.region if other is None or other.account == stack.account else f"{stack.region}, {stack.account}"


def _streams(taken: Sequence[Former], left: Sequence[Former]) -> Iterator[str]:
    if taken:
        yield f"{numbered(len(taken), 'stream')} of it {_is(taken)} declared in other files: {_names(taken)}"
    if left:
        goes = "goes" if len(left) == 1 else "go"
        yield f"{numbered(len(left), 'stream')} of it {goes} on recording there: {_names(left)}"


def _deletes(lost: Sequence[str], taken: Sequence[Former]) -> Iterator[str]:
    if lost:
        yield f"to delete that stack deletes configuration and footage, with DESTROY, of {_listed(lost)}"
    elif not any(one.destroys for one in taken):
        yield "to delete that stack leaves configurations and footage as they are"


def _lost_in_move(file: str, taken: Sequence[Former]) -> Iterator[Refusal]:
    destroyed = [one.stream.name for one in taken if one.destroys]
    if destroyed:
        yield Refusal(
            FOOTAGE_LOST_IN_MOVE,
            file,
            f"it has removal_policy: DESTROY for {_listed(destroyed)}: its stack stays, and whoever deletes it deletes"
            " what other stacks have taken over. Deploy removal_policy: RETAIN in it first, then move the entries",
        )


def _unknown(entry: DeclaredStream) -> OfFile:
    destroys = policy_of(entry) == "DESTROY"
    # Were it declared under the same name, that name would have a value.
    deletes = "its stack deletes its configuration and footage, with DESTROY, even if another entry names that stream"
    does = deletes if destroys else "if no file declares that, with RETAIN, it is left"
    message = f"{entry.stream} has no value, so which stream it was is not known; {does}: {_hint(entry)}"
    return OfFile(relative(entry.file), entry.place().line, (message,), loses=destroys)


def _hint(entry: DeclaredStream) -> str:
    if isinstance(entry.stream, Reference) and entry.stream.kind == "Ref":
        return f"--reference {entry.stream.name}=VALUE tells"
    return "no stack exports that name any more"


def _is(streams: Sequence[Former]) -> str:
    return "is" if len(streams) == 1 else "are"


def _names(streams: Sequence[Former]) -> str:
    return _listed([one.stream.name for one in streams])


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
