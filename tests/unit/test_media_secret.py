"""The rules for a camera's secret: the table of URIs, the content, and that no message quotes any of it."""

import json

import pytest

from kvs_edge_preflight.media_secret import (
    Camera,
    IssueCode,
    Severity,
    host_fault,
    judge_content,
    judge_uri,
    path_fault,
)

CODE = IssueCode
GOOD = "rtsp://viewer:secret@192.168.1.20:554/live"

URIS = [
    (GOOD, []),
    ("rtsp://viewer:p%40ss%25%2F%3F%23%5B%5D@192.168.1.20/live", []),
    ("rtsp://viewer:s@camera-3.site.local/live/ch1", []),
    ("rtsp://viewer:s@192.168.1.20/cam/realmonitor?channel=1&subtype=0", []),
    ("rtsp://viewer:s@[fd00::20]:554/live", []),
    ("rtsp://viewer:s@127.0.0.1:8554/live", []),
    ("rtsp://viewer@192.168.1.20/live", []),
    ("rtsps://viewer:s@192.168.1.20:322/live", []),
    # Passwords that clients take apart differently.
    ("rtsp://viewer:p@ss@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://viewer:50%off@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://viewer:50%@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://viewer:a#b@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://viewer:a?b@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://viewer:a/b@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://viewer:p[1]@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://viewer:a b@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://viewer:pä@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://vie@wer:s@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://viewer:12/34@192.168.1.20/live", [CODE.URI_AT_IN_PATH, CODE.CREDENTIALS_ABSENT]),
    ("rtsp://viewer:a!b@192.168.1.20/live", [CODE.CREDENTIALS_IN_DOUBT]),
    ("rtsp://viewer:a:b@192.168.1.20/live", [CODE.CREDENTIALS_IN_DOUBT]),
    ("rtsp://vi+ewer:ab@192.168.1.20/live", [CODE.CREDENTIALS_IN_DOUBT]),
    ("rtsp://vie%3Awer:s@192.168.1.20/live", [CODE.CREDENTIALS_USER_COLON]),
    ("rtsp://viewer:s%20@192.168.1.20/live", [CODE.CREDENTIALS_BLANK]),
    ("rtsp://viewer%0A:s@192.168.1.20/live", [CODE.CREDENTIALS_BLANK]),
    # The rest of the URI.
    ("RTSP://viewer:s@192.168.1.20/live", [CODE.URI_SCHEME_CAPITALS]),
    ("rtmp://viewer:s@192.168.1.20/live", [CODE.URI_SCHEME]),
    ("192.168.1.20/live", [CODE.URI_SCHEME]),
    ("rtsp:/192.168.1.20/live", [CODE.URI_SCHEME]),
    ("", [CODE.URI_SCHEME]),
    (f" {GOOD}", [CODE.URI_BLANK]),
    (f"{GOOD} ", [CODE.URI_BLANK]),
    (f"{GOOD}\n", [CODE.URI_BLANK]),
    ("rtsp://viewer:s\x00@192.168.1.20/live", [CODE.URI_BLANK]),
    ("rtsp://viewer:s@/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp:///live", [CODE.URI_HOST]),
    ("rtsp://cam era/live", [CODE.URI_HOST]),
    ("rtsp://[fd00::20/live", [CODE.URI_HOST]),
    # An address in brackets or of digits that is none: no name either.
    ("rtsp://viewer:s@[192.168.1.20:8554]:554/live", [CODE.URI_HOST]),
    ("rtsp://viewer:s@[192.168.1.20]/live", [CODE.URI_HOST]),
    ("rtsp://[fd00:::20]/live", [CODE.URI_HOST]),
    ("rtsp://viewer:s@192.168.1.300/live", [CODE.URI_HOST]),
    ("rtsp://192.168.1/live", [CODE.URI_HOST]),
    ("rtsp://viewer:s@192.168.01.20/live", [CODE.URI_HOST]),
    ("rtsp://viewer:1@2/3@192.168.1.20/live", [CODE.CREDENTIALS_NOT_ENCODED]),
    ("rtsp://camera:/live", [CODE.URI_PORT]),
    ("rtsp://camera:0/live", [CODE.URI_PORT]),
    ("rtsp://camera:65536/live", [CODE.URI_PORT]),
    ("rtsp://camera:9999999999/live", [CODE.URI_PORT]),
    ("rtsp://camera:²/live", [CODE.URI_PORT]),
    ("rtsps://viewer:s@192.168.1.20/live", [CODE.URI_PORT]),
    ("rtsp://viewer:s@192.168.1.20", [CODE.URI_PATH_MISSING]),
    ("rtsp://viewer:s@192.168.1.20:554/", [CODE.URI_PATH_MISSING]),
    ("rtsp://viewer:s@192.168.1.20/live view", [CODE.URI_PATH_CHARACTERS]),
    ("rtsp://viewer:s@192.168.1.20/live#1", [CODE.URI_PATH_CHARACTERS]),
    ("rtsp://192.168.1.20/live", [CODE.CREDENTIALS_ABSENT]),
    ("rtsp://viewer:s@8.8.8.8/live", [CODE.ADDRESS_PUBLIC]),
]


@pytest.mark.parametrize(("uri", "codes"), URIS)
def test_each_form_of_a_uri_has_its_issues(uri, codes):
    assert [issue.code for issue in judge_uri(uri)] == codes


@pytest.mark.parametrize(
    ("content", "code", "named"),
    [
        ("rtsp://viewer:s@192.168.1.20/live", CODE.SECRET_NOT_JSON, '{"MediaURI": "rtsp://..."}'),
        ('["MediaURI"]', CODE.SECRET_NOT_JSON, "not a JSON object"),
        ("[" * 100_000, CODE.SECRET_NOT_JSON, "not a JSON object"),
        ('{"mediaURI": "x"}', CODE.KEY_MISSING, "no key MediaURI, but 'mediaURI'"),
        ('{"MediaUri": "x"}', CODE.KEY_MISSING, "'MediaUri'"),
        ('{"media_uri": "x"}', CODE.KEY_MISSING, "'media_uri'"),
        ('{"MediaURI ": "x"}', CODE.KEY_MISSING, "'MediaURI '"),
        ('{"uri": "x"}', CODE.KEY_MISSING, "'uri'"),
        ('{"hunter2": "x"}', CODE.KEY_MISSING, "no key MediaURI: the agent"),
        ('{"MediaURI": 5}', CODE.URI_NOT_TEXT, "is not a text"),
        ('{"MediaURI": "file:///a"}', CODE.URI_SCHEME, "rtsp://"),
    ],
)
def test_content_that_the_agent_cannot_read_is_an_error(content, code, named):
    (issue,) = judge_content(content)
    assert (issue.code, issue.severity) == (code, Severity.ERROR)
    assert named in issue.message


def test_good_content_has_no_issue():
    assert judge_content(json.dumps({"MediaURI": GOOD, "comment": "of the yard"})) == []


def test_the_uri_of_a_file_is_not_judged():
    (issue,) = judge_content('{"MediaURI": "/media/a.mp4"}', is_rtsp=False)
    assert issue.code is CODE.URI_NOT_JUDGED


@pytest.mark.parametrize("uri", [uri for uri, _ in URIS])
def test_no_message_quotes_the_uri(uri):
    """Neither user, password nor host."""
    marked = uri.replace("viewer", "Xqzuser").replace("192.168.1.20", "10.11.12.13").replace(":s", ":Xqzpass")
    texts = [
        str(issue)
        for text in (marked, json.dumps({"MediaURI": marked}), json.dumps({marked: "x"}))
        for issue in (*judge_uri(text), *judge_content(text))
    ]
    assert not [text for text in texts if "Xqz" in text or "10.11.12.13" in text]


@pytest.mark.parametrize(
    ("camera", "uri"),
    [
        (Camera("192.168.1.20", 554, "/live"), "rtsp://192.168.1.20:554/live"),
        (Camera("cam", 554, "live?a=1&b=2"), "rtsp://cam:554/live?a=1&b=2"),
        (Camera("fd00::20", 8554, "/live", "viewer", "p@ss"), "rtsp://viewer:p%40ss@[fd00::20]:8554/live"),
        (Camera("[fd00::20]", 554, "/a b@1"), "rtsp://[fd00::20]:554/a%20b%401"),
        (
            Camera("cam", 554, "/%20x", "vie!wer", "50%/?#[]: ä"),
            "rtsp://vie%21wer:50%25%2F%3F%23%5B%5D%3A%20%C3%A4@cam:554/%20x",
        ),
    ],
)
def test_a_camera_has_the_uri_that_every_client_takes(camera, uri):
    assert camera.uri == uri
    assert json.loads(camera.content) == {"MediaURI": uri}
    assert all(issue.severity is Severity.INFO for issue in judge_content(camera.content))


@pytest.mark.parametrize("host", ["cam", "camera-3.site.local", "192.168.1.20", "fd00::20", "[fd00::20]", "::1"])
def test_a_host_is_a_name_or_an_address(host):
    assert host_fault(host) == ""


@pytest.mark.parametrize(
    "host",
    [
        "",
        "192.168.1.20:8554",
        "192.168.1.300",
        "192.168.01.1",
        "fe80::1%eth0",
        "rtsp://cam",
        "u:p@cam",
        "cam/x",
        "[cam]",
        "[::1",
    ],
)
def test_what_is_not_a_host_is_refused_without_being_quoted(host):
    assert host_fault(host).startswith("the host is neither a name nor an IP address")


@pytest.mark.parametrize(
    ("path", "is_path"), [("/live", True), ("live?next=rtsp://a", True), ("rtsp://cam/live", False)]
)
def test_a_whole_uri_is_not_a_path(path, is_path):
    assert (path_fault(path) == "") is is_path


def test_a_cameras_repr_has_no_credentials():
    assert "secret" not in repr(Camera("cam", 554, "/live", "secretuser", "secretpass"))
