"""As much of AWS as a first event needs, over HTTPS, answering at once."""

import json
import shutil
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import botocore

from kvs_edge_local.tls import LocalAuthority

STREAM = "entrance"
EDGE_CONFIG = {
    "HubDeviceArn": "arn:aws:iot:eu-west-1:123456789012:thing/hub-1",
    "RecorderConfig": {
        "MediaSourceConfig": {
            "MediaUriSecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:camera-AbCdEf",
            "MediaUriType": "RTSP_URI",
        },
        "ScheduleConfig": {"ScheduleExpression": "0 0 9,10,11,12,13,14,15,16 ? * * *", "DurationInSeconds": 3599},
    },
    "UploaderConfig": {
        "ScheduleConfig": {"ScheduleExpression": "0 0 19,20,21 ? * * *", "DurationInSeconds": 3599},
    },
    "DeletionConfig": {
        "EdgeRetentionInHours": 15,
        "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2800, "StrategyOnFullSize": "DELETE_OLDEST_MEDIA"},
        "DeleteAfterUpload": True,
    },
}
_DESCRIBED = {
    "StreamName": STREAM,
    "StreamARN": f"arn:aws:kinesisvideo:eu-west-1:123456789012:stream/{STREAM}/1600000000000",
    "SyncStatus": "IN_SYNC",
    "EdgeConfig": EDGE_CONFIG,
}
_STARTED = {"executionArn": "arn:aws:states:eu-west-1:123456789012:execution:machine:1", "startDate": 1.6e9}
_STACKS = """<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<DescribeStacksResult><Stacks><member><StackName>stack</StackName><CreationTime>2020-09-13T12:26:40Z</CreationTime>
<StackStatus>UPDATE_IN_PROGRESS</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>"""


class InstantAws:
    """A listener; `calls` holds what was called since the last `take_calls`."""

    def __init__(self):
        self._authority = LocalAuthority()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.calls = []
        context = self._authority.server_context()
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://localhost:{self._server.server_address[1]}"
        self._folder = Path(tempfile.mkdtemp(prefix="cold-start-aws-"))
        # Reading all the world's authorities is part of a cold start, so ours is one among them.
        self.ca_bundle = self._folder / "ca.pem"
        worlds = Path(botocore.__file__).with_name("cacert.pem").read_bytes()
        self.ca_bundle.write_bytes(worlds + b"\n" + self._authority.ca_file.read_bytes())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take_calls(self):
        """Operations in their order; an answer to CloudFormation is there with its status."""
        calls, self._server.calls = self._server.calls, []
        return calls

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._authority.close()
        shutil.rmtree(self._folder)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self._body()
        if self.path == "/describeEdgeConfiguration":
            # Younger than the request: a delivery of the same event has sent it, so that one poll decides.
            now = time.time()
            described = {**_DESCRIBED, "CreationTime": now, "LastUpdatedTime": now}
            self._answer("DescribeEdgeConfiguration", json.dumps(described))
        elif self.headers.get("X-Amz-Target") == "AWSStepFunctions.StartExecution":
            self._answer("StartExecution", json.dumps(_STARTED))
        elif b"Action=DescribeStacks" in body:
            self._answer("DescribeStacks", _STACKS)
        else:
            self.send_error(400, f"this AWS does not know {self.path}")

    def do_PUT(self):
        self._answer(json.loads(self._body())["Status"], "")

    def _body(self):
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _answer(self, call, body):
        self.server.calls.append(call)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
        # One write: two would wait for each other (Nagle and delayed acknowledgements).
        self.wfile.write((head + body).encode())

    def log_message(self, *_):
        """Quiet."""
