"""The order of doctor's checks, and how they are written; without AWS."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.commands.doctor.check import Check, Result, State, Subject, exit_code, good, mixed, not_asked
from kvs_edge_gitops.commands.doctor.renderings.text import TextView
from kvs_edge_gitops.commands.doctor.sequence import Step, run
from kvs_edge_gitops.commands.doctor.words import Words, explain
from kvs_edge_gitops.errors import AwsError, DeniedError, UsageError
from kvs_edge_gitops.stacks.events import event_of, last_failures

HTTPS = "https:" + "//"
"""In two parts: a test refuses URLs of unknown hosts in the files."""
CREDENTIALS, FILES, SECRETS = Subject.CREDENTIALS, Subject.FILES, Subject.SECRETS


def raising(error):
    def make():
        raise error

    return make


def results(*steps, skipped=()):
    return [check.result for check in run(steps, skipped)]


def test_a_check_whose_need_failed_is_not_made():
    """The first reason is given, also by checks that depend on it indirectly."""
    bad = Result(State.BAD, "no", exit_code=3, blocks="needs a login")
    made = results(
        Step(CREDENTIALS, lambda: bad),
        Step(FILES, lambda: good("fine")),
        Step(SECRETS, lambda: pytest.fail("it was made"), (FILES, CREDENTIALS)),
        Step(Subject.HUBS, lambda: pytest.fail("it was made"), (SECRETS,)),
    )
    assert [result.text for result in made] == ["no", "fine", "needs a login", "needs a login"]
    assert [result.state for result in made[2:]] == [State.NOT_ASKED] * 2


def test_a_bad_check_that_blocks_nothing_lets_the_others_be_made():
    bad = Result(State.BAD, "lost footage", exit_code=1)
    made = results(Step(FILES, lambda: bad), Step(SECRETS, lambda: good("fine"), (FILES,)))
    assert [result.state for result in made] == [State.BAD, State.GOOD]


@pytest.mark.parametrize(
    ("error", "text", "code"),
    [
        (AwsError("no connection"), "no connection", 3),
        (DeniedError("denied", "s:A", "eu-west-1"), "no right to s:A in eu-west-1: allow it for these credentials", 3),
        (UsageError("pass --reference"), "pass --reference", 2),
    ],
)
def test_an_error_is_a_check_that_was_not_asked(error, text, code):
    (result,) = results(Step(SECRETS, raising(error)))
    assert (result.state, result.text, result.exit_code) == (State.NOT_ASKED, text, code)


def test_a_skipped_check_is_not_made_and_neither_is_what_needs_it():
    made = results(
        Step(SECRETS, lambda: pytest.fail("it was made")), Step(Subject.HUBS, list, (SECRETS,)), skipped={SECRETS}
    )
    assert [result.text for result in made] == ["skipped with --skip"] * 2


@pytest.mark.parametrize(
    ("bad", "unknown", "state", "code"),
    [
        ([], [], State.GOOD, 0),
        (["a"], [], State.BAD, 1),
        ([], ["b"], State.NOT_ASKED, 3),
        (["a"], ["b"], State.BAD, 3),
    ],
)
def test_bad_outweighs_unknown_and_the_exit_code_is_the_highest(bad, unknown, state, code):
    result = mixed("text", bad, unknown, ["next"], 3)
    assert (result.state, result.exit_code, list(result.details)) == (state, code, bad + unknown)
    assert list(result.next_steps) == ([] if state is State.GOOD else ["next"])


def test_the_exit_code_is_the_highest_of_all_checks():
    of = [Check(FILES, Result(State.BAD, "", exit_code=code)) for code in (1, 3, 0)]
    assert [exit_code(of), exit_code(of[:1]), exit_code([])] == [3, 1, 0]


def test_the_next_command_repeats_paths_and_options():
    """It can be pasted into a shell; a password of an endpoint is not in it."""
    settings = Settings("my profile", "eu-west-1", HTTPS + "me:wo@rd@host")
    words = Words([Path("edge"), Path("a b.yaml")], settings, {"Door": "d;x"})
    assert words.offline("validate") == "kvs-edge validate edge 'a b.yaml'"
    assert words.on_aws("hub", "site-hub", options=["--check"]) == (
        "kvs-edge hub site-hub edge 'a b.yaml' --check --reference 'Door=d;x' --profile 'my profile' --region eu-west-1"
        f" --endpoint-url '{HTTPS}***@host'"
    )
    assert explain("A", "B", "A") == "kvs-edge explain A B"


class Terminal(io.StringIO):
    """Standard output of a person."""

    def isatty(self):
        return True


RESULT = Result(
    State.BAD, "2 of 3 cameras have a secret that the hub cannot use", ["a \x1b[2J" + "word " * 12] * 12, ["kvs-edge x"]
)


def test_text_for_a_pipe_has_a_line_per_sentence():
    output = io.StringIO()
    view = TextView(output)
    view.show(Check(SECRETS, RESULT))
    view.show(Check(Subject.HUBS, not_asked("needs AWS")))
    view.end([Check(SECRETS, RESULT)], 1)
    lines = output.getvalue().splitlines()
    assert lines[0] == "bad        secrets      2 of 3 cameras have a secret that the hub cannot use"
    assert [line for line in lines if line.startswith("    a \\x1b[2J")] == lines[1:11]
    assert lines[11:] == [
        "    and 2 more: --format json has all",
        "    next: kvs-edge x",
        "not asked  hubs         needs AWS",
        "1 check: 1 bad",
    ]


@pytest.mark.parametrize("columns", [80, 40, 3])
def test_text_for_a_terminal_fits_into_it(monkeypatch, columns):
    """Except for a command to type next, which is pasted."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    output = Terminal()
    TextView(output).show(Check(SECRETS, RESULT))
    lines = [line for line in output.getvalue().splitlines() if "next: " not in line]
    assert max(map(len, lines)) <= max(columns, 20)
    assert "".join("".join(lines).split()).startswith("badsecrets2of3cameras")


STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/Site/1"
REASON = (
    "Received response status [FAILED] from custom resource. Message returned: SyncFailed: the hub x did not take it."
    " See https://cdk-kvs-edge.readthedocs.io/en/stable/runbook/#syncfailed (RequestId: 1-2-3)"
)


def event(logical_id, status, reason="", physical="", kind="Custom::KinesisVideoEdgeConfiguration", properties=None):
    return event_of(
        {
            "StackId": STACK,
            "Timestamp": datetime(2026, 1, 5, tzinfo=UTC),
            "LogicalResourceId": logical_id,
            "PhysicalResourceId": physical,
            "ResourceType": kind,
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
            **({} if properties is None else {"ResourceProperties": properties}),
        }
    )


def of_stack(status):
    return event("Site", status, physical=STACK, kind="AWS::CloudFormation::Stack")


def test_only_the_last_operation_of_a_stack_has_its_failures():
    """The first failure comes first; what was cancelled because of it is not a failure."""
    newest_first = [
        of_stack("UPDATE_ROLLBACK_COMPLETE"),
        of_stack("UPDATE_ROLLBACK_IN_PROGRESS"),
        event("B", "UPDATE_FAILED", "Resource update cancelled"),
        event("C", "UPDATE_FAILED", "Access denied", kind="AWS::IAM::Role"),
        event("A", "UPDATE_FAILED", REASON, properties='{"StreamName": "gate"}'),
        of_stack("UPDATE_IN_PROGRESS"),
        event("A", "CREATE_FAILED", REASON),
        of_stack("CREATE_IN_PROGRESS"),
    ]
    first, second = last_failures(iter(newest_first))
    assert (first.stream, first.code, first.text) == ("gate", "SyncFailed", "SyncFailed: the hub x did not take it.")
    assert (second.stream, second.code, second.text) == (None, None, "Access denied")


@pytest.mark.parametrize(
    ("properties", "stream"),
    [
        ('{"StreamARN": "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/door/17"}', "door"),
        ('{"StreamARN": "door"}', None),
        ('{"StreamName": {"Ref": "Door"}}', None),
        ("not JSON", None),
        ("[]", None),
        (None, None),
    ],
)
def test_the_stream_of_a_failed_resource_is_that_of_its_properties(properties, stream):
    assert event("A", "CREATE_FAILED", REASON, properties=properties).stream == stream
