"""A camera's answers before its media: login offers, tracks, responses, and the address."""

import pytest

from kvs_edge_gitops.camera.address import Address
from kvs_edge_gitops.camera.challenges import Challenge, authorization, chosen, parse_challenges
from kvs_edge_gitops.camera.rtsp_message import body_length, parse_head, request
from kvs_edge_gitops.camera.sdp import Track, parse_tracks

MD5 = 'Digest realm="cam", nonce="1"'
SHA = 'Digest realm="cam", nonce="1", algorithm=SHA-256'
OTHER_SHA = 'Digest realm="cam", nonce="2", algorithm=SHA-256'
BASIC = 'Basic realm="cam"'


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        ((), None),
        ((BASIC,), "Basic"),
        ((MD5,), "Digest (MD5)"),
        ((BASIC, MD5), "Digest (MD5)"),
        ((MD5, BASIC), "Digest (MD5)"),
        ((f"{MD5}, {BASIC}",), "Digest (MD5)"),
        ((SHA, MD5), "Digest (MD5)"),
        ((MD5, SHA), "Digest (MD5)"),
        ((OTHER_SHA, MD5), "Digest (MD5)"),
        ((MD5, OTHER_SHA), None),
        ((SHA,), None),
        ((SHA, BASIC), None),
        ((f"{MD5}, algorithm=md5",), "Digest (MD5)"),
        ((f"{MD5}, algorithm=MD5-sess",), None),
        (("Bearer realm=x",), None),
        (("Negotiate",), None),
    ],
)
def test_the_hubs_client_takes_the_last_digest_and_answers_with_md5(lines, taken):
    """tests/camera has the same with rtspsrc itself."""
    offer = chosen(parse_challenges(lines))
    assert (offer and offer.label) == taken


def test_quoted_values_may_hold_commas_equal_signs_and_escaped_quotes():
    (offer,) = parse_challenges([r'Digest realm="a, b=\"c\"" ,nonce=1,stale=TRUE'])
    assert (offer.parameters["realm"], offer.parameters["nonce"], offer.is_stale) == ('a, b="c"', "1", True)


def test_basic_is_user_and_password_in_base64():
    value = authorization(Challenge("basic"), "Aladdin", "open sesame", "OPTIONS", "rtsp://cam/")
    assert value == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_digest_has_the_form_of_rfc_2069():
    offer = Challenge("digest", {"realm": "cam", "nonce": "1", "opaque": "o"})
    value = authorization(offer, "u", "p", "DESCRIBE", "rtsp://cam/live")
    # md5(md5("u:cam:p"):1:md5("DESCRIBE:rtsp://cam/live"))
    assert value == (
        'Digest username="u", realm="cam", nonce="1", uri="rtsp://cam/live",'
        ' response="d65ed6238d82806d1f5721b6722e4ced", opaque="o"'
    )


@pytest.mark.parametrize(
    ("text", "tracks"),
    [
        ("v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n", [Track("video", "H264")]),
        ("v=0\nm=video 0 RTP/AVP 26\n", [Track("video", "JPEG")]),
        ("m=video 0 RTP/AVP 97 98\na=rtpmap:98 H264/90000\na=rtpmap:97 h265/90000\n", [Track("video", "H265")]),
        (
            (
                "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\nm=audio 0 RTP/AVP 8\nm=application 0 RTP/AVP 107\n"
                "a=rtpmap:107 vnd.onvif.metadata/90000\n"
            ),
            [Track("video", "H264"), Track("audio", "PCMA"), Track("application", "VND.ONVIF.METADATA")],
        ),
        ("m=video 0 RTP/AVP 101\n", [Track("video", "payload type 101")]),
        ("m=video\n", [Track("unknown", "unknown")]),
        ("v=0\n", []),
        ("", []),
    ],
)
def test_tracks_come_from_the_session_description(text, tracks):
    assert list(parse_tracks(text)) == tracks


def test_a_response_has_its_status_and_all_lines_of_a_header():
    response = parse_head(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: a\r\nwww-authenticate:b\r\nx")
    assert (response.status, response.headers["www-authenticate"], body_length(response)) == (401, ["a", "b"], 0)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK", b"RTSP/1.0", b"RTSP/1.0 abc", b"\xff\xfe"])
def test_another_protocol_is_no_response(head):
    assert parse_head(head) is None


def test_a_request_ends_its_lines_as_http_does():
    sent = request("OPTIONS", "rtsp://cam/live", 7, {"Accept": "x"})
    assert sent == b"OPTIONS rtsp://cam/live RTSP/1.0\r\nCSeq: 7\r\nUser-Agent: kvs-edge\r\nAccept: x\r\n\r\n"


@pytest.mark.parametrize(
    ("uri", "request_uri", "host", "port", "credentials"),
    [
        ("rtsp://10.0.0.5/live", "rtsp://10.0.0.5/live", "10.0.0.5", 554, (None, "")),
        ("rtsp://u:p%40%3A@cam:8554/a?b=1", "rtsp://cam:8554/a?b=1", "cam", 8554, ("u", "p@:")),
        ("RTSPS://u@[fe80::1]:322/", "rtsps://[fe80::1]:322/", "fe80::1", 322, ("u", "")),
        ("rtsp://cam", "rtsp://cam", "cam", 554, (None, "")),
    ],
)
def test_a_request_has_no_credentials(uri, request_uri, host, port, credentials):
    address = Address.of(uri)
    assert (address.request_uri, address.host, address.port) == (request_uri, host, port)
    assert (address.user, address.password) == credentials
    assert repr(address).startswith("<kvs_edge_gitops.camera.address.Address object at")
