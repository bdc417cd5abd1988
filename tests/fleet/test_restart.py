"""`kvs-edge restart` against the local AWS: what it sends, what it refuses, the question and the wait."""

import io

import pytest

from kvs_edge_gitops.commands.restart import command, sending
from kvs_edge_gitops.commands.restart.restarts import EFFECT_ON_FOOTAGE
from kvs_edge_local.edge import Failing, Fault, Offline, RecorderFails
from support.waiting import acting

START = "StartEdgeConfigurationUpdate"


class Terminal(io.StringIO):
    """Standard input of a person."""

    def isatty(self):
        return True


@pytest.fixture
def declared(site, make_stream, start, edge_config):
    """Return a declared stream with that configuration."""
    name = make_stream()
    site({"StreamName": name, "EdgeConfig": edge_config()})
    start(name, edge_config())
    return name


@pytest.fixture
def simulated_wait(aws, monkeypatch):
    """Time that the wait spends passes on the local AWS's clock."""
    real = command.run
    monkeypatch.setattr(command, "run", lambda options: real(options, aws.clock.sleep, aws.clock.now))


def results(ended):
    return {stream["stream"]: stream["result"] for stream in ended.json["streams"]}


def test_it_sends_what_the_service_has(aws, declared, run):
    """The service has the same configuration afterwards, with a new sync."""
    before = aws.client("kinesisvideo").describe_edge_configuration(StreamName=declared)
    ended = run("restart", declared, "--yes")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{declared} (edge/site.json:3, on site-hub): sent\n1 stream: 1 sent\n"
    after = aws.client("kinesisvideo").describe_edge_configuration(StreamName=declared)
    assert after["EdgeConfig"] == before["EdgeConfig"]
    assert len(aws.edge.writes(declared)) == 2


def test_a_path_restarts_all_of_its_streams(site, make_stream, start, edge_config, run):
    names = [make_stream() for _ in range(3)]
    for name in names:
        start(name, edge_config())
    site(*({"StreamName": name, "EdgeConfig": edge_config()} for name in names))
    ended = run("restart", "edge/site.json", "--yes", "--format", "json")
    assert ended.code == ended.json["exit_code"] == 0
    assert results(ended) == dict.fromkeys(names, "sent")


def test_a_stream_named_twice_is_sent_once(aws, declared, run):
    arn = aws.client("kinesisvideo").describe_stream(StreamName=declared)["StreamInfo"]["StreamARN"]
    assert run("restart", declared, declared, "edge", "--yes").out.endswith("1 stream: 1 sent\n")
    assert arn
    assert len(aws.edge.writes(declared)) == 2


def test_a_restart_ends_a_fatal_error(aws, declared, hub, run, simulated_wait):
    """The report of the job is in the output: that of before the restart."""
    aws.edge.set_agent(hub, RecorderFails("pipeline stopped", "SYSTEM_ERROR", until_restart=True))
    ended = run("restart", declared, "--yes", "--wait")
    assert ended.code == 0
    assert ended.out.startswith(
        f"{declared} (edge/site.json:3, on site-hub): in sync; the recorder reported SYSTEM_ERROR: pipeline stopped\n"
    )
    described = aws.client("kinesisvideo").describe_edge_configuration(StreamName=declared)
    assert described["EdgeAgentStatus"]["LastRecorderStatus"]["RecorderStatus"] == "SUCCESS"


@pytest.mark.parametrize(
    ("behaviour", "result", "message"),
    [
        (Failing("no space"), "sync_failed", "no space"),
        (Offline(), "sync_failed", "The hub device did not confirm"),
    ],
)
def test_the_wait_ends_with_a_failure(aws, declared, hub, run, simulated_wait, behaviour, result, message):
    aws.edge.set_hub(hub, behaviour)
    ended = run("restart", declared, "--yes", "--wait", "--format", "json")
    (stream,) = ended.json["streams"]
    assert (ended.code, stream["result"]) == (1, result)
    assert stream["message"].startswith(message)


def test_the_wait_has_an_end(aws, declared, hub, run, simulated_wait, monkeypatch):
    monkeypatch.setattr(sending, "WAIT_SECONDS", 60.0)
    aws.edge.set_hub(hub, Offline())
    ended = run("restart", declared, "--yes", "--wait")
    assert ended.code == 1
    assert (
        f"{declared} (edge/site.json:3, on site-hub): timed out: the hub did not answer within 1 minutes" in ended.out
    )


def test_a_configuration_that_differs_is_refused(aws, declared, edge_config, start, run):
    """A restart would confirm a change that the file does not have."""
    start(declared, edge_config(DeletionConfig={"EdgeRetentionInHours": 24}))
    before = len(aws.edge.writes())
    ended = run("restart", declared, "--yes")
    assert ended.code == 1
    assert "refused: the service has another configuration than the file (1 field: DeletionConfig.Edge" in ended.out
    assert len(aws.edge.writes()) == before


def test_another_hub_is_refused(site, make_stream, start, edge_config, hub, run):
    name = make_stream()
    start(name, edge_config(hub.replace("site-hub", "old-hub")))
    site({"StreamName": name, "EdgeConfig": edge_config()})
    ended = run("restart", name, "--yes")
    assert (ended.code, "refused: it is on hub old-hub, and declared for site-hub" in ended.out) == (1, True)


def test_a_sync_in_progress_is_refused(aws, declared, hub, edge_config, run):
    aws.edge.set_hub(hub, Offline())
    with acting(aws.clock):
        aws.client("kinesisvideo").start_edge_configuration_update(StreamName=declared, EdgeConfig=edge_config())
        ended = run("restart", declared, "--yes")
    assert (ended.code, "refused: a sync is in progress (SYNCING): wait until it has ended" in ended.out) == (1, True)


def test_a_deletion_is_not_undone(aws, declared, hub, run):
    aws.edge.set_hub(hub, Offline())
    with acting(aws.clock):
        aws.client("kinesisvideo").delete_edge_configuration(StreamName=declared)
        ended = run("restart", declared, "--yes")
    assert (ended.code, "refused: its configuration is being deleted (DELETING)" in ended.out) == (1, True)


def test_without_a_configuration_there_is_nothing_to_restart(site, make_stream, edge_config, run):
    """Nor without a stream. One refusal does not stop the others."""
    name = make_stream()
    site({"StreamName": name, "EdgeConfig": edge_config()}, {"StreamName": "nowhere", "EdgeConfig": edge_config()})
    ended = run("restart", "edge", "--yes")
    assert ended.code == 1
    assert f"{name} (edge/site.json:3, on site-hub): refused: the stream has no edge configuration" in ended.out
    assert "refused: the stream does not exist\n2 streams: 2 refused\n" in ended.out


def test_an_undeclared_stream_needs_an_option(declared, make_stream, start, edge_config, run):
    other = make_stream()
    start(other, edge_config())
    ended = run("restart", other, "--yes")
    assert (ended.code, "(in no file, on site-hub): refused: no file declares the stream" in ended.out) == (1, True)
    assert run("restart", other, "--yes", "--undeclared").code == 0


def test_an_unknown_stream_is_wrong_usage(declared, run):
    ended = run("restart", f"{declared}x", "--yes")
    assert (ended.code, ended.out) == (2, "")
    assert f"no file declares a stream {declared}x, and eu-west-1 has none; did you mean {declared}?" in ended.err


@pytest.mark.parametrize(("answer", "code", "writes"), [("yes\n", 0, 2), ("y\n", 1, 1), ("", 1, 1)])
def test_it_asks_on_a_terminal(aws, declared, run, monkeypatch, answer, code, writes):
    """The question has the hub and the effect on footage; only yes sends."""
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    ended = run("restart", declared)
    assert ended.code == code
    assert "Sends the same configuration again to 1 stream on 1 hub: site-hub (1)." in ended.err
    assert EFFECT_ON_FOOTAGE in ended.err
    assert ended.err.endswith("Type yes to send: ")
    assert len(aws.edge.writes(declared)) == writes


def test_nothing_to_send_is_no_question(site, make_stream, edge_config, run, monkeypatch):
    name = make_stream()
    site({"StreamName": name, "EdgeConfig": edge_config()})
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    ended = run("restart", name)
    assert (ended.code, ended.err) == (1, "")


def test_without_a_terminal_it_needs_yes(declared, run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    ended = run("restart", declared)
    assert (ended.code, ended.out) == (2, "")
    assert "there is no terminal for the confirmation: pass --yes" in ended.err


def test_a_change_during_the_question_is_refused(aws, declared, start, edge_config, run, monkeypatch):
    class Late(Terminal):
        def readline(self, *_):
            start(declared, edge_config(DeletionConfig={"EdgeRetentionInHours": 24}))
            return "yes\n"

    monkeypatch.setattr("sys.stdin", Late())
    ended = run("restart", declared)
    assert (ended.code, "refused: its configuration or status changed meanwhile" in ended.out) == (1, True)
    assert len(aws.edge.writes(declared)) == 2


def test_a_lost_response_does_not_fail(aws, declared, hub, run):
    """The repeated request is answered with ResourceInUse: the stream has the sync that the first one started."""
    aws.edge.set_hub(hub, Offline())
    aws.edge.inject(Fault(START, "ConnectionDropped", takes_effect=True))
    with acting(aws.clock):
        ended = run("restart", declared, "--yes")
    assert (ended.code, ended.out.endswith("1 stream: 1 sent\n")) == (0, True)
    assert len(aws.edge.writes(declared)) == 2


def test_a_service_that_is_busy_otherwise_is_a_refusal(aws, declared, run):
    aws.edge.inject(Fault(START, "ResourceInUse"))
    ended = run("restart", declared, "--yes")
    assert (ended.code, "refused: the service is busy with the stream" in ended.out) == (1, True)


def test_a_denied_stream_does_not_stop_the_others(aws, site, make_stream, start, edge_config, run):
    names = [make_stream(), make_stream()]
    for name in names:
        start(name, edge_config())
    site(*({"StreamName": name, "EdgeConfig": edge_config()} for name in names))
    aws.edge.inject(Fault(START, "AccessDenied", stream=names[0]))
    ended = run("restart", "edge", "--yes", "--format", "json")
    assert ended.code == ended.json["exit_code"] == 3
    assert results(ended) == {names[0]: "failed", names[1]: "sent"}
    assert "AWS denied kinesisvideo:StartEdgeConfigurationUpdate" in ended.json["streams"][0]["message"]


def test_an_unknown_status_after_sending_is_said(aws, declared, run, monkeypatch):
    real = command.run

    def deny(_):
        aws.edge.inject(Fault("DescribeEdgeConfiguration", "AccessDenied"))

    monkeypatch.setattr(command, "run", lambda options: real(options, deny, aws.clock.now))
    ended = run("restart", declared, "--yes", "--wait")
    assert (ended.code, "failed: it was sent, and its status is unknown: AWS denied" in ended.out) == (3, True)


def test_a_change_during_the_wait_is_said(aws, declared, run, monkeypatch):
    real = command.run

    def delete(seconds):
        aws.clock.sleep(seconds)
        aws.client("kinesisvideo").delete_edge_configuration(StreamName=declared)

    monkeypatch.setattr(command, "run", lambda options: real(options, delete, aws.clock.now))
    ended = run("restart", declared, "--yes", "--wait")
    assert (ended.code, "another request changed or deleted its configuration" in ended.out) == (1, True)
