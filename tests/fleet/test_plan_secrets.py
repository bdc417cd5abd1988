"""`kvs-edge plan --secrets`: mistakes in the secrets of changed streams."""

import json

import pytest

from support.declarations import media_secret

PASSWORD = "Xqz7@Hunter"
BAD = f"rtsp://user:{PASSWORD}@10.11.12.13:554/live"
GOOD = "rtsp://user:secret@10.11.12.13:554/live"


@pytest.fixture
def store(aws, new_name):
    """Return a function that stores a camera's URI, and returns the secret's ARN."""

    def store(uri):
        client = aws.client("secretsmanager")
        return client.create_secret(Name=new_name("cam"), SecretString=json.dumps({"MediaURI": uri}))["ARN"]

    return store


@pytest.fixture
def declare(site, edge_config, make_stream, start):
    """Return a function that declares a new stream for each secret, and beside them one without a change."""

    def declare(*secrets, unchanged):
        configs = {make_stream(): _config(edge_config, secret) for secret in (*secrets, unchanged)}
        last = list(configs)[-1]
        start(last, configs[last])
        site(*({"StreamName": name, "EdgeConfig": config} for name, config in configs.items()))
        return list(configs)

    return declare


def _config(edge_config, secret):
    source = {"MediaUriSecretArn": secret, "MediaUriType": "RTSP_URI"}
    return edge_config(RecorderConfig={"MediaSourceConfig": source})


@pytest.fixture
def plan(run):
    """Return a function that runs the plan with secrets."""
    return lambda *arguments: run("plan", "--offline", "--secrets", *arguments)


def test_a_mistake_is_a_warning_with_its_stream_and_does_not_fail_the_plan(store, declare, plan):
    """The secret of the stream without a change is not read."""
    bad, good = store(BAD), store(GOOD)
    camera, *_ = declare(bad, good, unchanged=store(BAD))
    ended = plan()
    assert (ended.code, ended.err) == (0, "")
    name = bad.rpartition(":")[2]
    (line,) = [line for line in ended.out.splitlines() if line.startswith("warning")]
    assert line.startswith(f"warning CredentialsNotEncoded: secret {name} (for {camera}): ")
    assert "Xqz" not in ended.out


def test_the_comment_has_it_above_the_table(store, declare, plan):
    declare(store(BAD), unchanged=store(GOOD))
    text = plan("--format", "markdown").out
    assert "**Mistakes in a secret, so that a stream may not record**\n\n- **CredentialsNotEncoded**, secret " in text
    assert text.index("CredentialsNotEncoded") < text.index("| file |")
    assert "Xqz" not in text


def test_json_has_the_secrets(store, declare, plan):
    bad = store(BAD)
    camera, _ = declare(bad, unchanged=store(GOOD))
    (notice,) = plan("--format", "json").json["secrets"]
    assert notice.pop("message")
    assert notice == {"name": bad.rpartition(":")[2], "code": "CredentialsNotEncoded", "streams": [camera]}


def test_a_secret_that_does_not_exist_is_a_notice(store, declare, plan):
    declare(media_secret("absent"), unchanged=store(GOOD))
    ended = plan("--format", "json")
    assert ended.code == 0
    assert [notice["code"] for notice in ended.json["secrets"]] == ["SecretAbsent"]


def test_without_the_option_no_secret_is_read(store, declare, run):
    declare(store(BAD), unchanged=store(GOOD))
    assert "secrets" not in run("plan", "--offline", "--format", "json").json
