"""AWS refuses, or does not answer: each command that asks it ends with one sentence and its documented exit code."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kvs_edge_gitops.aws import access
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.cli import COMMANDS, INTERRUPTED, USAGE_OF
from kvs_edge_gitops.exit_codes import AWS_FAILED, OK, USAGE
from kvs_edge_local.edge import Fault

HUB = "arn:aws:iot:eu-west-1:123456789012:thing/site-hub"
ASKING = {"plan": [], "drift": [], "status": [], "import": ["--hub", HUB, "-o", "-"]}
"""The commands that ask AWS, with what they need to."""
READING = [name for name in COMMANDS if name in ASKING and name != "import"]
"""Those of them that read files."""
OPERATIONS = ("DescribeEdgeConfiguration", "ListEdgeAgentConfigurations")
FOR_EVER = 10_000


@pytest.fixture(params=[name for name in COMMANDS if name in ASKING])
def command(request, site, make_stream, start, edge_config) -> list[str]:
    """Return a command with AWS access on an unchanged site; for import, on an undeclared one."""
    name = make_stream()
    start(name, edge_config())
    if request.param != "import":
        site({"StreamName": name, "EdgeConfig": edge_config()})
    return [request.param, *ASKING[request.param]]


@pytest.fixture
def simulated_time(monkeypatch) -> None:
    """Pauses between calls take none."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(access, "Calls", lambda: Calls(lambda: now[0], sleep))


@pytest.fixture
def fault(aws) -> Callable[..., None]:
    """Both operations that read end in an error, from now on or as often as is said."""

    def order(code: str, times: int = FOR_EVER) -> None:
        for operation in OPERATIONS:
            aws.edge.inject(Fault(operation, code, times))

    return order


def _is_one_sentence(ended, code: int, words: str) -> None:
    assert ended.code == code
    assert ended.out == ""
    assert ended.err.startswith("kvs-edge: ")
    assert ended.err.count("\n") == 1
    assert words in ended.err


def test_it_is_fine_when_nobody_refuses(command, run):
    """The starting point of the other tests."""
    assert run(*command).code == OK


def test_no_credentials(command, run, monkeypatch):
    """The ways to have some are told."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    _is_one_sentence(run(*command), AWS_FAILED, "no AWS credentials found: set AWS_PROFILE or pass --profile")


def test_half_of_the_credentials(command, run, monkeypatch):
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    _is_one_sentence(run(*command), AWS_FAILED, "are not complete")


def test_a_profile_that_is_not_there(command, run):
    """It is named."""
    _is_one_sentence(run(*command, "--profile", "nobody"), AWS_FAILED, "(nobody) could not be found")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ExpiredTokenException", "the AWS credentials have expired: log in again"),
        ("AccessDenied", "AWS denied kinesisvideo:"),
        ("InvalidArgument", "AWS request failed: kinesisvideo:"),
    ],
)
def test_what_aws_refuses(command, run, fault, code, words):
    """It is told at once, with the action and what to do; nothing is tried again."""
    fault(code)
    _is_one_sentence(run(*command), AWS_FAILED, words)


@pytest.mark.usefixtures("simulated_time")
def test_throttling_without_end(command, run, fault):
    """It is waited for, and in the end given up."""
    fault("ClientLimitExceeded")
    _is_one_sentence(run(*command), AWS_FAILED, "was throttled for 120 seconds")


@pytest.mark.usefixtures("simulated_time")
def test_throttling_that_ends(command, run, fault):
    """The user does not see it."""
    fault("ClientLimitExceeded", 3)
    ended = run(*command)
    assert ended.code == OK
    assert "throttled" not in ended.err


@pytest.mark.usefixtures("simulated_time")
def test_a_connection_that_is_cut(command, run, fault):
    """Once it is asked again; for ever it is told."""
    fault("ConnectionDropped", 1)
    assert run(*command).code == OK
    fault("ConnectionDropped")
    _is_one_sentence(run(*command), AWS_FAILED, "AWS request failed: no connection, or the connection broke")


@pytest.mark.usefixtures("simulated_time")
def test_nobody_at_the_endpoint(command, run):
    """The endpoint is named."""
    with socket.create_server(("localhost", 0)) as unused:
        port = unused.getsockname()[1]
    ended = run(*command, "--endpoint-url", f"http://localhost:{port}")
    _is_one_sentence(ended, AWS_FAILED, f"http://localhost:{port}")


def test_an_endpoint_that_is_no_url(command, run):
    """As it was given."""
    _is_one_sentence(run(*command, "--endpoint-url", "localhost"), AWS_FAILED, "localhost")


@pytest.mark.parametrize("command", READING)
def test_a_region_without_the_api(aws, site, edge_config, run, command):
    """The hubs of a file that is there can't be asked about, and the regions that have it are named."""
    config = edge_config(HUB.replace("eu-west-1", "af-south-1"))
    source = config["RecorderConfig"]["MediaSourceConfig"]
    source["MediaUriSecretArn"] = source["MediaUriSecretArn"].replace("eu-west-1", "af-south-1")
    site({"StreamName": "dock", "EdgeConfig": config})
    ended = run(command, "--region", "af-south-1")
    assert aws.edge.calls() == ()
    _is_one_sentence(ended, USAGE_OF.get(command, USAGE), "no edge configurations in af-south-1; use one of")


@pytest.mark.parametrize("command", READING)
def test_files_with_errors(aws, site, edge_config, run, command):
    """Each error is told at its place, and AWS is not asked."""
    site({"StreamName": "dock", "EdgeConfig": edge_config(DeletionConfig={"EdgeRetentionInHours": 721})})
    ended = run(command)
    assert ended.code == USAGE_OF.get(command, USAGE)
    assert "edge/site.json:14:35: error ValueNotAccepted" in ended.err
    assert ended.err.endswith("kvs-edge: the files have 1 error: no AWS request was made\n")
    assert aws.edge.calls() == ()


@pytest.mark.parametrize("command", READING)
def test_a_path_that_is_not_there(site, run, command):
    """It is named."""
    site()
    _is_one_sentence(run(command, "nowhere"), USAGE_OF.get(command, USAGE), "nowhere does not exist")


@pytest.mark.parametrize("command", [name for name in COMMANDS if name in ASKING])
def test_wrong_usage(run, command):
    """It is told how to use it."""
    ended = run(command, *ASKING[command], "--frmat", "json")
    assert ended.code == USAGE_OF.get(command, USAGE)
    assert "--frmat" in ended.err


@pytest.fixture
def silent_aws() -> Iterator[tuple[str, threading.Event]]:
    """Yield an endpoint that answers GetCallerIdentity and nothing else, and an event for the first other request."""
    asked, over = threading.Event(), threading.Event()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if b"GetCallerIdentity" not in body:
                asked.set()
                over.wait(60)
            answer = (
                b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>"
                b"</GetCallerIdentityResult></GetCallerIdentityResponse>"
            )
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}", asked
    over.set()
    server.shutdown()
    server.server_close()


def test_an_interrupt_while_aws_does_not_answer(command, silent_aws):
    """Ctrl-C ends the process at once, though calls are under way in threads: 130, and not a word."""
    endpoint, asked = silent_aws
    words = [sys.executable, "-m", "kvs_edge_gitops", *command]
    process = subprocess.Popen(
        words, env={**os.environ, "AWS_ENDPOINT_URL": endpoint}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert asked.wait(60), "it never asked"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (INTERRUPTED, b"", b"")


@pytest.mark.usefixtures("aws")
def test_an_interrupt_leaves_the_file_as_it_was(site, edge_config, run, tmp_path, monkeypatch):
    """The previous file stays, and no temporary file."""
    site({"StreamName": "dock", "EdgeConfig": edge_config()})
    file = tmp_path / "plan.md"
    file.write_text("the plan of yesterday")
    monkeypatch.setattr(os, "fsync", _interrupted)
    assert run("plan", "-o", str(file)).code == INTERRUPTED
    assert file.read_text() == "the plan of yesterday"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["edge", "plan.md"]


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt
