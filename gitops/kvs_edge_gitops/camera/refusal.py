"""Issues of a camera that does not describe its media: no connection, no login, no such stream."""

from collections.abc import Mapping

from kvs_edge_gitops.camera.answer import Answer, Failure
from kvs_edge_gitops.camera.challenges import chosen
from kvs_edge_gitops.camera.issue import CameraCode, CameraIssue

_FAILURES: Mapping[Failure, tuple[CameraCode, str]] = {
    Failure.HOST_UNKNOWN: (
        CameraCode.HOST_UNKNOWN,
        (
            "the name of the camera's host is unknown here: check the name, the DNS server and the network, or use an"
            " IP address"
        ),
    ),
    Failure.REFUSED: (
        CameraCode.CAMERA_UNREACHABLE,
        (
            "the camera's host refuses the connection: nothing listens on the port. Turn RTSP on in the camera, or"
            " correct the port"
        ),
    ),
    Failure.UNREACHABLE: (
        CameraCode.CAMERA_UNREACHABLE,
        "there is no route to the camera: check the address, and that this machine is in the camera's network",
    ),
    Failure.NO_CONNECTION: (
        CameraCode.CAMERA_UNREACHABLE,
        (
            "nothing answers at the camera's address in time: the camera is off, the address is another one's, or a"
            " firewall drops the packets"
        ),
    ),
    Failure.SILENT: (
        CameraCode.CAMERA_SILENT,
        "the camera takes the connection, and does not answer in time: restart the camera, or raise --timeout",
    ),
    Failure.CLOSED: (
        CameraCode.CONNECTION_CLOSED,
        (
            "the camera closes the connection without an answer: it may have too many clients, or block this one; rtsps://"
            " may be needed"
        ),
    ),
    Failure.NOT_RTSP: (
        CameraCode.NOT_RTSP,
        "what answers at the port is not an RTSP server: write the camera's RTSP port, mostly 554",
    ),
    Failure.HTTP: (
        CameraCode.NOT_RTSP,
        "an HTTP server answers at the port, not an RTSP server: write the camera's RTSP port, mostly 554",
    ),
    Failure.ENDLESS: (
        CameraCode.NOT_RTSP,
        "the answer does not end: what answers at the port is not a usable RTSP server",
    ),
    Failure.TLS: (
        CameraCode.TLS_FAILED,
        "TLS fails: the port may be the one without TLS; write the camera's port for rtsps://, or use rtsp://",
    ),
    Failure.CERTIFICATE: (
        CameraCode.CERTIFICATE_NOT_TRUSTED,
        (
            "the camera's certificate is not trusted here, or is for another name, and the hub's client refuses such a"
            " one without a reason in its message: install a certificate of a known authority on the camera, or its"
            " authority on the hub and here"
        ),
    ),
}
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 453
_REFUSALS: Mapping[int, tuple[CameraCode, str]] = {
    _FORBIDDEN: (CameraCode.LOGIN_REFUSED, "the camera's user may not see the stream (403): give it that permission"),
    _NOT_FOUND: (
        CameraCode.PATH_UNKNOWN,
        "the camera has no stream at this path (404): take the path of the RTSP stream from its manual or its settings",
    ),
    _TOO_MANY: (
        CameraCode.CAMERA_REFUSED,
        "the camera has too little bandwidth left (453): close other clients, or choose a smaller stream",
    ),
}


def refusal(answer: Answer) -> CameraIssue:
    """Return the issue of an answer without a description."""
    if answer.failure is not None:
        return CameraIssue(*_FAILURES[answer.failure])
    if answer.status == _UNAUTHORIZED:
        return _login_refusal(answer)
    if answer.status is not None and answer.status in _REFUSALS:
        return CameraIssue(*_REFUSALS[answer.status])
    message = f"the camera refuses to describe its stream, with the status {answer.status}: look it up in its manual"
    return CameraIssue(CameraCode.CAMERA_REFUSED, message)


def _login_refusal(answer: Answer) -> CameraIssue:
    if answer.login is not None:
        message = (
            f"the camera refuses user and password, sent with {answer.login.label}: correct them in the secret;"
            " characters other than letters, digits, . _ ~ - are percent-encoded there"
        )
        return CameraIssue(CameraCode.LOGIN_REFUSED, message)
    offers = ", ".join(dict.fromkeys(offer.label for offer in answer.offers)) or "nothing"
    if chosen(answer.offers) is not None:
        return CameraIssue(CameraCode.LOGIN_REQUIRED, f"the camera asks for a login ({offers}): add a user to the URI")
    message = (
        f"the camera offers {offers} to log in. The hub's client (GStreamer) takes Basic if there is no Digest, or the"
        " last Digest, and answers with MD5: set the camera to Digest with MD5, or to Basic alone"
    )
    return CameraIssue(CameraCode.LOGIN_NOT_SUPPORTED, message)
