"""`kvs-edge init`: a first edge file that is valid as it is."""

from pathlib import Path

import pytest

from support.declarations import media_secret


def test_a_file_without_options_is_valid_and_says_what_to_replace(run, validate, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = run("init")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "edge/my-hub.yaml is written",
        "replace the example values: the hub, the stream, 1 secret ARN",
        "next: kvs-edge schema -o edge.schema.json, for your editor",
        "      kvs-edge validate edge/my-hub.yaml",
    ]
    assert Path("edge/my-hub.yaml").read_text().startswith("# yaml-language-server: $schema=../edge.schema.json\n")
    assert {finding["severity"] for finding in validate().findings} <= {"info"}


def test_options_are_the_values(run, validate, tmp_path, monkeypatch):
    """Region and account are those of the secret; a name that YAML would read as another type is quoted."""
    monkeypatch.chdir(tmp_path)
    secret = media_secret("dock")
    options = [
        "--hub",
        "Dock_1",
        "--stream",
        "dock",
        "--stream",
        "on",
        "--secret",
        secret,
        "--time-zone",
        "Europe/Berlin",
    ]
    ended = run("init", "sites/a", *options, "--create-stream")
    assert "replace the example values: 1 secret ARN" in ended.out
    text = Path("sites/a/Dock-1.yaml").read_text()
    assert "\nregion: eu-west-1 #" in text
    assert '\naccount: "123456789012" #' in text
    assert '  - StreamName: "on"\n' in text
    assert validate("sites/a").findings == []


def test_no_file_is_overwritten(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("init", "--hub", "dock").code == 0
    before = Path("edge/dock.yaml").read_text()
    ended = run("init", "--hub", "dock", "--stream", "other")
    assert (ended.code, ended.err) == (2, "kvs-edge: edge/dock.yaml exists already; name another file\n")
    assert Path("edge/dock.yaml").read_text() == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--hub", "no hub"], "the options do not make a valid file: defaults.hub: 'no hub' is not accepted"),
        (["--secret", "a", "--secret", "b"], "--secret is given 2 times for 1 --stream"),
        (["file/inside"], "file/inside cannot be created"),
        (["--time-zone", "Europe/Berln"], "such as Europe/Berlin; did you mean Europe/Berlin?"),
    ],
)
def test_wrong_options_are_named(run, tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    ended = run("init", *options)
    assert ended.code == 2
    assert message in ended.err
    assert not Path("edge").exists()
