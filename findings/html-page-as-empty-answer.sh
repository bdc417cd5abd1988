#!/usr/bin/env bash
# An HTML page with status 200 is an empty success for botocore on a rest-json API.
#
# Expected: a page from a proxy or a captive portal instead of the service's response raises an error, and the error is
# a BotoCoreError or a ClientError, the two base classes of call errors.
#
# Happens: on a rest-json API (kinesisvideo) the call returns a response with ResponseMetadata only, like an empty
# answer: a read of the status finds none. The invalid JSON is dropped silently. On a query API (cloudformation) it
# raises ResponseParserError, which has neither base class and escapes an `except` for both.
#
# With botocore==1.44.5, urllib3==2.8.0.
#
# Output seen:
#   kinesisvideo.describe_edge_configuration: returned ['ResponseMetadata']
#   kinesisvideo.list_streams: returned ['ResponseMetadata']
#   cloudformation.describe_stacks: raised ResponseParserError, BotoCoreError or ClientError: False
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
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

PAGE = b"<!DOCTYPE html>\n<html><body><p>Please sign in to the network.<br></p></body></html>\n"


class Portal(BaseHTTPRequestHandler):
    """Answers everything with the same page."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *arguments):
        """Say nothing."""


def outcome(service, operation, **arguments):
    """Return what a call gives."""
    client = Session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    try:
        return f"returned {sorted(getattr(client, operation)(**arguments))}"
    except Exception as error:
        own = isinstance(error, (BotoCoreError, ClientError))
        return f"raised {type(error).__name__}, BotoCoreError or ClientError: {own}"


server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
threading.Thread(target=server.serve_forever, daemon=True).start()
seen = {
    "kinesisvideo.describe_edge_configuration": outcome("kinesisvideo", "describe_edge_configuration", StreamName="camera"),
    "kinesisvideo.list_streams": outcome("kinesisvideo", "list_streams"),
    "cloudformation.describe_stacks": outcome("cloudformation", "describe_stacks"),
}
for call, what in seen.items():
    print(f"{call}: {what}")
assert list(seen.values()) == [
    "returned ['ResponseMetadata']",
    "returned ['ResponseMetadata']",
    "raised ResponseParserError, BotoCoreError or ClientError: False",
]
PYTHON
