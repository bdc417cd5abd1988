"""Command kvs-edge-local: its output, its effects and its exit codes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from kvs_edge_local import cli
from kvs_edge_local.edge import Failing, Offline, Online, Slow

HUB = "arn:aws:iot:eu-central-1:123456789012:thing/hall"
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:camera-AbCdEf"


@pytest.fixture
def run(local_aws, capsys, monkeypatch):
    """Return a function that runs the command; it returns exit code, standard output and standard error."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", local_aws.endpoint_url)

    def run(*arguments):
        code = cli.main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.mark.parametrize(
    ("arguments", "behaviour"),
    [
        (["offline"], Offline()),
        (["online"], Online()),
        (["slow", "--seconds", "90"], Slow(90.0)),
        (["failing", "--text", "disk full"], Failing("disk full")),
    ],
)
def test_hub_sets_how_a_hub_behaves(local_aws, run, arguments, behaviour):
    """The command confirms it."""
    code, out, _ = run("hub", "hall", *arguments)

    assert (code, out) == (0, f"hub hall is {arguments[0]}\n")
    assert local_aws.edge.hubs()["hall"] == behaviour


def test_a_setting_that_does_not_belong_to_the_state_is_refused(run):
    """The exit code is 1, with a message."""
    code, out, error = run("hub", "hall", "offline", "--seconds", "3")

    assert (code, out) == (1, "")
    assert error.startswith("kvs-edge-local: hub state offline does not take seconds")


def test_an_unknown_state_is_wrong_usage(run):
    """The exit code of argparse is 2."""
    with pytest.raises(SystemExit) as ended:
        run("hub", "hall", "asleep")
    assert ended.value.code == 2


def test_status_shows_each_stream(local_aws, run):
    """A row has hub, hub state, status, time in it, duration of the sync and number of polls."""
    assert run("status")[1] == "no edge configurations\n"
    run("hub", "hall", "offline")
    video = local_aws.client("kinesisvideo")
    video.create_stream(StreamName="door", DataRetentionInHours=24)
    source = {"MediaUriSecretArn": SECRET, "MediaUriType": "RTSP_URI"}
    config = {"HubDeviceArn": HUB, "RecorderConfig": {"MediaSourceConfig": source}}
    video.start_edge_configuration_update(StreamName="door", EdgeConfig=config)

    code, out, _ = run("status")

    headings, row = out.splitlines()
    assert code == 0
    assert headings.split() == ["STREAM", "HUB", "HUB", "STATE", "STATUS", "FOR", "SYNCED", "IN", "POLLS"]
    assert re.fullmatch(r"door +hall +offline +SYNCING +\d+ s +- +0", row)
    assert json.loads(run("status", "--json")[1])[0]["stream_name"] == "door"


def test_events_shows_what_was_sent_and_answered(local_aws, run):
    """The ResponseURL is left out, because it would allow a reader to respond."""
    assert run("events")[1] == "no custom resource requests\n"
    exchanges = local_aws.cloudformation.exchanges
    event = {
        "RequestType": "Create",
        "StackId": "arn:aws:cloudformation:eu-central-1:123456789012:stack/Cameras/0",
        "LogicalResourceId": "Door",
        "RequestId": "r",
    }
    exchange = exchanges.expect(event)
    exchanges.deliver(exchange, lambda: None)
    answer = {**event, "Status": "FAILED", "Reason": "the hub is away", "PhysicalResourceId": "door"}
    exchanges.take(exchange, json.dumps(answer).encode())

    _, out, _ = run("events")

    assert re.search(r"Cameras +Door +Create +1x +FAILED +the hub is away$", out, re.MULTILINE)
    [described] = json.loads(run("events", "--json")[1])
    assert described["event"]["ResponseURL"] == "(redacted)"
    assert described["responses"][0]["counted"] is True


def test_where_no_local_aws_is_a_command_says_so(capsys, monkeypatch):
    """Standard error has one sentence, and the exit code is 1."""
    with socket.socket() as unused:
        unused.bind(("localhost", 0))
        endpoint = f"http://localhost:{unused.getsockname()[1]}"
        code = cli.main(["status", "--endpoint", endpoint])

    error = capsys.readouterr().err
    assert code == 1
    assert error.startswith(f"kvs-edge-local: no local AWS responds at {endpoint}")
    assert error.count("\n") == 1


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_up_prints_the_environment_and_stops_cleanly(ending):
    """A shell can evaluate the output; Ctrl-C and SIGTERM end the command with exit code 0."""
    command = [sys.executable, "-m", "kvs_edge_local.cli", "up", "--port", "0", "--time-scale", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as up:
        lines = []
        for line in up.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        exported = subprocess.run(
            ["sh", "-c", "".join(lines) + "env"],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": os.environ["PATH"]},
        )
        endpoint = re.search(r"^AWS_ENDPOINT_URL=(.*)$", exported.stdout, re.MULTILINE)[1]
        assert cli.main(["status", "--endpoint", endpoint]) == 0
        up.send_signal(ending)
        rest, error = up.communicate()

    assert up.returncode == 0
    assert rest == "# Local AWS stopped.\n"
    assert error == ""


def test_up_on_a_port_that_is_taken_says_so():
    """The message has the port and the fix."""
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "kvs_edge_local.cli", "up", "--port", str(port)]
        up = subprocess.run(command, capture_output=True, text=True, check=False)

    assert up.returncode == 1
    assert up.stderr.startswith(f"kvs-edge-local: port {port} is in use or not available")


def test_up_without_the_extra_names_it(monkeypatch, capsys):
    """The message has the missing package, and the command that installs it."""
    monkeypatch.setitem(sys.modules, "kvs_edge_local.server", None)
    monkeypatch.setattr(cli, "_signals", lambda: None)

    code = cli.main(["up"])

    assert code == 1
    assert 'pip install "cdk-kvs-edge[local]"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "variables", "region"),
    [
        (["--region", "us-west-2"], {"AWS_REGION": "eu-west-1"}, "us-west-2"),
        ([], {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1"),
        ([], {"AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2"),
        ([], {}, "eu-central-1"),
    ],
)
@pytest.mark.parametrize("command", [["up"], ["run", "program"]], ids=["up", "run"])
def test_the_environment_has_the_region_that_is_asked_for(monkeypatch, command, arguments, variables, region):
    """The option, then the shell's region as the AWS CLI v2 takes it."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    options = cli._parser().parse_args([command[0], *arguments, *command[1:]])
    environment = cli._local_aws(options).environment()
    assert (environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]) == (region, region)


def test_a_region_that_does_not_exist_is_refused(capsys, monkeypatch):
    """Every request would fail there."""
    monkeypatch.setattr(cli, "_signals", lambda: None)
    assert cli.main(["up", "--region", "eu-wst-1"]) == 1
    assert "'eu-wst-1' is not a region of AWS" in capsys.readouterr().err
