"""What a declared stream's former entry means for it: another stack, another policy. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kvs_edge.observed import StreamAbsent
from kvs_edge_gitops.comparison.former import Before, Former, policy_of
from kvs_edge_gitops.comparison.values import Compared, Kind, Refusal
from kvs_edge_gitops.declared import Declared
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_preflight.files import DeclaredStream

FOOTAGE_LOST_IN_MOVE = "FootageLostInMove"
STREAM_MADE_TWICE = "StreamMadeTwice"
STREAM_LOST = "StreamLost"

_TAKEN_OVER = {
    Kind.LEAVE: "this one takes it over without a write",
    Kind.FAILED: "this one takes it over, and sends it again",
    Kind.CREATE: "there is no configuration to take over",
    Kind.MISSING: "there is nothing to take over",
}
_NOT_CALLED = (
    "does nothing: it was changed past its file, which is as it is deployed; another sync_token sends it again"
)
_SENT_AGAIN = "sends the configuration again: to another stack, it is a new resource"
_SENT_AGAIN_RENAMED = "sends the configuration again: under another name, it is a new resource"


def with_formers(streams: Sequence[Compared], before: Before) -> list[Compared]:
    """The declared streams, with what their former entries mean."""
    return [_with_former(one, one.declared, before) if one.declared else one for one in streams]


def _with_former(one: Compared, declared: Declared, before: Before) -> Compared:
    formers = before.all_of(one.region, one.stream)
    own = next((former for former in formers if before.is_same_resource(former, declared)), None)
    if own is not None:
        kept = _kept(replace(one, former=own), declared, own)
        lost = (refusal for former in formers if former is not own for refusal in _lost(former, declared, before))
        return _more(kept, (), lost)
    for former in formers:
        one = _taken_over(replace(one, former=former), declared, former, before)
    return one


def _kept(one: Compared, declared: Declared, former: Former) -> Compared:
    notes = (*_policy_changed(declared, former), *_stream_let_go(declared, former))
    if one.kind in {Kind.CHANGE, Kind.MOVE} and _template(declared.entry) == _template(former.entry):
        one = replace(one, does=_NOT_CALLED, footage=(), refusals=())
    return _more(one, notes, _stream_lost(declared, former))


def _template(entry: DeclaredStream) -> tuple[object, ...]:
    """What a template has of it; CloudFormation calls for what changed there alone."""
    return entry.request, *(entry.fact(name) for name in ("removal_policy", "hub_move", "sync_token"))


def _policy_changed(declared: Declared, former: Former) -> Iterator[str]:
    old, new = policy_of(former.entry), policy_of(declared.entry)
    if old != new:
        does = "deletes its configuration and footage" if new == "DESTROY" else "leaves its configuration and footage"
        yield f"removal_policy: {old} -> {new}: once this is deployed, taking its entry out {does}"


def _lets_go(declared: Declared, former: Former) -> bool:
    """Whether the stack made the stream, and does not declare it any more."""
    return former.makes and not declared.entry.fact("create_stream")


def _stream_let_go(declared: Declared, former: Former) -> Iterator[str]:
    if _lets_go(declared, former) and not former.destroys:
        yield "create_stream: true -> false: with RETAIN, the stream and its media stay, and belong to no stack"


def _stream_lost(declared: Declared, former: Former) -> Iterator[Refusal]:
    if _lets_go(declared, former) and former.destroys:
        yield Refusal(
            STREAM_LOST,
            former.stream.name,
            f"{former.place} has create_stream and removal_policy: DESTROY, so its stack deletes the stream with its"
            " media once it does not make it any more: deploy removal_policy: RETAIN in"
            f" {former.entry.file.name} first, then create_stream: false",
        )


def _taken_over(one: Compared, declared: Declared, former: Former, before: Before) -> Compared:
    """The stream of another resource: of another stack, or of the same one under another name."""
    is_moved = not before.is_same_stack(former, declared)
    taken = _TAKEN_OVER.get(one.kind, "this one takes it over as it is")
    other = "which is another stack" if is_moved else f"as {former.name}, which is another resource of the stack"
    note = f"{former.place} declared it, {other}: {taken}"
    refusals = (*_lost(former, declared, before), *_made_twice(one, declared, former, before))
    moved = _more(one, (note, *_stream_left(declared, former)), refusals)
    again = _SENT_AGAIN if is_moved else _SENT_AGAIN_RENAMED
    return replace(moved, does=again) if one.kind is Kind.FAILED else moved


def _lost(former: Former, declared: Declared, before: Before) -> Iterator[Refusal]:
    """Of a stack that is not deployed again, the refusal is the stack's, once."""
    if not before.deletes(former):
        return
    both = ", and the stream with its media in the cloud" if former.makes else ""
    if before.is_same_stack(former, declared):
        does = f"names it {former.name} and has removal_policy: DESTROY. Under another name it is another resource: "
        does += f"the stack deletes the old one, with the configuration and footage that the new one takes over{both}"
        then = "change the entry"
    else:
        does = f"has removal_policy: DESTROY, so its stack deletes what this one takes over{both}"
        then = "move the entry"
    retain = f"deploy removal_policy: RETAIN in {former.entry.file.name} first, then {then}"
    yield Refusal(FOOTAGE_LOST_IN_MOVE, former.stream.name, f"{former.place} {does}: {retain}")


def _made_twice(one: Compared, declared: Declared, former: Former, before: Before) -> Iterator[Refusal]:
    is_let_go = before.is_deployed(former) and not before.is_same_stack(former, declared)
    if declared.entry.fact("create_stream") and (former.makes or not isinstance(one.observed, StreamAbsent)):
        old, new = former.entry.file, declared.entry.file
        made = f"the stack of {relative(old)} makes the stream" if former.makes else "the stream is there"
        let_go = f", and take its entry out of {old.name} with removal_policy: RETAIN" if is_let_go else ""
        yield Refusal(
            STREAM_MADE_TWICE,
            former.stream.name,
            f"{made}, and CloudFormation can't make one that is there: say create_stream: false in {new.name}{let_go}",
        )


def _stream_left(declared: Declared, former: Former) -> Iterator[str]:
    if former.makes and not former.destroys and not declared.entry.fact("create_stream"):
        yield "the stream that the old stack made stays with its media, and belongs to no stack until you delete it"


def _more(one: Compared, notes: Iterable[str], refusals: Iterable[Refusal]) -> Compared:
    return replace(one, notes=(*one.notes, *notes), refusals=(*one.refusals, *refusals))
