"""Issues of a camera. No message holds any part of its URI."""

from dataclasses import dataclass

from kvs_edge_preflight.media_secret import Severity, SeverityCode

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class CameraCode(SeverityCode):
    """Kinds of issues; each has a row in docs/cameras.md."""

    HOST_UNKNOWN = ("HostUnknown", _ERROR)
    CAMERA_UNREACHABLE = ("CameraUnreachable", _ERROR)
    CAMERA_SILENT = ("CameraSilent", _ERROR)
    CONNECTION_CLOSED = ("ConnectionClosed", _ERROR)
    NOT_RTSP = ("NotRtsp", _ERROR)
    TLS_FAILED = ("TlsFailed", _ERROR)
    CERTIFICATE_NOT_TRUSTED = ("CertificateNotTrusted", _ERROR)
    LOGIN_REQUIRED = ("LoginRequired", _ERROR)
    LOGIN_REFUSED = ("LoginRefused", _ERROR)
    LOGIN_NOT_SUPPORTED = ("LoginNotSupported", _ERROR)
    LOGIN_READABLE = ("LoginReadable", _INFO)
    PATH_UNKNOWN = ("PathUnknown", _ERROR)
    CAMERA_REFUSED = ("CameraRefused", _ERROR)
    NO_VIDEO = ("NoVideo", _ERROR)
    VIDEO_NOT_H264 = ("VideoNotH264", _ERROR)
    VIDEO_SEVERAL = ("VideoSeveral", _WARNING)
    TRACK_IGNORED = ("TrackIgnored", _INFO)
    NO_FRAME = ("NoFrame", _ERROR)
    STREAM_STOPPED = ("StreamStopped", _ERROR)
    MEDIA_FAILED = ("MediaFailed", _ERROR)
    UDP_BLOCKED = ("UdpBlocked", _WARNING)
    ONLY_TCP = ("OnlyTcp", _INFO)
    ONLY_UDP = ("OnlyUdp", _INFO)
    RATE_UNKNOWN = ("RateUnknown", _INFO)
    TIMESTAMPS_IRREGULAR = ("TimestampsIrregular", _WARNING)
    CLOCK_OFF = ("ClockOff", _WARNING)


@dataclass(frozen=True)
class CameraIssue:
    """An issue with its message and fix."""

    code: CameraCode
    message: str

    @property
    def severity(self) -> Severity:
        """Severity of its code."""
        return self.code.severity
