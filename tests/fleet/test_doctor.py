"""`kvs-edge doctor` against the local AWS: each check good, bad or not asked, and what to type next."""

import json
import logging
import shlex
import socket
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.greengrass_client import Deployment
from kvs_edge_gitops.camera import CameraCode, CameraIssue, CameraReport
from kvs_edge_gitops.checks.cameras.checked import CheckedCamera
from kvs_edge_gitops.checks.deployments.failures import Deployments, FailedStack
from kvs_edge_gitops.cli import _parser
from kvs_edge_gitops.commands.doctor import site as doctor_site
from kvs_edge_gitops.commands.doctor.subjects import cameras as camera_subject
from kvs_edge_gitops.commands.doctor.subjects import deployment
from kvs_edge_gitops.errors import AwsError, DeniedError
from kvs_edge_local.edge import Failing, Fault
from support.declarations import REGION, edge_config
from support.templates import edge_resource, stream_resource, template, write_assembly

PASSWORD = "Xqz7-Hunter"
URI = f"rtsp://Xqzuser:{PASSWORD}@10.11.12.13:554/Xqzpath"
MARKS = ("Xqz", "Hunter", "10.11.12.13")
SUBJECTS = ["credentials", "files", "secrets", "cameras", "hubs", "status", "deployment"]
UNREACHED = "needs AWS credentials and a region"


@pytest.fixture
def camera(aws, make_stream, new_name, edge_config, start):
    """Return a function that makes a stream with its secret and its configuration; it returns the file's entry."""

    def make(value=None):
        name = make_stream()
        text = json.dumps({"MediaURI": URI} if value is None else value)
        arn = aws.client("secretsmanager").create_secret(Name=new_name("cam"), SecretString=text)["ARN"]
        source = {"MediaUriSecretArn": arn, "MediaUriType": "RTSP_URI"}
        hourly = {"ScheduleExpression": "0 0 * ? * * *", "DurationInSeconds": 3599}
        config = edge_config(RecorderConfig={"MediaSourceConfig": source}, UploaderConfig={"ScheduleConfig": hourly})
        start(name, config)
        return {"StreamName": name, "EdgeConfig": config}

    return make


@pytest.fixture
def greengrass(monkeypatch):
    """Return a function that makes Greengrass answer with a deployment of these secrets, or with an error."""

    def answer(*secrets, error=None):
        def effective_deployments(_):
            if error is not None:
                raise error
            merge = json.dumps({"cloudSecrets": [{"arn": arn} for arn in secrets]})
            return [Deployment("id", "site", "arn", "SUCCEEDED", {"aws.greengrass.SecretManager": merge})]

        client = SimpleNamespace(effective_deployments=effective_deployments)
        monkeypatch.setattr(Aws, "greengrass", lambda *_: client)

    return answer


@pytest.fixture(autouse=True)
def cameras(monkeypatch):
    """Return a function that makes each camera answer with these issues; until it is called, PyAV is not installed."""
    monkeypatch.setattr(camera_subject, "is_available", lambda: False)

    def answer(*issues, failure=None):
        def check_cameras(streams, *_, **more):
            report = None if failure else CameraReport(tuple(issues), None)
            return [CheckedCamera(stream.stream.name, [stream], (), report, failure) for stream in streams]

        monkeypatch.setattr(camera_subject, "is_available", lambda: True)
        monkeypatch.setattr(camera_subject, "check_cameras", check_cameras)

    return answer


@pytest.fixture
def simulated_time(monkeypatch):
    """Make pauses between requests take no time."""
    monkeypatch.setattr(doctor_site, "Calls", lambda **more: Calls(lambda: 0.0, lambda _: None, **more))


@pytest.fixture
def doctor(run):
    """Return a function that runs the command, and checks that each command to type next is valid."""

    def call(*arguments):
        ended = run("doctor", *arguments, "--format", "json")
        assert ended.err == ""
        assert ended.json["exit_code"] == ended.code
        for check in ended.json["checks"]:
            for step in check["next"]:
                program, *words = shlex.split(step)
                if program == "kvs-edge":
                    _parser(words).parse_args(words)
        return ended

    return call


def secret_in(entry):
    return entry["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"]


def checks(ended):
    return {check["check"]: check for check in ended.json["checks"]}


def states(ended):
    return [check["state"] for check in ended.json["checks"]]


def test_a_site_in_order_is_good(site, camera, greengrass, cameras, run, doctor):
    entry = camera()
    cameras()
    site({**entry, "camera_bit_rate": 800_000}, time_zone="Europe/Berlin")
    greengrass(secret_in(entry))
    ended = run("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert [line.split()[:2] for line in ended.out.splitlines()[:-1]] == [["good", name] for name in SUBJECTS]
    assert f"account 123456789012, region {REGION}\n" in ended.out
    assert ended.out.endswith("7 checks: 7 good\n")
    ended = doctor()
    assert list(checks(ended)) == SUBJECTS
    assert ended.json["summary"] == {"good": 7, "bad": 0, "not_asked": 0, "sentence": "7 checks: 7 good"}


def test_without_credentials_the_files_are_still_checked(aws, site, camera, doctor, monkeypatch):
    """AWS is not asked again and again."""
    site(camera())
    before = len(aws.edge.calls())
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    ended = doctor()
    assert (ended.code, states(ended)) == (3, ["bad", "good", *["not_asked"] * 5])
    assert checks(ended)["credentials"]["text"].startswith("no AWS credentials found: set AWS_PROFILE")
    assert checks(ended)["credentials"]["next"] == ["aws sts get-caller-identity"]
    assert [check["text"] for check in ended.json["checks"][2:]] == [UNREACHED] * 5
    assert len(aws.edge.calls()) == before


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("AWS_REGION", "", "no region given"),
        ("AWS_REGION", "af-south-1", "no edge configurations in af-south-1"),
        ("AWS_PROFILE", "nobody", "(nobody) could not be found"),
        ("AWS_CA_BUNDLE", "/no/such/file", "AWS_CA_BUNDLE"),
    ],
)
def test_a_wrong_setting_of_aws_is_bad(aws, site, doctor, monkeypatch, name, value, text):
    site()
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION") if name == "AWS_REGION" else ():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, value)
    ended = doctor()
    assert (ended.code, ended.json["checks"][0]["state"]) == (3, "bad")
    assert text in ended.json["checks"][0]["text"]


@pytest.mark.usefixtures("simulated_time")
def test_without_a_network_each_request_is_made_twice_at_most(site, camera, doctor, monkeypatch):
    site(camera())
    with socket.create_server(("localhost", 0)) as unused:
        port = unused.getsockname()[1]
    tried = []
    make = Calls.make
    monkeypatch.setattr(Calls, "make", lambda self, action, *more: tried.append(action) or make(self, action, *more))
    ended = doctor("--endpoint-url", f"http://localhost:{port}")
    assert (ended.code, states(ended)) == (3, ["bad", "good", *["not_asked"] * 5])
    assert "no connection" in checks(ended)["credentials"]["text"]
    assert tried == ["sts:GetCallerIdentity"]


@pytest.mark.usefixtures("simulated_time")
@pytest.mark.parametrize("host", ["localhost:1", "local host:x"])
def test_a_password_in_an_endpoint_is_not_repeated(site, camera, run, host):
    """Neither in the message of the error, nor in the command to type next."""
    site(camera())
    scheme = "http:"
    ended = run("doctor", "--endpoint-url", f"{scheme}//me:Xqzword@{host}")
    assert (ended.code, "Xqzword" in ended.out + ended.err) == (3, False)


def test_missing_rights_are_named(aws, site, camera, greengrass, doctor, monkeypatch):
    """The other checks are made; a stream that may not be read is not bad."""
    site(camera())
    greengrass(error=DeniedError("AWS denied it", "greengrass:ListEffectiveDeployments", REGION))
    denied = DeniedError("AWS denied arn:secret", "secretsmanager:GetSecretValue", REGION)

    class Secrets:
        def read(self, _):
            raise denied

    monkeypatch.setattr(Aws, "secrets", lambda *_: Secrets())
    aws.edge.inject(Fault("DescribeEdgeConfiguration", "AccessDenied", 100))
    ended = doctor()
    assert (ended.code, states(ended)) == (3, ["good", "good", *["not_asked"] * 4, "good"])
    found = checks(ended)
    right = "no right to {} in eu-west-1: allow it for these credentials"
    assert found["secrets"]["details"] == [right.format("secretsmanager:GetSecretValue")]
    assert found["hubs"]["details"] == [right.format("greengrass:ListEffectiveDeployments")]
    assert found["status"]["text"] == right.format("kinesisvideo:DescribeEdgeConfiguration")


def test_a_failed_request_is_not_a_missing_right(site, camera, greengrass, doctor):
    site(camera())
    greengrass(error=AwsError("AWS request failed: no connection"))
    ended = doctor()
    assert (ended.code, checks(ended)["hubs"]["state"]) == (3, "not_asked")
    assert checks(ended)["hubs"]["details"] == ["site-hub: AWS request failed: no connection"]


def test_faults_of_files_are_bad_and_keep_aws_unasked(aws, site, edge_config, doctor):
    site({"StreamName": "dock", "EdgeConfig": edge_config(DeletionConfig={"EdgeRetentionInHours": 721})})
    ended = doctor()
    assert (ended.code, states(ended)) == (1, ["good", "bad", *["not_asked"] * 5])
    files = checks(ended)["files"]
    assert files["details"][0].startswith("edge/site.json:14:35: error ValueNotAccepted: ")
    assert files["next"] == ["kvs-edge validate edge"]
    assert checks(ended)["status"]["text"] == "the files have errors"
    assert aws.edge.calls() == ()


def test_lost_footage_is_bad_and_aws_is_asked(site, camera, greengrass, doctor):
    """The files can be read, so that the other checks can be made."""
    entry = camera()
    entry["EdgeConfig"]["RecorderConfig"]["ScheduleConfig"] = {
        "ScheduleExpression": "0 0 0 30 2 ? *",
        "DurationInSeconds": 60,
    }
    site(entry)
    greengrass(secret_in(entry))
    ended = doctor()
    assert ended.code == 1
    assert [checks(ended)[name]["state"] for name in ("files", "secrets", "hubs")] == ["bad", "good", "good"]


@pytest.mark.usefixtures("aws")
def test_a_path_that_does_not_exist_is_bad_and_the_credentials_are_checked(site, doctor):
    site()
    ended = doctor("nowhere")
    assert (ended.code, states(ended)) == (2, ["good", "bad", *["not_asked"] * 5])
    assert "nowhere does not exist" in checks(ended)["files"]["text"]


def test_files_of_another_account_are_bad(site, edge_config, doctor, aws):
    config = json.loads(json.dumps(edge_config()).replace("123456789012", "111122223333"))
    site({"StreamName": "dock", "EdgeConfig": config}, account="111122223333")
    ended = doctor()
    assert (ended.code, states(ended)) == (2, ["good", "bad", *["not_asked"] * 5])
    assert "and the credentials are for 123456789012" in checks(ended)["files"]["details"][0]


def test_a_skipped_check_is_not_made(site, camera, doctor, monkeypatch):
    site(camera())
    monkeypatch.setattr(Aws, "secrets", lambda *_: pytest.fail("it was read"))
    ended = doctor("--skip", "secrets", "--skip", "hubs")
    assert ended.code == 0
    assert [check["text"] for check in ended.json["checks"][2:5]] == ["skipped with --skip"] * 3


def test_a_secret_that_a_hub_cannot_use_is_bad(site, camera, greengrass, doctor):
    good, bad = camera(), camera({"mediaURI": URI})
    site(good, bad)
    greengrass(secret_in(good), secret_in(bad))
    ended = doctor()
    secrets = checks(ended)["secrets"]
    assert (ended.code, secrets["state"], secrets["text"]) == (1, "bad", "2 secrets: 1 with errors")
    assert f"(of {bad['StreamName']}): KeyMissing: " in secrets["details"][0]
    assert secrets["next"] == ["kvs-edge secret edge", "kvs-edge explain KeyMissing"]


@pytest.mark.usefixtures("aws")
def test_a_secret_that_does_not_exist_can_be_made_with_the_next_command(site, edge_config, doctor):
    site(
        {
            "StreamName": "dock",
            "EdgeConfig": edge_config(
                RecorderConfig={
                    "MediaSourceConfig": {
                        "MediaUriSecretArn": f"arn:aws:secretsmanager:{REGION}:123456789012:secret:dock-camera-aBcDeF",
                        "MediaUriType": "RTSP_URI",
                    }
                }
            ),
        }
    )
    assert "kvs-edge secret --write dock-camera" in checks(doctor("--region", REGION))["secrets"]["next"][1]


def test_without_pyav_the_cameras_are_not_asked(site, camera, greengrass, doctor):
    """It is no failure: the command that installs it is shown."""
    entry = camera()
    site(entry)
    greengrass(secret_in(entry))
    ended = doctor()
    found = checks(ended)["cameras"]
    assert (ended.code, found["state"], found["text"]) == (0, "not_asked", "needs PyAV")
    assert found["next"] == ['pip install "cdk-kvs-edge[camera]"']


def test_a_camera_that_the_hub_cannot_record_is_bad(site, camera, greengrass, cameras, doctor):
    """A camera whose secret is bad is not asked."""
    good, bad = camera(), camera({"mediaURI": URI})
    site(good, bad)
    greengrass(secret_in(good), secret_in(bad))
    cameras(CameraIssue(CameraCode.VIDEO_NOT_H264, "the camera sends H.265"))
    ended = doctor()
    found, name = checks(ended)["cameras"], good["StreamName"]
    assert (ended.code, found["state"], found["text"]) == (1, "bad", "1 camera: 1 with errors")
    assert found["details"] == [f"{name}: VideoNotH264: the camera sends H.265"]
    assert found["next"] == [f"kvs-edge camera {name} edge", "kvs-edge explain VideoNotH264"]


def test_a_camera_whose_secret_could_not_be_read_again_is_not_asked(site, camera, cameras, doctor):
    entry = camera()
    site(entry)
    cameras(failure="AWS request failed")
    found = checks(doctor())["cameras"]
    assert (found["state"], found["details"]) == ("not_asked", [f"{entry['StreamName']}: AWS request failed"])


def test_without_a_good_secret_no_camera_is_asked(site, camera, cameras, doctor):
    site(camera([URI]))
    cameras()
    assert checks(doctor())["cameras"]["text"] == "no camera has a good secret"


def test_a_hub_without_the_secret_is_bad(site, camera, greengrass, doctor):
    entry = camera()
    site(entry)
    greengrass()
    ended = doctor()
    hubs = checks(ended)["hubs"]
    assert (ended.code, hubs["state"], hubs["text"]) == (1, "bad", "1 hub: 1 with gaps")
    assert "site-hub: SecretMissing" in hubs["details"][0]
    assert hubs["next"] == [
        "kvs-edge hub site-hub edge --check",
        "kvs-edge hub site-hub edge --part configuration-update",
        "kvs-edge explain SecretMissing",
    ]


def test_a_hub_without_greengrass_is_not_asked(site, camera, monkeypatch, doctor):
    site(camera())
    monkeypatch.setattr(Aws, "greengrass", lambda *_: SimpleNamespace(effective_deployments=lambda _: None))
    ended = doctor()
    assert (ended.code, checks(ended)["hubs"]["state"]) == (0, "not_asked")
    assert "NotACoreDevice" in checks(ended)["hubs"]["details"][0]


def test_a_failed_sync_names_the_section_of_the_runbook(aws, site, hub, camera, greengrass, doctor):
    aws.edge.set_hub(hub, Failing("no disk"))
    entry = camera()
    site(entry)
    greengrass(secret_in(entry))
    ended = doctor()
    found = checks(ended)
    assert (ended.code, found["status"]["state"], found["deployment"]["state"]) == (1, "bad", "bad")
    name = entry["StreamName"]
    assert found["status"]["details"] == [f"{name} on site-hub: not in sync: the sync failed: no disk"]
    assert found["deployment"]["details"] == [f"{name}: SyncFailed: the sync failed: no disk"]
    assert found["deployment"]["next"][0] == "kvs-edge explain SyncFailed"
    assert found["deployment"]["next"][1].endswith("/runbook/#syncfailed")


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize("value", [None, {URI: "x"}, {"MediaURI": URI.replace("7-", "7@")}, URI, [URI]])
def test_nothing_of_a_secret_is_shown(site, camera, greengrass, run, caplog, value, output):
    entry = camera(value)
    site(entry)
    greengrass(secret_in(entry))
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    ended = run("doctor", "--format", output)
    shown = ended.out + ended.err + "".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert [mark for mark in MARKS if mark in shown] == []


@pytest.mark.usefixtures("aws")
def test_what_is_known_only_at_deployment_is_not_asked(tmp_path, monkeypatch, doctor):
    """The name of a stream, and the ARN of a secret; the values can be given."""
    monkeypatch.chdir(tmp_path)
    resources = {
        "Auto": stream_resource(),
        "Edge": edge_resource({"Ref": "Auto"}),
        "Other": edge_resource("other", edge_config("", {"Ref": "Secret"})),
    }
    write_assembly(tmp_path / "cdk.out", {"Site": template(resources)})
    ended = doctor("cdk.out")
    found = checks(ended)
    assert (ended.code, found["secrets"]["state"], found["hubs"]["state"]) == (2, "not_asked", "not_asked")
    for name in ("secrets", "hubs"):
        auto, other = found[name]["details"]
        assert "pass --reference Auto=STREAM" in auto
        assert "pass --reference NAME=VALUE" in other
    given = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-aBcDeF"
    named = checks(doctor("cdk.out", "--reference", f"Secret={given}", "--reference", "Auto=auto"))
    assert (named["secrets"]["state"], named["secrets"]["next"][0]) == (
        "bad",
        f"kvs-edge secret cdk.out --reference Secret={given} --reference Auto=auto",
    )


def test_wrong_usage_is_refused(site, run):
    site()
    ended = run("doctor", "--skip", "secret")
    assert (ended.code, "did you mean secrets?" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("reason", "section"),
    [
        ('Resource handler returned message: "The stream dock already exists."', "the-stream-of-a-destroyed-stack"),
        ("Resource creation cancelled", "my-deployment-failed-with-"),
    ],
)
def test_a_failure_of_another_resource_leads_to_its_section(monkeypatch, reason, section):
    summary = SimpleNamespace(name="KvsEdge-site", status="ROLLBACK_COMPLETE")
    event = SimpleNamespace(stream=None, logical_id="Dock", at=datetime(2026, 1, 5, tzinfo=UTC), text=reason, code=None)
    failed = Deployments(1, [FailedStack(summary, [event])])
    monkeypatch.setattr(deployment, "deployments", lambda *_: failed)
    site = SimpleNamespace(
        streams=SimpleNamespace(streams=()), snapshot=None, aws=None, progress=SimpleNamespace(show=None)
    )
    (page,) = deployment.check(site).next_steps
    assert f"/runbook/#{section}" in page
