"""`kvs-edge secret` against the local AWS: what it finds, and that nothing of a secret is shown."""

import getpass
import io
import json
import logging
from types import SimpleNamespace

import pytest

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.secrets_client import SecretAbsentError, StoredSecret
from kvs_edge_gitops.checks.secrets.judged import place_issues
from kvs_edge_gitops.errors import AwsError, DeniedError
from support.declarations import hub_arn, media_secret

PASSWORD = "Xqz7-Hunter"
USER = "Xqzuser"
HOST = "10.11.12.13"
URI = f"rtsp://{USER}:{PASSWORD}@{HOST}:554/Xqzpath"
MARKS = ("Xqz", "Hunter", HOST)


@pytest.fixture
def store(aws, new_name):
    """Return a function that stores a secret, and returns its ARN."""

    def store(value, **more):
        kind = "SecretBinary" if isinstance(value, bytes) else "SecretString"
        text = json.dumps(value) if isinstance(value, dict) else value
        client = aws.client("secretsmanager")
        return client.create_secret(Name=new_name("cam"), **{kind: text}, **more)["ARN"]

    return store


@pytest.fixture
def declare(site, edge_config):
    """Return a function that declares one stream per secret."""

    def declare(*secrets, uri_type="RTSP_URI"):
        sources = [{"MediaUriSecretArn": secret, "MediaUriType": uri_type} for secret in secrets]
        site(
            *(
                {"StreamName": f"cam-{number}", "EdgeConfig": edge_config(RecorderConfig={"MediaSourceConfig": source})}
                for number, source in enumerate(sources)
            )
        )

    return declare


def codes(ended):
    return [issue["code"] for secret in ended.json["secrets"] for issue in secret["issues"]]


def test_a_good_secret_has_no_issue(store, declare, run):
    arn = store({"MediaURI": URI})
    declare(arn)
    ended = run("secret")
    name = arn.rpartition(":")[2]
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{name} (cam-0 at edge/site.json:3): good\n1 secret: no errors\n"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"mediaURI": URI}, "KeyMissing"),
        ({"MediaURI": URI.replace("7-", "7@")}, "CredentialsNotEncoded"),
        ({"MediaURI": URI + "\n"}, "UriBlank"),
        (URI, "SecretNotJson"),
        (b"\x00\x01", "SecretBinary"),
    ],
)
def test_a_bad_secret_is_an_error(store, declare, run, value, code):
    declare(store(value))
    ended = run("secret", "cam-0", "--format", "json")
    assert ended.code == ended.json["exit_code"] == 1
    assert codes(ended) == [code]
    assert ended.json["summary"]["sentence"] == "1 secret: 1 with errors"


def test_a_secret_of_several_streams_is_read_once(store, declare, run):
    arn = store({"MediaURI": URI})
    declare(arn, arn)
    (secret,) = run("secret", "--format", "json").json["secrets"]
    assert [stream["stream"] for stream in secret["streams"]] == ["cam-0", "cam-1"]


def test_a_secret_that_is_not_there_or_being_deleted_is_an_error(aws, store, declare, run):
    deleted = store({"MediaURI": URI})
    aws.client("secretsmanager").delete_secret(SecretId=deleted)
    declare(deleted, deleted.replace("secret:cam", "secret:none"))
    ended = run("secret", "--format", "json")
    assert (ended.code, codes(ended)) == (1, ["SecretBeingDeleted", "SecretAbsent"])


def test_the_uri_of_a_file_is_not_judged(store, declare, run):
    declare(store({"MediaURI": "/media/a.mp4"}), uri_type="FILE_URI")
    ended = run("secret", "--format", "json")
    assert (ended.code, codes(ended)) == (0, ["UriNotJudged"])


class Secrets:
    """Secrets of a region, as a client returns them."""

    def __init__(self, answer):
        self._answer = answer

    def read(self, _):
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize(
    ("answer", "code", "issues", "text"),
    [
        (StoredSecret(json.dumps({"MediaURI": URI}), is_rotated=True), 0, ["SecretRotated"], None),
        (StoredSecret(json.dumps({"MediaURI": URI}), is_rotated=None), 0, ["RotationUnknown"], None),
        (SecretAbsentError(is_being_deleted=False), 1, ["SecretAbsent"], None),
        (AwsError("AWS request failed"), 3, [], "AWS request failed"),
        (DeniedError("AWS denied it", "secretsmanager:GetSecretValue", "eu-west-1"), 3, [], "AWS denied it"),
    ],
)
def test_each_answer_of_aws_has_its_result(store, declare, run, monkeypatch, answer, code, issues, text):
    declare(store({"MediaURI": URI}))
    monkeypatch.setattr(Aws, "secrets", lambda *_: Secrets(answer))
    ended = run("secret", "--format", "json")
    assert (ended.code, codes(ended), ended.json["secrets"][0]["failure"]) == (code, issues, text)
    assert run("secret").code == code


def test_a_secret_of_another_account_is_a_warning(store, declare, run):
    declare(store({"MediaURI": URI}).replace("123456789012", "111122223333"))
    ended = run("secret", "--format", "json")
    assert codes(ended) == ["SecretOtherAccount", "SecretAbsent"]


def test_a_file_that_does_not_exist_is_not_only_taken_for_a_stream(store, declare, run):
    declare(store({"MediaURI": URI}))
    assert (
        "no file declares a stream 'site.yaml'; neither is it the path of a file here" in run("secret", "site.yaml").err
    )


def test_a_stream_that_no_file_declares_is_wrong_usage(store, declare, run):
    declare(store({"MediaURI": URI}))
    ended = run("secret", "cam-00")
    assert (ended.code, ended.out) == (2, "")
    assert "no file declares a stream 'cam-00'; did you mean cam-0?" in ended.err


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize(
    "value",
    [
        {"MediaURI": URI},
        {"mediauri": URI},
        {URI: "x"},
        {"MediaURI": [URI]},
        URI,
        f'{{"MediaURI": "{URI}"',
        {"MediaURI": f" {URI}"},
        {"MediaURI": URI.replace("7-", "7/")},
        {"MediaURI": URI.replace("7-", "7%")},
        {"MediaURI": URI.replace("7-", "7!")},
        {"MediaURI": URI.replace(":554", ":Xqz")},
        {"MediaURI": URI.replace("rtsp", "http")},
        {"MediaURI": URI + " #"},
        URI.encode(),
    ],
)
def test_nothing_of_a_secret_is_shown(store, declare, run, caplog, value, output):
    """Neither in the output, nor on standard error, nor in a log line of any level."""
    declare(store(value))
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    ended = run("secret", "--format", output)
    shown = ended.out + ended.err + "".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert ended.code in {0, 1}
    assert [mark for mark in MARKS if mark in shown] == []


def test_a_stored_secret_has_no_value_in_its_repr():
    assert "Xqz" not in repr(StoredSecret(URI, is_rotated=None))


def test_a_secret_of_another_region_is_an_error():
    """Files with one are refused before; a template's are not."""
    stream = SimpleNamespace(region="eu-west-1", hub=hub_arn(), is_hub_known=True)
    (issue,) = place_issues(media_secret(region="eu-central-1"), [stream])
    assert (issue.code, "is in eu-central-1, and its stream in eu-west-1" in issue.message) == (
        "SecretOtherRegion",
        True,
    )


class Terminal(io.StringIO):
    """Standard input of a person."""

    def isatty(self):
        return True


@pytest.fixture
def typed(monkeypatch):
    """Return a function that types the answers, and the password."""

    def typed(*answers, password=PASSWORD):
        monkeypatch.setattr("sys.stdin", Terminal("".join(f"{answer}\n" for answer in answers)))
        monkeypatch.setattr(getpass, "getpass", password if callable(password) else lambda *_: password)

    return typed


def test_a_secret_is_made_from_a_cameras_parts(aws, site, new_name, run, typed, caplog):
    """Its ARN is the output; the password is in no output and no log."""
    site()
    typed(USER, HOST, "", "Xqzpath", password="Xqz@7%")
    name = new_name("made")
    caplog.set_level(logging.DEBUG)
    ended = run("secret", "--write", name)
    assert (ended.code, ended.out.count("\n")) == (0, 1)
    stored = aws.client("secretsmanager").get_secret_value(SecretId=ended.out.strip())
    assert (stored["Name"], json.loads(stored["SecretString"])) == (
        name,
        {"MediaURI": f"rtsp://{USER}:Xqz%407%25@{HOST}:554/Xqzpath"},
    )
    shown = ended.out + ended.err + "".join(record.getMessage() for record in caplog.records if record.name != "moto")
    assert "Xqz" not in shown


def test_a_camera_without_a_user_has_no_question_for_a_password(site, new_name, run, typed, aws):
    site()
    typed("", HOST, "8554", "/live", password=lambda *_: pytest.fail("it asked"))
    ended = run("secret", "--write", new_name("made"))
    assert (ended.code, "info CredentialsAbsent" in ended.err) == (0, True)


def _no_terminal(*_):
    raise getpass.GetPassWarning("echo")


def _no_input(*_):
    raise EOFError


@pytest.mark.parametrize(
    ("answers", "password", "message"),
    [
        ((USER, HOST, "70000", "/live"), PASSWORD, "the port is not a number from 1 to 65535"),
        ((USER, "no host"), PASSWORD, "the host is neither a name nor an IP address"),
        ((USER, f"{HOST}:8554"), PASSWORD, "write it without scheme, user, port and path"),
        ((USER, f"rtsp://{HOST}/live"), PASSWORD, "write it without scheme, user, port and path"),
        ((USER, f"{USER}:{PASSWORD}@{HOST}"), PASSWORD, "write it without scheme, user, port and path"),
        ((USER, "fe80::1%eth0"), PASSWORD, "the host is neither a name nor an IP address"),
        ((USER, HOST, "", f"rtsp://{HOST}/live"), PASSWORD, "the path begins with a scheme"),
        ((USER, HOST, "", "/a b%"), PASSWORD, "the path or the query has a character"),
        ((USER,), _no_input, "nothing was stored: the input ended"),
        ((f"{USER}:x", HOST, "", "/live"), PASSWORD, "the user has an encoded colon"),
        ((USER, HOST), PASSWORD, "nothing was stored: the input ended"),
        ((USER,), _no_terminal, "there is no terminal to ask for the password"),
    ],
)
def test_a_camera_that_makes_no_usable_secret_is_refused(site, new_name, run, typed, aws, answers, password, message):
    site()
    typed(*answers, password=password)
    ended = run("secret", "--write", new_name("made"))
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert "Xqz" not in ended.err


def test_a_secret_is_never_replaced(store, site, run, typed):
    name = store({"MediaURI": URI}).rpartition(":")[2][:-7]
    site()
    typed(USER, HOST, "", "/live")
    ended = run("secret", "--write", name)
    assert (ended.code, f"nothing was stored: a secret {name} exists in eu-west-1" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--write", "site/cam"], "without a slash"),
        (["cam-0", "--write", "cam"], "give no stream and no path with it"),
    ],
)
def test_a_wrong_write_is_wrong_usage(aws, site, run, typed, arguments, message):
    site()
    typed()
    ended = run("secret", *arguments)
    assert (ended.code, message in ended.err) == (2, True)


def test_without_a_terminal_nothing_is_made(aws, site, run, monkeypatch):
    site()
    monkeypatch.setattr("sys.stdin", io.StringIO())
    ended = run("secret", "--write", "cam")
    assert (ended.code, "and there is none" in ended.err) == (2, True)
