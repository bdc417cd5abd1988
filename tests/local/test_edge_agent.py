"""Reports of a local hub's agent: statuses, times by schedule, failures and silence."""

from datetime import UTC, datetime

import pytest

from kvs_edge_local.edge import (
    DiskFull,
    Healthy,
    LocalEdgeService,
    Offline,
    Online,
    RecorderFails,
    Silent,
    UploaderFails,
)
from kvs_edge_local.edge.fires import last_fire
from kvs_edge_local.edge.history import DELETE, DESCRIBE, START
from kvs_edge_local.edge.streams import Caller, StreamInfo

CALLER = Caller("123456789012", "eu-central-1", "arn:aws:iam::123456789012:user/anna")
HUB = "arn:aws:iot:eu-central-1:123456789012:thing/hall"
MIDNIGHT = datetime(2026, 1, 5, tzinfo=UTC).timestamp()  # a Monday
HOUR = 3600.0
NINE_TO_TEN = {"ScheduleExpression": "0 0 9 ? * MON-FRI", "DurationInSeconds": 3600}


class ManualClock:
    """Clock that a test sets to an hour of the Monday."""

    def __init__(self):
        self.time = MIDNIGHT

    def now(self):
        return self.time

    def at(self, hour):
        self.time = MIDNIGHT + hour * HOUR


class TwoStreams:
    """The streams door and gate."""

    def find(self, _caller, name, _arn):
        return StreamInfo(name, f"arn:aws:kinesisvideo:eu-central-1:123456789012:stream/{name}/1", "ACTIVE", 24)


class Site:
    """One hub with its streams, and the hour of the day."""

    def __init__(self):
        self.clock = ManualClock()
        self.service = LocalEdgeService(self.clock, TwoStreams())

    def start(self, stream="door", recorder=None, uploader=None):
        source = {"MediaUriSecretArn": f"{HUB[:8]}secretsmanager:eu-central-1:123456789012:secret:door-AbCdEf"}
        config = {
            "HubDeviceArn": HUB,
            "RecorderConfig": {"MediaSourceConfig": {**source, "MediaUriType": "RTSP_URI"}},
        }
        if recorder:
            config["RecorderConfig"]["ScheduleConfig"] = recorder
        if uploader:
            config["UploaderConfig"] = {"ScheduleConfig": uploader}
        self.service.call(START, CALLER, {"StreamName": stream, "EdgeConfig": config})

    def report(self, job="Recorder", stream="door"):
        """Return status, details, hour of the last media and hour of the report; None without a report."""
        described = self.service.call(DESCRIBE, CALLER, {"StreamName": stream})
        report = described.get("EdgeAgentStatus", {}).get(f"Last{job}Status")
        if report is None:
            return None
        stored, updated = (
            round((report[name].timestamp() - MIDNIGHT) / HOUR, 4) if name in report else None
            for name in ("LastCollectedTime", "LastUpdatedTime")
        )
        return report[f"{job}Status"], report.get("JobStatusDetails"), stored, updated


@pytest.fixture
def site():
    return Site()


def test_an_agent_reports_nothing_until_its_behaviour_is_set(site):
    site.start()
    site.clock.at(1)
    assert site.report() is None


def test_a_healthy_recorder_without_a_schedule_runs_until_its_last_report(site):
    site.service.set_agent("hall", Healthy(), report_seconds=60)
    site.start()
    site.clock.at(1)
    status, details, stored, updated = site.report()
    assert (status, details) == ("SUCCESS", None)
    assert stored == updated == pytest.approx(1, abs=60 / HOUR)


def test_a_report_follows_the_sync_of_its_configuration(site):
    site.service.set_agent("hall", Healthy())
    site.start()
    site.clock.time += 1
    assert site.report() is None
    site.clock.time += 2
    assert site.report() == ("SUCCESS", None, round(3 / HOUR, 4), round(3 / HOUR, 4))


@pytest.mark.parametrize(("hour", "ran"), [(8, None), (9.5, 9.5), (12, 10), (20, 10)])
def test_a_scheduled_recorder_last_ran_in_its_last_window(site, hour, ran):
    site.service.set_agent("hall", Healthy(), report_seconds=1)
    site.start(recorder=NINE_TO_TEN)
    site.clock.at(hour)
    assert site.report() == (None if ran is None else ("SUCCESS", None, ran, hour))


def test_a_configuration_that_arrives_within_a_window_runs_at_once(site):
    site.service.set_agent("hall", Healthy())
    site.clock.at(9.5)
    site.start(recorder=NINE_TO_TEN)
    site.clock.time += 3
    assert site.report()[0] == "SUCCESS"


def test_windows_are_in_the_hubs_time_zone(site):
    site.service.set_agent("hall", Healthy(), time_zone="Europe/Berlin", report_seconds=1)
    site.start(recorder=NINE_TO_TEN)
    site.clock.at(12)
    assert site.report()[2] == 9


def test_an_uploader_without_a_configuration_uploads_every_hour(site):
    site.service.set_agent("hall", Healthy(), report_seconds=1)
    site.start()
    site.clock.at(2.5)
    assert site.report("Uploader")[2] == pytest.approx(2, abs=61 / HOUR)


def test_an_uploader_runs_by_its_schedule(site):
    site.service.set_agent("hall", Healthy(), report_seconds=1)
    site.start(uploader=NINE_TO_TEN)
    site.clock.at(8)
    assert site.report("Uploader") is None
    site.clock.at(11)
    assert site.report("Uploader") == ("SUCCESS", None, 10, 11)


@pytest.mark.parametrize(
    ("behaviour", "recorder", "uploader"),
    [
        (RecorderFails("401", "USER_ERROR"), ("USER_ERROR", "401"), ("SUCCESS", None)),
        (RecorderFails("crashed", "SYSTEM_ERROR"), ("SYSTEM_ERROR", "crashed"), ("SUCCESS", None)),
        (UploaderFails("no route"), ("SUCCESS", None), ("SYSTEM_ERROR", "no route")),
        (DiskFull("full"), ("SYSTEM_ERROR", "full"), ("SUCCESS", None)),
    ],
)
def test_a_failing_job_reports_its_error_and_details(site, behaviour, recorder, uploader):
    site.service.set_agent("hall", behaviour)
    site.start()
    site.clock.at(2)
    assert (site.report()[:2], site.report("Uploader")[:2]) == (recorder, uploader)


def test_a_job_that_fails_stores_nothing(site):
    site.service.set_agent("hall", Healthy(), report_seconds=1)
    site.start()
    site.clock.at(1)
    site.service.set_agent("hall", RecorderFails("401"), report_seconds=1)
    site.clock.at(2)
    assert site.report() == ("USER_ERROR", "401", 1, 2)


def test_a_job_that_always_failed_never_stored_anything(site):
    site.service.set_agent("hall", RecorderFails("401"), report_seconds=1)
    site.start()
    site.clock.at(2)
    assert site.report() == ("USER_ERROR", "401", None, 2)


def test_a_job_that_is_not_due_may_leave_the_time_of_its_status(site):
    """The open question, with the other answer."""
    site.service.set_agent("hall", Healthy(), report_seconds=1, updates_when_idle=False)
    site.start(recorder=NINE_TO_TEN)
    site.clock.at(9.5)
    assert site.report() == ("SUCCESS", None, 9.5, 9.5)
    site.clock.at(12)
    assert site.report() == ("SUCCESS", None, 10, 10)


def test_a_failure_outside_of_a_window_shows_in_the_next_one(site):
    site.service.set_agent("hall", Healthy())
    site.start(recorder=NINE_TO_TEN)
    site.clock.at(12)
    site.report()
    site.service.set_agent("hall", RecorderFails())
    site.clock.at(13)
    assert site.report()[0] == "SUCCESS"
    site.clock.at(24 + 9.5)
    assert site.report()[0] == "USER_ERROR"


@pytest.mark.parametrize("set_silent", [True, False])
def test_reports_stop_while_an_agent_is_silent_or_its_hub_offline(site, set_silent):
    site.service.set_agent("hall", Healthy(), report_seconds=1)
    site.start()
    site.clock.at(1)
    if set_silent:
        site.service.set_agent("hall", Silent())
    else:
        site.service.set_hub("hall", Offline())
    site.clock.at(5)
    assert site.report() == ("SUCCESS", None, 1, 1)
    site.service.set_agent("hall", Healthy())
    site.service.set_hub("hall", Online())
    assert site.report() == ("SUCCESS", None, 5, 5)


def test_until_the_hub_has_a_new_configuration_it_reports_on_the_one_before(site):
    """So a SUCCESS after a Start proves nothing before IN_SYNC."""
    site.service.set_agent("hall", Healthy(), report_seconds=1)
    site.start()
    site.clock.at(12)
    site.start(recorder=NINE_TO_TEN)
    site.clock.time += 2
    assert site.report() == ("SUCCESS", None, round(12 + 2 / HOUR, 4), round(12 + 2 / HOUR, 4))
    site.clock.at(13)
    assert site.report() == ("SUCCESS", None, round(12 + 3 / HOUR, 4), 13)


def test_a_failure_until_restart_ends_with_the_next_update(site):
    site.start()
    site.clock.at(1)
    site.service.set_agent("hall", RecorderFails("stopped", until_restart=True))
    site.clock.at(2)
    assert site.report()[0] == "USER_ERROR"
    site.start()
    site.clock.at(3)
    assert site.report()[0] == "SUCCESS"


def test_one_stream_of_a_hub_fails_until_the_hubs_agent_is_set(site):
    site.start()
    site.start("gate")
    site.clock.at(1)
    site.service.set_agent("hall", Healthy())
    site.service.set_agent("hall", RecorderFails(), "gate")
    assert (site.report()[0], site.report(stream="gate")[0]) == ("SUCCESS", "USER_ERROR")
    site.service.set_agent(HUB, Healthy())
    assert site.report(stream="gate")[0] == "SUCCESS"


def test_a_deleted_configurations_reports_are_gone(site):
    site.service.set_agent("hall", Healthy())
    site.start()
    site.clock.at(1)
    site.service.call(DELETE, CALLER, {"StreamName": "door"})
    site.clock.at(2)
    site.service.set_agent("hall", Silent())
    site.start()
    site.clock.at(3)
    assert site.report() is None


@pytest.mark.parametrize(
    ("behaviour", "hub", "settings", "message"),
    [
        (lambda: RecorderFails("x", "FATAL"), "hall", {}, "error 'FATAL': give one of USER_ERROR, SYSTEM_ERROR"),
        (Healthy, "hall", {"time_zone": "Europe/Berln"}, "time zone 'Europe/Berln' is not known"),
        (Healthy, "hall", {"time_zone": "/etc"}, "time zone '/etc' is not known"),
        (Healthy, "hall", {"report_seconds": 0}, "report_seconds is 0"),
        (Healthy, "", {}, "hub '' has no name"),
    ],
)
def test_a_wrong_value_is_refused(site, behaviour, hub, settings, message):
    with pytest.raises(ValueError, match=message):
        site.service.set_agent(hub, behaviour(), **settings)


@pytest.mark.parametrize(
    ("expression", "fire"),
    [
        ("0 0 9-16 * * ? *", "2026-06-15 16:00:00"),
        ("0 0 22,23 ? * MON-FRI *", "2026-06-12 23:00:00"),
        ("0 0 9 ? * FRI-SUN", "2026-06-14 09:00:00"),
        ("30 0/20 18 * * ?", "2026-06-14 18:40:30"),
        ("0 0 22-2/2 * * ?", "2026-06-15 02:00:00"),
        ("0 0 0 L * ?", "2026-05-31 00:00:00"),
        ("0 0 0 L-3 * ?", "2026-05-28 00:00:00"),
        ("0 0 0 LW * ?", "2026-05-29 00:00:00"),
        ("0 0 0 1W * ?", "2026-06-01 00:00:00"),
        ("0 0 0 14W * ?", "2026-06-15 00:00:00"),
        ("0 0 0 13W * ?", "2026-06-12 00:00:00"),
        ("0 0 0 ? * L", "2026-06-13 00:00:00"),
        ("0 0 0 ? * 6L", "2026-05-29 00:00:00"),
        ("0 0 0 ? * MON#2", "2026-06-08 00:00:00"),
        ("0 0 0 1 JAN ? 2024-2026", "2026-01-01 00:00:00"),
        ("0 0 0 1 1 ? 2020", None),
        ("nonsense", None),
    ],
)
def test_the_last_fire_of_an_expression(expression, fire):
    """The moment is Monday 15 June 2026, 17:30."""
    found = last_fire(expression, datetime(2026, 6, 15, 17, 30, tzinfo=UTC), datetime(2025, 6, 15, tzinfo=UTC))
    assert (found and f"{found:%F %T}") == fire


def test_a_fire_before_the_span_does_not_count():
    assert (
        last_fire("0 0 9 * * ?", datetime(2026, 6, 15, 17, tzinfo=UTC), datetime(2026, 6, 15, 10, tzinfo=UTC)) is None
    )
