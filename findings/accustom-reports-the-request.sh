#!/usr/bin/env bash
# With accustom's timeout guard, the reason of a crashed custom resource is the request, not the error; for a request
# of 4 KiB, it is the length of that reason.
#
# accustom's decorator(timeoutFunction=True) has the Lambda function invoke itself, so that the first invocation can
# respond if the second one runs out of time or crashes.
#
# Expected: when the second invocation crashes, for example because its memory is used up, the response is FAILED with
# its error as the reason.
#
# Happens: the reason is the text of the request that was sent to the second invocation, without the error. If the
# properties have 4 KiB, that reason is longer than the limit for responses, and the reason that CloudFormation gets is
# ResponseTooLongException.
#
# With accustom 1.4.0, boto3 1.43.0 and requests 2.34.2.
#
# Output seen:
#   small request: FAILED, reason has the request: True, the error: False
#   large request: FAILED, reason has ResponseTooLongException: True, the error: False
#
# Needs Python 3.11 or newer with pip. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check accustom==1.4.0 boto3==1.43.0 requests==2.34.2
"$folder/venv/bin/python" - <<'PYTHON'
import json
import logging
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

ERROR = {"errorType": "Runtime.ExitError", "errorMessage": "RequestId: 1 Error: Runtime exited: signal: killed"}
responses = []


class Aws(BaseHTTPRequestHandler):
    """Lambda, whose second invocation crashes, and the ResponseURL."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps(ERROR).encode()
        self.send_response(200)
        self.send_header("X-Amz-Function-Error", "Unhandled")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        responses.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Aws)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
os.environ |= {
    "AWS_ENDPOINT_URL": url,
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}

import accustom  # noqa: E402 - boto3 reads the environment

logging.disable()


@accustom.decorator(timeoutFunction=True)
def handler(event, context):
    raise AssertionError("only the second invocation runs it")


CONTEXT = SimpleNamespace(
    aws_request_id="1",
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:camera",
    log_stream_name="stream",
    get_remaining_time_in_millis=lambda: 60_000,
)


def request(**properties):
    return {
        "RequestType": "Create",
        "ResponseURL": f"{url}/response",
        "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/Cameras/1",
        "RequestId": "2",
        "ResourceType": "Custom::Camera",
        "LogicalResourceId": "Camera",
        "ResourceProperties": {"ServiceToken": CONTEXT.invoked_function_arn, **properties},
    }


def response_to(**properties):
    """Return the status and the reason that CloudFormation gets."""
    responses.clear()
    handler(request(**properties), CONTEXT)
    (response,) = responses
    return response["Status"], response["Reason"]


for size, value, expected in [
    ("small", "gate", '"Camera": "gate"'),
    ("large", "gate" * 1024, "ResponseTooLongException"),
]:
    status, reason = response_to(Camera=value)
    has_expected, has_error = expected in reason, "signal: killed" in reason
    name = "the request" if size == "small" else expected
    print(f"{size} request: {status}, reason has {name}: {has_expected}, the error: {has_error}")
    assert (status, has_expected, has_error) == ("FAILED", True, False), reason
PYTHON
