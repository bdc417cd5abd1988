"""The comparison by itself: what is declared, what was seen, and what a deployment would do."""

import itertools
from pathlib import Path

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.decide import decide
from kvs_edge.decisions import Delete, Done, Fail, Start, Wait
from kvs_edge.observed import Absent, Found, StreamAbsent, SyncStatus
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType
from kvs_edge_gitops.aws.stream_status import StreamStatus
from kvs_edge_gitops.commands.drift.drifted import Way, drift_of
from kvs_edge_gitops.commands.plan.renderings.lines import details_of
from kvs_edge_gitops.comparison.compare import compare
from kvs_edge_gitops.comparison.differences import Difference
from kvs_edge_gitops.comparison.live_state import LiveState, key_of
from kvs_edge_gitops.comparison.model import Kind
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.reports.fields import change, in_words
from kvs_edge_preflight.files import DeclaredStream, Located, Place
from kvs_edge_preflight.files.environment import Environment

REGION = "eu-west-1"
A, B = (f"arn:aws:iot:{REGION}:123456789012:thing/{name}" for name in ("hub-a", "hub-b"))
UPDATED = "2026-01-05T00:00:00.000+00:00"


def config(hub=A, secret="dock", **more):
    secret_arn = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:{secret}-aBcDeF"
    source = {"MediaUriSecretArn": secret_arn, "MediaUriType": "RTSP_URI"}
    return {"HubDeviceArn": hub, "RecorderConfig": {"MediaSourceConfig": source}, **more}


_lines = itertools.count(3)


def declare(name="dock", edge_config=None, **facts):
    edge_config = edge_config or config()
    value = {"StreamName": name, "EdgeConfig": edge_config, **facts}
    entry = DeclaredStream(
        file=Path("edge/site.yaml"),
        path=("streams", 0),
        located=Located(value, Place(next(_lines), 5)),
        values=value,
        environment=Environment(REGION),
    )
    return ResolvedStream(entry, Stream(name), edge_config, REGION)


def found(edge_config=None, status=SyncStatus.IN_SYNC, name="dock", **more):
    return Found(status, edge_config or config(), stream_name=name, updated=UPDATED, **more)


def compared(declared, observed, *, hours=24, unmanaged=(), moves=False):
    """Compare one declared stream with its live state."""
    here = [observed] if isinstance(observed, Found) and observed.config["HubDeviceArn"] == declared.hub else []
    present = LiveState(
        {key_of(declared): StreamStatus(observed)},
        {(REGION, declared.hub): (*here, *unmanaged)},
        {key_of(declared): hours},
    )
    return compare([declared], present, moves=moves)


def one_of(*arguments, **more):
    return compared(*arguments, **more).streams[0]


OBSERVED = [
    StreamAbsent(),
    Absent(),
    *(
        found(edge_config, status)
        for status in SyncStatus
        if status.is_known
        for edge_config in (config(), config(DeletionConfig={"EdgeRetentionInHours": 12}), config(B))
    ),
]


@pytest.mark.parametrize("move", ["FORBIDDEN", "ALLOWED"])
@pytest.mark.parametrize("observed", OBSERVED, ids=repr)
def test_a_plan_tells_what_the_handler_would_do(observed, move):
    """For everything that can be seen: the kind and the refusals are those of `decide` for a new resource."""
    declared = declare(hub_move=move)
    request = Request(RequestType.CREATE, Stream("dock"), declared.config, hub_move_allowed=move == "ALLOWED")
    decision = decide(request, observed, Progress(relation=Relation.FORWARD), 300.0)
    one = one_of(declared, observed)
    expected = {
        Kind.CREATE: Start,
        Kind.UPDATE: Start,
        Kind.FAILED: Start,
        Kind.MOVE: Delete if move == "ALLOWED" else Fail,
        Kind.IN_PROGRESS: Wait,
        Kind.MISSING: Fail,
        Kind.NO_OP: Done,
    }
    assert isinstance(decision, expected[one.kind])
    assert [refusal.code for refusal in one.errors] == ([decision.reason.code] if isinstance(decision, Fail) else [])


@pytest.mark.parametrize("observed", OBSERVED, ids=repr)
def test_only_what_is_left_alone_or_on_its_way_is_no_drift(observed):
    """A hub that has what is declared, or is about to, does not differ; all else does."""
    comparison = compared(declare(), observed)
    differs = bool(drift_of(comparison, unmanaged=False).found)
    is_right = isinstance(observed, Found) and observed.config == config()
    is_alive = isinstance(observed, Found) and (observed.status.syncing or observed.status is SyncStatus.IN_SYNC)
    assert differs is not (is_right and is_alive)


def test_a_stream_that_the_app_makes_is_not_missing():
    """It is created with its configuration."""
    one = one_of(declare(create_stream=True, DataRetentionInHours=24), StreamAbsent())
    assert (one.kind, one.errors) == (Kind.CREATE, ())
    assert one.action == "creates the stream, and sends its configuration"


def test_a_stream_that_is_there_may_not_be_the_apps_to_make():
    """The service can't tell whose it is, so it is said."""
    one = one_of(declare(create_stream=True), Absent())
    assert one.kind is Kind.CREATE
    assert "create_stream: false" in one.notes[0]


@pytest.mark.parametrize(
    ("declared", "observed"),
    [
        (declare(), Absent()),
        (declare(), found(config(DeletionConfig={"EdgeRetentionInHours": 12}))),
        (declare(hub_move="ALLOWED"), found(config(B))),
        (declare(), found(status=SyncStatus.DELETING)),
        (declare(), found(config(DeletionConfig={"EdgeRetentionInHours": 12}), SyncStatus.SYNCING)),
    ],
    ids=["create", "change", "move", "deleting", "syncing"],
)
def test_a_stream_that_keeps_nothing_is_refused_where_something_is_sent(declared, observed):
    """A Start ends with NoDataRetention then."""
    assert [refusal.code for refusal in one_of(declared, observed, hours=0).errors] == ["NoDataRetention"]
    assert one_of(declared, observed, hours=1).errors == ()
    assert one_of(declared, observed, hours=None).errors == ()


def test_a_stream_that_the_app_makes_without_retention_is_refused():
    """The declared retention counts, not the live one."""
    declared = declare(create_stream=True, DataRetentionInHours=0)
    assert [refusal.code for refusal in one_of(declared, StreamAbsent()).errors] == ["NoDataRetention"]
    assert one_of(declare(create_stream=True, DataRetentionInHours=1), Absent(), hours=0).errors == ()


def test_nothing_is_refused_for_retention_where_nothing_is_sent():
    """The running configuration continues."""
    assert one_of(declare(), found(), hours=0).errors == ()
    assert one_of(declare(), found(status=SyncStatus.SYNCING), hours=0).errors == ()


def test_a_failed_sync_tells_why_and_how_it_is_sent_again():
    """A deployment of an unchanged template does nothing about it."""
    one = one_of(declare(), found(status=SyncStatus.SYNC_FAILED, details="the hub\n is offline"))
    assert one.kind is Kind.FAILED
    assert one.notes == ("SYNC_FAILED, last updated 2026-01-05T00:00:00Z: the hub is offline",)
    assert "nothing while its template is unchanged" in one.action
    assert one_of(declare(), found(status=SyncStatus.DELETE_FAILED)).notes == (
        "DELETE_FAILED, last updated 2026-01-05T00:00:00Z: no details",
    )


DENY = {"StrategyOnFullSize": "DENY_NEW_MEDIA"}


def size(megabytes, **more):
    return {"LocalSizeConfig": {"MaxLocalMediaSizeInMB": megabytes, **more}}


UPLOADER = {"ScheduleConfig": {"ScheduleExpression": "0 0 22 ? * * *", "DurationInSeconds": 3599}}


GONE = "are deleted at the hub, uploaded or not;"


@pytest.mark.parametrize(
    ("now", "declared", "told"),
    [
        ({}, {"EdgeRetentionInHours": 24}, f"media older than 24 hours {GONE} the limit was 720 hours"),
        (
            {"EdgeRetentionInHours": 2},
            {"EdgeRetentionInHours": 1},
            f"media older than 1 hour {GONE} the limit was 2 hours",
        ),
        ({}, size(500), f"the oldest media beyond 500 MB {GONE} there was no limit"),
        (size(2800), size(500), f"the oldest media beyond 500 MB {GONE} the limit was 2,800 MB"),
        (size(2800), size(500, **DENY), "once the hub has 500 MB, new media are not recorded; the limit was 2,800 MB"),
        ({"DeleteAfterUpload": False}, {}, "uploaded media are deleted at the hub; they were kept there"),
    ],
    ids=str,
)
def test_what_a_change_deletes_at_the_hub_is_told(now, declared, told):
    """A shorter retention, a smaller size, and deletion after upload cost footage."""
    one = one_of(declare(edge_config=config(DeletionConfig=declared)), found(config(DeletionConfig=now)))
    assert one.footage == (told,)


@pytest.mark.parametrize(
    ("now", "declared"),
    [
        ({"EdgeRetentionInHours": 24}, {}),
        (size(500), {}),
        (size(500), size(501)),
        ({}, {"DeleteAfterUpload": False}),
        ({"DeleteAfterUpload": False}, {"DeleteAfterUpload": False, "EdgeRetentionInHours": 720}),
    ],
    ids=str,
)
def test_what_keeps_more_costs_nothing(now, declared):
    """Nothing is said of footage where none is lost."""
    one = one_of(declare(edge_config=config(DeletionConfig=declared)), found(config(DeletionConfig=now)))
    assert (one.kind, one.footage) == (Kind.UPDATE, ())


def test_an_uploader_that_is_taken_away_is_told():
    """The service's behaviour is uncertain then; the effect of the retention is certain."""
    one = one_of(declare(), found(config(UploaderConfig=UPLOADER)))
    assert "no schedule uploads it any more" in one.footage[0]
    assert "older than 720 hours" in one.footage[0]
    assert [change(field) for field in one.fields] == [
        "UploaderConfig.ScheduleConfig.ScheduleExpression: 0 0 22 ? * * * -> none",
        "UploaderConfig.ScheduleConfig.DurationInSeconds: 3599 -> none",
    ]


def test_what_is_unmanaged_stays():
    """It is told that nothing is done about it; what is being deleted is told as such."""
    comparison = compared(
        declare(), found(), unmanaged=[found(name="old"), found(config(), SyncStatus.DELETING, "gone")]
    )
    stays, goes = comparison.of(Kind.UNMANAGED)
    assert (stays.stream, goes.stream) == ("old", "gone")
    assert "a deployment retains its configuration, and its hub continues to record, unless" in stays.notes[0]
    assert goes.notes == ("no file declares it, and it is being deleted",)


def test_a_rename_is_known_by_the_cameras_secret():
    """The new stream and the old would record the same camera; the command that ends the old one is told."""
    old = found(config(DeletionConfig={"EdgeRetentionInHours": 5}), name="old-dock")
    others = [found(config(secret="gate"), name="gate"), found(config(secret="yard"), name="yard")]
    *others_told, told = [
        one.notes[1:] for one in compared(declare(), Absent(), unmanaged=[*others, old]).of(Kind.UNMANAGED)
    ]
    assert others_told == [(), ()]
    assert told[0].startswith(
        "it has the camera secret of dock, which is to be created on the same hub: this looks like"
    )
    assert told[0].endswith(
        "its footage at the hub: aws kinesisvideo delete-edge-configuration --stream-name old-dock --region eu-west-1"
    )


def test_a_rename_with_a_new_secret_is_known_where_there_is_no_choice():
    """All else equal says something only of the one unmanaged and the one new stream of a hub."""
    alone = compared(declare(), Absent(), unmanaged=[found(config(secret="old"), name="old")])
    assert [len(one.notes) for one in alone.of(Kind.UNMANAGED)] == [2]
    several = [found(config(secret="old"), name="old"), found(config(secret="older"), name="older")]
    assert [len(one.notes) for one in compared(declare(), Absent(), unmanaged=several).of(Kind.UNMANAGED)] == [1, 1]


def fleet(count, *, unmanaged=0, moved=0, move="FORBIDDEN"):
    """So many declared on hub A, `moved` of them from there to hub B, and so many more that no file declares."""
    declared = [declare(f"s-{n}", config(B) if n < moved else config(), hub_move=move) for n in range(count)]
    on_a = [found(name=one.stream.name) for one in declared]
    strangers = [found(name=f"u-{n}") for n in range(unmanaged)]
    seen = {key_of(one): StreamStatus(there) for one, there in zip(declared, on_a, strict=True)}
    return compare(declared, LiveState(seen, {(REGION, A): (*on_a, *strangers), (REGION, B): ()}))


def test_a_hub_takes_sixteen_streams():
    """One more is refused, whether it is declared or only stays."""
    assert fleet(16).full_hubs == ()
    assert fleet(10, unmanaged=6).full_hubs == ()
    assert [one.message for one in fleet(17).full_hubs] == ["17 streams are declared for it; a hub accepts 16"]
    (full,) = fleet(10, unmanaged=7).full_hubs
    assert (full.code, full.about) == ("TooManyStreams", "hub-a")
    assert full.message == "10 streams are declared for it, and 7 undeclared ones stay there; a hub accepts 16"


def test_a_stream_that_moves_away_makes_room_if_it_may():
    """A move that is refused leaves it where it is."""
    assert fleet(17, moved=1, move="ALLOWED").full_hubs == ()
    assert [one.about for one in fleet(17, moved=1).full_hubs] == ["hub-a"]


def test_moves_can_be_allowed_for_all():
    """As by an app that says so once."""
    assert one_of(declare(), found(config(B))).errors[0].code == "HubMoveForbidden"
    assert one_of(declare(), found(config(B)), moves=True).errors == ()


def test_a_secret_is_told_by_its_name_alone_where_that_is_enough():
    """The service takes its ARN for sensitive; without the account it still tells two apart."""
    one = one_of(declare(), found(config(secret="gate")))
    assert list(map(change, one.fields)) == [
        "RecorderConfig.MediaSourceConfig.MediaUriSecretArn: gate-aBcDeF -> dock-aBcDeF"
    ]
    other = config()
    arn = other["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"].replace("123456789012", "111122223333")
    other["RecorderConfig"] = {"MediaSourceConfig": {"MediaUriSecretArn": arn, "MediaUriType": "RTSP_URI"}}
    told = change(one_of(declare(), found(other)).fields[0])
    assert "111122223333" in told
    assert "123456789012" in told


def test_defaults_are_told_where_nothing_is_declared():
    """The default explains 24 -> none."""
    fields = one_of(
        declare(), found(config(DeletionConfig={"EdgeRetentionInHours": 24, "DeleteAfterUpload": False}))
    ).fields
    assert list(map(change, fields)) == [
        "DeletionConfig.EdgeRetentionInHours: 24 -> none, so 720",
        "DeletionConfig.DeleteAfterUpload: false -> none, so true",
    ]


def test_drift_tells_each_way_in_which_a_stream_differs():
    """Another hub and a failed sync, say."""
    there = found(config(B, DeletionConfig={"EdgeRetentionInHours": 1}), SyncStatus.SYNC_FAILED, details="offline")
    drift = drift_of(compared(declare(), there), unmanaged=False)
    assert list(drift.found[0].ways) == [Way.OTHER_HUB, Way.FIELDS, Way.NOT_ON_HUB]


def test_unmanaged_streams_are_drift_only_on_demand():
    """They are counted either way."""
    comparison = compared(declare(), found(), unmanaged=[found(name="old")])
    quiet, asked = (drift_of(comparison, unmanaged=counts) for counts in (False, True))
    assert (quiet.found, quiet.streams, quiet.unmanaged) == ((), 1, 1)
    assert [list(one.ways) for one in asked.found] == [[Way.UNMANAGED]]
    assert asked.unmanaged == 1


@pytest.mark.parametrize(
    ("live", "declared", "words"),
    [
        ("0 0 22 ? * * *", "0 0 22,23 ? * MON *", ("at 22:00, every day", "at 22:00 and 23:00, on Monday")),
        (None, "0 0 22 ? * * *", ("none", "at 22:00, every day")),
        ("not a schedule", None, ("not a schedule", "none")),
    ],
)
def test_a_changed_schedule_is_shown_in_words(live, declared, words):
    """The service may have an invalid value."""
    assert in_words(Difference("UploaderConfig.ScheduleConfig.ScheduleExpression", live, declared)) == words
    assert in_words(Difference("UploaderConfig.ScheduleConfig.DurationInSeconds", 60, 61)) is None


def test_a_plan_shows_schedules_in_words():
    one = one_of(declare(edge_config=config(UploaderConfig=UPLOADER)), found())
    lines = details_of(one)
    assert lines[0] == "UploaderConfig.ScheduleConfig.ScheduleExpression: none -> 0 0 22 ? * * *"
    assert lines[1] == "in words: none -> at 22:00, every day"
