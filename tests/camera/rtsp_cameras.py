"""Cameras of gst-rtsp-server: each mount is a kind of camera.

Runs with Debian's Python, which has the GObject bindings. Writes the ports as one line of JSON, and ends with its
standard input.
"""

import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

USER, PASSWORD = "cam", "p@ss 50%"

_PICTURE = "videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=160,height=120,framerate=10/1"
_H264 = "x264enc tune=zerolatency speed-preset=ultrafast bitrate=100 key-int-max=10"
_PAY = "rtph264pay name=pay0 pt=96 config-interval=1"
_SLOW = "queue min-threshold-time=2000000000 max-size-time=0 max-size-buffers=0 max-size-bytes=0"
MOUNTS = {
    "/h264": f"{_PICTURE} ! {_H264} ! {_PAY}",
    "/h264?channel=1": f"{_PICTURE} ! {_H264} ! {_PAY}",
    "/h265": f"{_PICTURE} ! x265enc tune=zerolatency speed-preset=ultrafast ! rtph265pay name=pay0 pt=96",
    "/mjpeg": f"{_PICTURE} ! jpegenc ! rtpjpegpay name=pay0 pt=26",
    "/audio": f"{_PICTURE} ! {_H264} ! {_PAY} audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay1 pt=8",
    "/only-audio": "audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay0 pt=8",
    "/slow": f"{_PICTURE} ! {_H264} ! {_SLOW} ! {_PAY}",
    "/ends": f"{_PICTURE.replace('ball', 'ball num-buffers=15')} ! {_H264} ! {_PAY}",
    "/tcp": f"{_PICTURE} ! {_H264} ! {_PAY}",
    "/udp": f"{_PICTURE} ! {_H264} ! {_PAY}",
}
_PROTOCOLS = {"/tcp": GstRtsp.RTSPLowerTrans.TCP, "/udp": GstRtsp.RTSPLowerTrans.UDP}


def factory(path: str) -> GstRtspServer.RTSPMediaFactory:
    """Return a factory of a mount's media, one for all clients."""
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(f"( {MOUNTS[path]} )")
    made.set_shared(False)
    if path in _PROTOCOLS:
        made.set_protocols(_PROTOCOLS[path])
    return made


def server(methods: GstRtsp.RTSPAuthMethod | None) -> GstRtspServer.RTSPServer:
    """Return a running server, which asks for a login if it has methods."""
    made = GstRtspServer.RTSPServer()
    made.set_address("127.0.0.1")
    made.set_service("0")
    mounts = made.get_mount_points()
    for path in MOUNTS:
        media = factory(path)
        if methods is not None:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("user", "media.factory.access", True)
            permissions.add_permission_for_role("user", "media.factory.construct", True)
            media.set_permissions(permissions)
        mounts.add_factory(path, media)
    if methods is not None:
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(methods)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "user")
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(USER, PASSWORD), token)
        auth.add_digest(USER, PASSWORD, token)
        made.set_auth(auth)
    made.get_thread_pool().set_max_threads(16)  # by default, a slow camera would block the others
    made.attach(None)
    return made


def main() -> None:
    """Run the servers until standard input ends."""
    Gst.init(None)
    loop = GLib.MainLoop()
    methods = GstRtsp.RTSPAuthMethod
    servers = {"open": server(None), "basic": server(methods.BASIC), "digest": server(methods.DIGEST)}
    sys.stdout.write(json.dumps({name: running.get_bound_port() for name, running in servers.items()}) + "\n")
    sys.stdout.flush()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


if __name__ == "__main__":
    main()
