#!/usr/bin/env bash
# botocore does not retry the throttling error of Kinesis Video Streams.
#
# Expected: a throttled call is retried in each of botocore's retry modes. The SDK's own description of
# ClientLimitExceededException reads "Kinesis Video Streams has throttled the request [...] Try making the call later".
#
# Happens: ClientLimitExceededException (HTTP 400) is raised after one request, in legacy, standard and adaptive mode,
# for every max_attempts. The code is in none of botocore's lists of throttling errors, and the service's model does not
# mark it as retryable. ThrottlingException, answered in the same way, is sent three times, as requested.
#
# With botocore==1.44.5, urllib3==2.8.0.
#
# Output seen:
#   legacy   ClientLimitExceededException  1 request
#   legacy   ThrottlingException           3 requests
#   standard ClientLimitExceededException  1 request
#   standard ThrottlingException           3 requests
#   adaptive ClientLimitExceededException  1 request
#   adaptive ThrottlingException           3 requests
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check botocore==1.44.5 urllib3==2.8.0
cd "$folder"
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder" NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
"$folder/venv/bin/python" - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session


class Throttle(BaseHTTPRequestHandler):
    """Refuses every call, as a rest-json service does."""

    code = ""
    requests = 0

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        Throttle.requests += 1
        body = json.dumps({"Message": "Rate exceeded"}).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.send_header("x-amzn-ErrorType", Throttle.code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Say nothing."""


def requests_until_refused(mode, code):
    """Return how many requests a call makes before its error is raised."""
    Throttle.code, Throttle.requests = code, 0
    client = Session().create_client(
        "kinesisvideo",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": mode, "total_max_attempts": 3}),
    )
    try:
        client.describe_edge_configuration(StreamName="camera")
    except ClientError as error:
        assert error.response["Error"]["Code"] == code
    return Throttle.requests


server = ThreadingHTTPServer(("127.0.0.1", 0), Throttle)
threading.Thread(target=server.serve_forever, daemon=True).start()
codes = ("ClientLimitExceededException", "ThrottlingException")
seen = {(mode, code): requests_until_refused(mode, code) for mode in ("legacy", "standard", "adaptive") for code in codes}
for (mode, code), number in seen.items():
    print(f"{mode:<8} {code:<29} {number} request{'s' if number > 1 else ''}")
assert all(number == (3 if code == "ThrottlingException" else 1) for (_, code), number in seen.items())
PYTHON
