"""`kvs-edge plan --before`: what becomes of streams that leave their file, against the local AWS."""

import json
from pathlib import Path

import pytest

from kvs_edge_local.edge import Failing, JobStatus

DESTROY = {"removal_policy": "DESTROY"}
MADE = {"create_stream": True, "DataRetentionInHours": 24}


@pytest.fixture
def deployed(site):
    """Return a function that writes a deployed file into .before/edge/."""

    def write(*streams, name="site.json", **more):
        file = Path(".before/edge") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({**more, "streams": streams}, indent=2))
        return file

    return write


@pytest.fixture
def entry(edge_config):
    """Return a function that makes an entry of a file."""

    def make(name, **facts):
        return {"StreamName": name, "EdgeConfig": edge_config(), **facts}

    return make


@pytest.fixture
def running(make_stream, start, edge_config):
    """Streams that are recorded as `entry` declares them, by name."""

    def make(count=1, **more):
        names = [make_stream() for _ in range(count)]
        for name in names:
            start(name, edge_config(**more))
        return names

    return make


@pytest.fixture
def plan(run):
    """Return a function that plans with the deployed files."""

    def call(*more):
        return run("plan", "--offline", "--before", ".before/edge", *more)

    return call


def test_nothing_that_stays_where_it_is_is_told(site, deployed, entry, running, plan):
    """The same files: the same plan as without."""
    names = running(2)
    for write in (site, deployed):
        write(*(entry(name) for name in names))
    ended = plan()
    assert (ended.code, ended.out, ended.err) == (0, "2 streams: 2 unchanged\n", "")


@pytest.mark.parametrize(
    ("facts", "does"), [({}, "does nothing"), ({"sync_token": "again"}, "sends the configuration")]
)
def test_what_was_changed_by_hand_is_sent_only_if_the_file_has_changed(
    site, deployed, entry, running, plan, facts, does
):
    """CloudFormation calls for what changed in a template alone: a plan must not promise more."""
    (name,) = running(DeletionConfig={"EdgeRetentionInHours": 12})
    deployed(entry(name))
    site(entry(name, **facts))
    ended = plan()
    assert ended.code == 0
    assert "EdgeRetentionInHours: 12 -> none, so 720" in ended.out
    assert f"      a deployment {does}" in ended.out


def test_a_stream_that_was_moved_by_hand_is_refused_only_if_the_file_has_changed(
    site, deployed, entry, running, plan, hub
):
    """As long as its template stays, nothing looks at it."""
    (name,) = running(hub_arn=hub.replace("site-hub", "other-hub"))
    deployed(entry(name))
    site(entry(name))
    assert plan().code == 0
    site(entry(name, sync_token="again"))
    ended = plan()
    assert ended.code == 1
    assert "HubMoveForbidden" in ended.out


def test_a_stream_that_is_removed_with_retain_goes_on_recording(site, deployed, entry, running, plan):
    """It is said once: whose it was, and that a deployment leaves it."""
    stays, gone = running(2)
    deployed(entry(stays), entry(gone))
    site(entry(stays))
    ended = plan()
    assert ended.code == 0
    assert ended.out == (
        "on site-hub in eu-west-1, in no file\n"
        f"  # unmanaged {gone}\n"
        "      .before/edge/site.json:15 declared it with RETAIN: configuration and footage stay, and"
        " its hub continues to record\n"
        "1 stream: 1 unchanged, 1 unmanaged\n"
    )


def test_a_stream_that_is_removed_with_destroy_loses_its_footage(site, deployed, entry, running, plan, aws):
    """With the same bounds as a move; it is no refusal, since that is what DESTROY is for."""
    (stays,) = running()
    (gone,) = running(DeletionConfig={"EdgeRetentionInHours": 48, "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2000}})
    aws.edge.set_agent_status(gone, uploader=JobStatus("SUCCESS", updated=1767571200.0))
    deployed(entry(stays), entry(gone, **DESTROY))
    site(entry(stays))
    ended = plan()
    assert ended.code == 0
    assert ended.out == (
        ".before/edge/site.json, as deployed now\n"
        f"  x delete {gone} (line 15, on site-hub)\n"
        "      a deployment deletes its configuration and its footage on site-hub (DESTROY in"
        " .before/edge/site.json:15)\n"
        "      footage: media on site-hub that are not uploaded yet are deleted and lost: up to 48 hours of"
        " recording, at most 2,000 MB\n"
        "      footage: its uploader last succeeded at 2026-01-05T00:00:00Z\n"
        "1 stream: 1 unchanged, 1 to delete\n"
    )


@pytest.mark.parametrize(("policy", "code"), [("RETAIN", 0), ("RETAIN_ON_UPDATE_OR_DELETE", 0), ("DESTROY", 1)])
def test_a_stream_that_moves_to_another_file_is_taken_over_unless_it_is_destroyed(
    site, deployed, entry, running, plan, policy, code
):
    """With DESTROY, the old stack deletes what the new one has taken over: that is refused, with what to do first."""
    stays, moved = running(2)
    deployed(entry(stays), entry(moved, removal_policy=policy), name="old.json")
    site(entry(stays), name="old.json")
    site(entry(moved), name="new.json")
    ended = plan()
    assert ended.code == code
    taken = ".before/edge/old.json:15 declared it in another stack: this entry takes it over without a write\n"
    assert f"edge/new.json\n  = no-op {moved} (line 3, on site-hub)\n      {taken}" in ended.out
    assert ("error FootageLostInMove: .before/edge/old.json:15 has removal_policy: DESTROY" in ended.out) is bool(code)
    assert ("deploy removal_policy: RETAIN in old.json first, then move the entry" in ended.out) is bool(code)
    assert "unmanaged" not in ended.out


NAMED_OTHERWISE = [("dock", {"Ref": "camera"}), ({"Ref": "camera"}, "dock"), ({"Ref": "camera"}, {"Ref": "other"})]
"""A stream's name before and after; "dock" is its own."""


@pytest.fixture
def as_named(entry):
    """Return a function that makes an entry of a stream, named in one of these ways."""

    def make(stream, named, **facts):
        return entry(stream if named == "dock" else named, **facts)

    return make


@pytest.mark.parametrize(("old", "new"), NAMED_OTHERWISE)
@pytest.mark.parametrize(("policy", "code"), [("RETAIN", 0), ("RETAIN_ON_UPDATE_OR_DELETE", 0), ("DESTROY", 1)])
def test_another_name_for_the_same_stream_is_refused_with_destroy(
    site, deployed, as_named, running, plan, old, new, policy, code
):
    """The logical id follows from the name: the new resource takes over, and the old one's Delete comes after that."""
    (name,) = running()
    facts = {"removal_policy": policy}
    deployed(as_named(name, old, **facts))
    site(as_named(name, new, **facts))
    ended = plan("--reference", f"camera={name}", "--reference", f"other={name}")
    assert ended.code == code
    was = name if old == "dock" else "{Ref: camera}"
    note = f".before/edge/site.json:3 declared it as {was}, which is another resource of the stack: this entry takes it"
    assert f"      {note} over without a write\n" in ended.out
    refusal = (
        f"error FootageLostInMove: .before/edge/site.json:3 names it {was} and has removal_policy: DESTROY. Under"
        " another name it is another resource: the stack deletes the old one, with the configuration and footage that"
        " the new one takes over: deploy removal_policy: RETAIN in site.json first, then change the entry\n"
    )
    assert (refusal in ended.out) is bool(code)


@pytest.mark.parametrize(("written", "again"), [("ARN", "name"), ("name", "ARN"), ("name", "Ref"), ("Ref", "ARN")])
def test_the_same_name_in_another_form_is_the_same_resource(
    aws, site, deployed, entry, edge_config, running, plan, written, again
):
    """A name, an ARN that holds it, and a reference of that name have one logical id."""
    (name,) = running()
    arn = aws.client("kinesisvideo").describe_stream(StreamName=name)["StreamInfo"]["StreamARN"]
    forms = {
        "name": entry(name, **DESTROY),
        "ARN": {"StreamARN": arn, "EdgeConfig": edge_config(), **DESTROY},
        "Ref": entry({"Ref": name}, **DESTROY),
    }
    deployed(forms[written])
    site(forms[again])
    ended = plan("--reference", f"{name}={name}")
    assert (ended.code, ended.out) == (0, "1 stream: 1 unchanged\n")


def test_a_stream_that_had_two_names_is_refused_as_well(site, deployed, entry, running, plan):
    """A reference may have hidden that; the entry that stays does not save what the other one's stack deletes."""
    (name,) = running()
    stays = entry({"Ref": "camera"})
    deployed(stays, name="new.json")
    deployed(entry(name, **DESTROY), name="old.json")
    site(stays, name="new.json")
    site(entry("other-dock", create_stream=True, DataRetentionInHours=1), name="old.json")
    ended = plan("--reference", f"camera={name}")
    assert ended.code == 1
    assert "error FootageLostInMove: .before/edge/old.json:3 has removal_policy: DESTROY, so its stack" in ended.out


def test_a_stream_under_another_name_whose_hub_refused_it_is_sent_again(
    site, deployed, entry, running, plan, aws, start, edge_config
):
    """It is a new resource."""
    (name,) = running()
    aws.edge.set_hub(edge_config()["HubDeviceArn"], Failing("no disk"))
    shorter = edge_config(DeletionConfig={"EdgeRetentionInHours": 12})
    start(name, shorter)
    deployed({**entry(name), "EdgeConfig": shorter})
    site({**entry({"Ref": "camera"}), "EdgeConfig": shorter})
    out = plan("--reference", f"camera={name}").out
    assert "a deployment sends the configuration again: under another name, it is a new resource" in out


def test_a_made_stream_under_another_name_is_deleted_with_destroy(site, deployed, entry, running, plan):
    """Its stack made the stream, and lets go of that as well; with RETAIN it belongs to no stack."""
    (name,) = running()
    for policy, code in (("DESTROY", 1), ("RETAIN", 0)):
        deployed(entry(name, **MADE, removal_policy=policy))
        site(entry({"Ref": "camera"}, removal_policy=policy))
        ended = plan("--reference", f"camera={name}")
        assert ended.code == code
        assert ("takes over, and the stream with its media in the cloud: deploy" in ended.out) is bool(code)
        assert ("stays with its media, and belongs to no stack" in ended.out) is not bool(code)


def test_little_more_is_asked(site, deployed, entry, running, plan, aws):
    """One look at each stream that is gone."""
    names = running(3)
    deployed(*(entry(name) for name in names))
    site(entry(names[0]))
    calls = len(aws.edge.calls())
    assert plan().code == 0
    asked = [call.operation for call in aws.edge.calls()[calls:]]
    assert sorted(asked) == ["DescribeEdgeConfiguration"] * 2 + ["ListEdgeAgentConfigurations"]


def test_a_moved_stream_whose_hub_refused_it_is_sent_again(
    site, deployed, entry, running, plan, aws, start, edge_config
):
    """To the other stack it is a new resource."""
    stays, moved = running(2)
    aws.edge.set_hub(edge_config()["HubDeviceArn"], Failing("no disk"))
    start(moved, edge_config(DeletionConfig={"EdgeRetentionInHours": 12}))
    failed = {**entry(moved), "EdgeConfig": edge_config(DeletionConfig={"EdgeRetentionInHours": 12})}
    deployed(entry(stays), failed, name="old.json")
    site(entry(stays), name="old.json")
    site(failed, name="new.json")
    out = plan().out
    assert f"! failed {moved}" in out
    assert "a deployment sends the configuration again: in another stack, it is a new resource" in out
    assert "this entry takes it over, and sends it again" in out


def test_another_suffix_is_the_same_stack(site, deployed, entry, running, plan):
    """A stack is named after the file's stem."""
    (name,) = running()
    deployed(entry(name, **DESTROY), name="site.json")
    site(entry(name, **DESTROY), name="site.yaml")
    ended = plan()
    assert (ended.code, ended.out) == (0, "1 stream: 1 unchanged\n")


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (MADE, "the stream that its stack created stays with its media, and belongs to no stack until you delete it"),
        ({**MADE, **DESTROY}, "footage: its stack created the stream, and deletes it with its media in the cloud"),
    ],
)
def test_what_becomes_of_a_stream_that_the_app_made_is_told(site, deployed, entry, running, plan, facts, told):
    """It follows the policy as the footage does."""
    stays, gone = running(2)
    deployed(entry(stays), entry(gone, **facts))
    site(entry(stays))
    ended = plan()
    assert ended.code == 0
    assert f"      {told}\n" in ended.out


def test_a_stream_that_the_app_made_is_lost_without_a_configuration_as_well(
    site, deployed, entry, running, make_stream, plan
):
    """Its media are in the cloud; one that is only referred to loses nothing, and one that is not there is not told."""
    (stays,) = running()
    made, referred = make_stream(), make_stream()
    nobody = entry("nobody-made-it", **MADE, **DESTROY)
    deployed(entry(stays), entry(made, **MADE, **DESTROY), entry(referred, **DESTROY), nobody)
    site(entry(stays))
    ended = plan()
    assert f"  x delete {made} (line 15)\n      a deployment deletes the stream, which its stack created" in ended.out
    assert "footage: its media in the cloud are deleted with it\n" in ended.out
    assert ended.out.endswith("\n1 stream: 1 unchanged, 1 to delete\n")


def test_a_stream_cannot_be_made_by_two_stacks(site, deployed, entry, running, plan):
    """The plan says what to do instead; done so, it goes through and the stream belongs to no stack."""
    stays, moved = running(2)
    deployed(entry(stays), entry(moved, **MADE), name="old.json")
    site(entry(stays), name="old.json")
    site(entry(moved, **MADE), name="new.json")
    ended = plan()
    assert ended.code == 1
    assert (
        "error StreamExists: the stack of .before/edge/old.json created the stream, and CloudFormation cannot"
        " create it again: set create_stream: false in new.json, and remove its entry from old.json with"
        " removal_policy: RETAIN\n"
    ) in ended.out
    site(entry(moved), name="new.json")
    ended = plan()
    assert ended.code == 0
    assert "the stream that the old stack created stays with its media, and belongs to no stack" in ended.out


def test_a_stream_that_is_there_cannot_be_made_where_it_moves_to(site, deployed, entry, running, plan):
    stays, moved = running(2)
    deployed(entry(stays), entry(moved), name="old.json")
    site(entry(stays), name="old.json")
    site(entry(moved, **MADE), name="new.json")
    ended = plan()
    assert ended.code == 1
    assert "error StreamExists: the stream exists, and" in ended.out


@pytest.mark.parametrize(("facts", "code"), [(MADE, 0), ({**MADE, **DESTROY}, 1)])
def test_a_stack_that_lets_go_of_its_stream_deletes_it_with_destroy(site, deployed, entry, running, plan, facts, code):
    """`create_stream` that is taken out takes the stream out of the stack, though its configuration stays in it."""
    (name,) = running()
    deployed(entry(name, **facts))
    site(entry(name))
    ended = plan()
    assert ended.code == code
    assert ("error StreamLost" in ended.out) is bool(code)
    assert ("with RETAIN, the stream and its media stay, and belong to no stack" in ended.out) is not bool(code)


@pytest.mark.parametrize(
    ("old", "new", "does"),
    [
        ("RETAIN", "DESTROY", "deletes"),
        ("DESTROY", "RETAIN", "retains"),
        ("RETAIN_ON_UPDATE_OR_DELETE", "DESTROY", "del"),
    ],
)
def test_another_policy_is_told_and_refuses_nothing(site, deployed, entry, running, plan, old, new, does):
    """It holds from the next deployment on."""
    (name,) = running()
    deployed(entry(name, removal_policy=old))
    site(entry(name, removal_policy=new))
    ended = plan()
    assert ended.code == 0
    assert f"{new}: after this deployment, removing the entry {does}" in ended.out


def test_the_policy_that_is_deployed_decides(site, deployed, entry, running, plan):
    """A move with DESTROY in the new file alone loses nothing."""
    stays, moved = running(2)
    deployed(entry(stays), entry(moved), name="old.json")
    site(entry(stays), name="old.json")
    site(entry(moved, **DESTROY), name="new.json")
    assert plan().code == 0


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("RETAIN", "this looks like a rename. With RETAIN, both record the same camera until you delete"),
        ("DESTROY", "this looks like a rename. With DESTROY, the old stream is deleted once the new one has started"),
    ],
)
def test_a_rename_tells_which_policy_decides(site, deployed, entry, running, make_stream, plan, policy, told):
    """The one that is deployed, of the old name."""
    (old,) = running()
    new = make_stream()
    deployed(entry(old, removal_policy=policy))
    site(entry(new))
    ended = plan()
    assert ended.code == 0
    assert f"it has the camera secret of {new}, which is to be created on the same hub: {told}" in ended.out


def test_a_file_that_is_gone_is_told_once(site, deployed, entry, running, plan):
    """Its stack stays: that, and what deleting it would delete, is not said of each stream."""
    stays, *gone = running(4)
    deployed(entry(stays))
    deployed(*(entry(name, **(DESTROY if name == gone[0] else {})) for name in gone), name="gone.json")
    site(entry(stays))
    ended = plan()
    assert ended.code == 0
    assert ended.out.count("; cdk deploy does not delete its stack in eu-west-1\n") == 1
    assert f"    3 streams of it continue to record: {', '.join(gone)}\n" in ended.out
    assert f"    deleting that stack deletes configuration and footage (DESTROY) of {gone[0]}\n" in ended.out
    assert ended.out.endswith("1 stream: 1 unchanged, 3 unmanaged\n")
    assert ended.out.count("declared it, and the stack of that file stays: its hub continues to record\n") == 3


@pytest.mark.parametrize(("policy", "code"), [("RETAIN", 0), ("DESTROY", 1)])
def test_a_file_that_is_renamed_is_refused_with_destroy_once(site, deployed, entry, running, plan, policy, code):
    """Deleting the old stack would delete what the new one took over."""
    names = running(3)
    deployed(*map(entry, names), name="old.json", defaults={"removal_policy": policy})
    site(*map(entry, names), name="new.json")
    ended = plan()
    assert ended.code == code
    assert ended.out.count("error FootageLostInMove") == code
    assert ended.out.count("takes it over without a write") == 3
    left = "    deleting that stack retains configurations and footage\n"
    assert (left in ended.out) is not bool(code)


def test_another_region_leaves_the_stack_where_it_is(site, deployed, edge_config, running, plan):
    """A stream of that name in the new region is another one."""
    (name,) = running()
    there = {"StreamName": name, "EdgeConfig": edge_config()}
    deployed(there, region="eu-west-1")
    moved = json.loads(json.dumps(there).replace("eu-west-1", "us-west-2"))
    site(moved, region="us-west-2", defaults={"create_stream": True, "DataRetentionInHours": 24})
    ended = plan()
    assert "    the file is for us-west-2 now; cdk deploy does not delete its stack in eu-west-1" in ended.out
    assert f"    1 stream of it continues to record: {name}\n" in ended.out
    assert "another stack" not in ended.out


def test_a_file_of_another_account_is_not_asked_about(site, deployed, entry, edge_config, running, plan):
    """Nor does it stop the plan: its stack stays there."""
    (name,) = running()
    elsewhere = json.loads(json.dumps(entry(name)).replace("123456789012", "444455556666"))
    by_reference = {**elsewhere, "StreamName": {"Fn::ImportValue": "gate"}}
    deployed(elsewhere, by_reference, account="444455556666")
    site(entry(name), account="123456789012")
    ended = plan()
    assert ended.code == 0
    assert (
        "the file is for eu-west-1, 123456789012 now; cdk deploy does not delete its stack in eu-west-1, 444455556666"
        in ended.out
    )
    assert f"1 stream of it continues to record: {name}\n" in ended.out


@pytest.mark.parametrize("policy", ["RETAIN", "DESTROY"])
def test_a_reference_that_only_the_deployed_files_know_does_not_stop_the_plan(
    aws, site, deployed, entry, running, plan, policy
):
    """The plan reports the missing value; with the value, the stream is known."""
    unknown = [{"Fn::ImportValue": name} for name in ("no-such-export", "nor-this-one")]
    stays, gone = running(2)
    deployed(entry(stays), entry({"Ref": "gate"}, removal_policy=policy), *map(entry, unknown))
    site(entry(stays))
    ended = plan()
    assert (ended.code, ended.err) == (0, "")
    assert (
        ".before/edge/site.json:15, as deployed now\n    {Ref: gate} has no value, so the stream is unknown"
        in ended.out
    )
    assert ("its stack deletes its configuration and footage (DESTROY)" in ended.out) is (policy == "DESTROY")
    assert "pass --reference gate=VALUE\n" in ended.out
    assert ended.out.count("no-such-export} has no value") == 1
    assert ended.out.count("nor-this-one} has no value") == 1
    assert "no stack exports that name any more\n" in ended.out
    arn = aws.client("kinesisvideo").describe_stream(StreamName=gone)["StreamInfo"]["StreamARN"]
    for value in (gone, arn):
        known = plan("--reference", f"gate={value}")
        assert "{Ref: gate}" not in known.out
        assert f"{'x delete' if policy == 'DESTROY' else '# unmanaged'} {gone}" in known.out


def test_faults_of_the_deployed_files_are_told_as_theirs(aws, site, deployed, entry, plan):
    """Exit code 2, before anything is asked."""
    deployed({"StreamName": "dock"})
    site(entry("dock"))
    ended = plan()
    assert ended.code == 2
    assert ".before/edge/site.json:3:" in ended.err
    assert "kvs-edge: --before: the files have 1 error: no AWS request was made\n" in ended.err
    assert aws.edge.calls() == ()


def test_deployed_files_that_are_not_there_are_told(site, entry, run):
    """Such as a branch that was not checked out."""
    site(entry("dock"))
    ended = run("plan", "--before", "no-such")
    assert ended.code == 2
    assert "kvs-edge: --before: no-such does not exist" in ended.err


def test_an_empty_directory_is_that_nothing_is_deployed_yet(site, entry, make_stream, run):
    """So that the first pull request needs no other workflow."""
    site(entry(make_stream()))
    Path(".before/edge").mkdir(parents=True)
    ended = run("plan", "--before", ".before/edge")
    assert (ended.code, ended.out) == (0, run("plan").out)


def test_files_may_be_named_one_by_one(site, deployed, entry, running, run):
    """Each with its own --before."""
    first, second = running(2)
    befores = [deployed(entry(first), name="a.json"), deployed(entry(second), name="b.json")]
    site(entry(first), entry(second), name="a.json")
    arguments = [argument for file in befores for argument in ("--before", str(file))]
    ended = run("plan", "edge/a.json", *arguments)
    assert ended.code == 0
    assert ".before/edge/b.json, as deployed now\n    the file was removed" in ended.out


def test_a_retained_stream_is_told_where_no_file_declares_its_hub(site, deployed, entry, running, plan, hub):
    """It was the last one on it."""
    (stays,) = running()
    (gone,) = running(hub_arn=hub.replace("site-hub", "old-hub"))
    deployed(entry(stays), entry(gone))
    site(entry(stays))
    ended = plan()
    assert f"on old-hub in eu-west-1, in no file\n  # unmanaged {gone}\n      .before/edge/site.json:15" in ended.out


def test_an_unmanaged_stream_that_nobody_declared_is_told_as_such(site, deployed, entry, running, plan, run):
    """Without --before and the deployed templates that is not known, and one line says that it could be."""
    declared, _ = running(2)
    for write in (site, deployed):
        write(entry(declared))
    assert "no file declares it, before or after: a deployment retains its configuration" in plan().out
    assert run("plan", "--offline").out.count("--before PATH, with the currently deployed files") == 1
    assert "--before" not in run("plan").out, "the deployed templates show it"
    assert "--before" not in plan().out
    assert "--before PATH" in run("plan", "--offline", "--format", "markdown").out.replace("\\", "")


def test_a_full_hub_has_no_room_for_a_new_name_before_the_old_one_is_gone(
    site, deployed, entry, running, make_stream, plan
):
    """CloudFormation deletes last."""
    *stay, gone = running(16)
    new = make_stream()
    deployed(*map(entry, stay), entry(gone, **DESTROY))
    site(*map(entry, stay), entry(new))
    ended = plan()
    assert ended.code == 1
    assert "error TooManyStreams" in ended.out
    site(*map(entry, stay))
    assert plan().code == 0


def test_json_has_what_is_deployed_now(site, deployed, entry, running, plan, run):
    """Of each stream and of the files; without --before these members are not there."""
    stays, gone, new = running(3)
    deployed(entry(stays), entry(gone, **MADE, **DESTROY))
    deployed(entry("other", **DESTROY), name="gone.json")
    site(entry(stays), entry(new))
    report = plan("--format", "json").json
    assert (report["version"], report["exit_code"]) == (1, 0)
    assert report["summary"]["delete"] == 1
    before = {one["stream"]: one["deployed"] for one in report["streams"]}
    where = {"file": ".before/edge/site.json"}
    assert before == {
        stays: {**where, "line": 3, "removal_policy": "RETAIN", "create_stream": False},
        new: None,
        gone: {**where, "line": 15, "removal_policy": "DESTROY", "create_stream": True},
    }
    (deleted,) = (one for one in report["streams"] if one["kind"] == "delete")
    assert (deleted["file"], len(deleted["footage"])) == (None, 3)
    (file,) = report["files"]
    assert (file["file"], file["line"], file["loses"], file["errors"]) == (".before/edge/gone.json", None, True, [])
    plain = run("plan", "--offline", "--format", "json").json
    assert "files" not in plain
    assert "delete" not in plain["summary"]
    assert all("deployed" not in one for one in plain["streams"])


def test_nothing_is_written_to_aws(aws, site, deployed, entry, running, plan):
    """A plan only looks."""
    stays, gone = running(2)
    writes = aws.edge.writes()
    deployed(entry(stays), entry(gone, **DESTROY))
    site(entry(stays))
    plan()
    assert aws.edge.writes() == writes
