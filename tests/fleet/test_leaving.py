"""Streams that leave their file, compared with a model of CloudFormation."""

import io
import re
from pathlib import Path
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kvs_edge.configuration import Stream
from kvs_edge.observed import Absent, Found, SyncStatus
from kvs_edge_gitops.aws.stream_status import StreamStatus
from kvs_edge_gitops.commands.plan.renderings import RENDERINGS
from kvs_edge_gitops.comparison.baseline import Baseline, DeployedStream, Stack
from kvs_edge_gitops.comparison.compare import compare
from kvs_edge_gitops.comparison.live_state import LiveState
from kvs_edge_gitops.comparison.model import Kind
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.reports.markdown import LIMIT
from kvs_edge_preflight.files import DeclaredStream, Located, Place
from kvs_edge_preflight.files.environment import Environment

REGION, ACCOUNT = "eu-west-1", "123456789012"
A, B = (f"arn:aws:iot:{REGION}:{ACCOUNT}:thing/{name}" for name in ("hub-a", "hub-b"))


class Entry(NamedTuple):
    """The entry of a stream."""

    stem: str
    policy: str | None = None
    makes: bool = False
    hub: str = A
    reference: str | None = None

    @property
    def resource(self):
        """The resource's identity to CloudFormation: a logical ID in a stack."""
        return self.stem, self.reference


def config(hub=A):
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:dock-aBcDeF"
    source = {"MediaUriSecretArn": secret, "MediaUriType": "RTSP_URI"}
    return {"HubDeviceArn": hub, "RecorderConfig": {"MediaSourceConfig": source}}


def found(name, hub=A):
    return Found(SyncStatus.IN_SYNC, config(hub), stream_name=name, updated="2026-01-05T00:00:00.000+00:00")


def entry_of(name, entry, folder):
    subject = {"Ref": entry.reference} if entry.reference else name
    value = {"StreamName": subject, "EdgeConfig": config(entry.hub), "create_stream": entry.makes}
    value |= {"removal_policy": entry.policy} if entry.policy else {}
    return DeclaredStream(
        file=Path(folder) / f"{entry.stem}.yaml",
        path=("streams", 0),
        located=Located(value, Place(3, 5)),
        values=value,
        environment=Environment(REGION),
    )


def stacks_of(stems, folder):
    return {Stack(stem, REGION, ACCOUNT): Path(folder) / f"{stem}.yaml" for stem in stems}


def compared(old, new, *, stems=(), unseen=()):
    """Compare entries by stream; all of `old` are on hub A, and `stems` are files without a stream.

    A file names a stream itself or by a reference. A deployment of several entries with one reference would be refused
    before; what is said of each of them is right all the same.
    """
    declared = [
        ResolvedStream(entry_of(name, one, "edge"), Stream(name), config(one.hub), REGION) for name, one in new.items()
    ]
    formers = [
        DeployedStream(entry_of(name, one, ".before"), Stream(name), Stack(one.stem, REGION, ACCOUNT))
        for name, one in old.items()
    ]
    before = Baseline(
        ACCOUNT,
        stacks_of({one.stem for one in old.values()}, ".before"),
        stacks_of({*(one.stem for one in new.values()), *stems}, "edge"),
        formers,
    )
    seen = {(REGION, name): StreamStatus(Absent() if name in unseen else found(name)) for name in {**old, **new}}
    on_hub = [found(name) for name in old if name not in unseen]
    on_hubs = {(REGION, one.hub): on_hub if one.hub == A else [] for one in new.values()}
    return compare(declared, LiveState(seen, on_hubs), baseline=before)


NAMES, STEMS = st.sampled_from("abcd"), st.sampled_from("xyz")
POLICIES = st.sampled_from([None, "RETAIN", "RETAIN_ON_UPDATE_OR_DELETE", "DESTROY"])
BY_NAME = st.builds(Entry, STEMS, POLICIES, st.booleans(), st.just(A), st.none())
BY_REFERENCE = st.builds(Entry, STEMS, POLICIES, st.just(False), st.just(A), st.sampled_from("pq"))
ENTRIES = st.dictionaries(NAMES, BY_NAME | BY_REFERENCE, max_size=4)


def lost(old, new, stems):
    """Return what CloudFormation deletes: at once, and when a stack without a file is deleted."""
    deployed = {one.stem for one in new.values()} | set(stems)
    at_once, later = set(), set()
    for name, one in old.items():
        stays = name in new and new[name].resource == one.resource
        lets_go = not stays or (one.makes and not new[name].makes)
        if one.policy == "DESTROY" and one.stem not in deployed:
            later.add(name)
        elif one.policy == "DESTROY" and lets_go:
            at_once.add(name)
    return at_once, later


@given(ENTRIES, ENTRIES, st.sets(STEMS))
def test_no_footage_is_lost_that_the_plan_does_not_tell(old, new, stems):
    """For any files before and after, the plan reports all losses and only losses."""
    comparison = compared(old, new, stems=stems)
    at_once, later = lost(old, new, stems)
    codes = {"FootageLostInMove", "StreamLost"}
    refused = {one.about for one in comparison.errors if one.code in codes}
    deleted = {one.stream for one in comparison.of(Kind.DELETE)}
    assert (refused & set(old)) | deleted == at_once
    assert deleted == at_once - set(new)
    behind = {one.file for one in comparison.files if one.loses or one.errors}
    assert behind == {f".before/{old[name].stem}.yaml" for name in later}


@given(ENTRIES, ENTRIES, st.sets(STEMS))
def test_a_stream_is_made_by_one_stack_at_most(old, new, stems):
    """A stream that another stack made, or that is there, is refused where it moves to."""
    comparison = compared(old, new, stems=stems)
    refused = {one.about for one in comparison.errors if one.code == "StreamExists"}
    moved = {name for name in {*old} & {*new} if old[name].resource != new[name].resource}
    assert refused == {name for name in moved if new[name].makes}


@given(ENTRIES, ENTRIES, st.sets(STEMS))
def test_each_stream_is_told_once(old, new, stems):
    """One that is removed is to delete or unmanaged, and never both."""
    names = [one.stream for one in compared(old, new, stems=stems).streams]
    assert len(names) == len(set(names))
    assert set(new) <= set(names)


@given(ENTRIES, st.sets(STEMS))
def test_what_stays_as_it_is_is_left(entries, stems):
    """The same files: nothing is told at all."""
    comparison = compared(entries, entries, stems=stems)
    assert {one.kind for one in comparison.streams} <= {Kind.NO_OP}
    assert not any(one.notes or one.errors for one in comparison.streams)
    assert comparison.files == ()


def comment(*arguments, **more):
    output = io.StringIO()
    RENDERINGS["markdown"](compared(*arguments, **more), 0, output)
    return output.getvalue()


def test_losses_stand_above_the_table():
    """With the refusals and the moves, and the files that are gone."""
    old = {
        "gone": Entry("site", "DESTROY"),
        "moved": Entry("site", "DESTROY"),
        "left": Entry("old"),
        "far": Entry("site"),
    }
    new = {"moved": Entry("new"), "far": Entry("site", hub=B), "yard": Entry("new")}
    text = comment(old, new, unseen=["yard"])
    order = [
        "**The deployment would fail**",
        "**FootageLostInMove**",
        "**Deleted, with its footage**\n\n- gone ",
        "**Moves to another hub**\n\n- far ",
        "**About the currently deployed files**\n\n- .before/old.yaml\n  - the file was removed",
        "| file | to create |",
        "<details><summary>",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, text
    assert places == sorted(places)
    folded = text[places[-1] :]
    assert "= no-op moved" in folded
    assert "gone" not in re.sub("the file was removed", "", folded)


def test_the_table_counts_what_is_deleted():
    """In a column of its own, under the file that is deployed now."""
    text = comment({"gone": Entry("site", "DESTROY"), "dock": Entry("site")}, {"dock": Entry("site")})
    shown = MarkdownIt("gfm-like", {"linkify": False}).enable("table").render(text)
    assert '<th style="text-align:right">to delete</th>' in shown
    assert "<td>.before/site.yaml, as deployed now</td>" in shown


def test_losses_and_refusals_are_cut_last():
    """A fleet's worth of creations and moves between files leaves them in."""
    old = {f"gone-{n}": Entry("site", "DESTROY") for n in range(10)}
    old |= {f"lost-{n}": Entry("site", "DESTROY") for n in range(10)}
    old |= {f"far-{n}": Entry("site") for n in range(2)}
    old |= {f"moved-{n}": Entry("site") for n in range(1500)}
    new = {name: Entry("new", hub=B if name.startswith("far") else A) for name in old if not name.startswith("gone")}
    new["new"] = Entry("site")
    text = comment(old, new, unseen=["new"])
    assert len(text.encode()) <= LIMIT
    assert text.count("**FootageLostInMove**") == 10
    assert all(f"\n- gone-{n} " in text for n in range(10))
    assert all(f"\n- far-{n} " in text for n in range(2))
    assert "more entries are omitted" in text
    assert 0 < text.count("= no-op moved-") < 1500
