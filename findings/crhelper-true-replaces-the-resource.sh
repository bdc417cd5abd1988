#!/usr/bin/env bash
# An update that returns True, as crhelper's README says for the end of a poll, makes CloudFormation replace the
# resource.
#
# Expected: True from an update, or from its poll_update, keeps the PhysicalResourceId of the event, like a return of
# nothing. The README: "Once complete either return a PhysicalResourceID or `True` to have one generated."
#
# Happens: "one generated" applies to updates too. The response has a new random id although the event has one, and for
# CloudFormation another id is a replacement: its clean-up sends a Delete for the old id, of a resource still in use.
#
# With crhelper==2.0.12, boto3==1.44.5, botocore==1.44.5.
#
# Output seen (the last eight characters are random):
#   update returns None: SUCCESS with the id of the event
#   update returns True: SUCCESS with another id: Stack_Resource_MJJOKA33
#   poll_update returns True: SUCCESS with another id: Stack_Resource_2ZC2U2UD
#
# Needs Python 3.11 or newer, and openssl. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check crhelper==2.0.12 boto3==1.44.5 botocore==1.44.5
cd "$folder"
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout key.pem -out certificate.pem 2>/dev/null
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder" NO_PROXY=localhost no_proxy=localhost
export AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
"$folder/venv/bin/python" - <<'PYTHON'
import json
import logging
import os
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from crhelper import CfnResource

RULE = "arn:aws:events:us-east-1:123456789012:rule/any"


class Aws(BaseHTTPRequestHandler):
    """The ResponseURL, and the API calls with which crhelper begins and ends its polls."""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/response":
            answers.append(json.loads(body))
        said = json.dumps({"RuleArn": RULE}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_PUT = do_POST = do_DELETE = answer

    def log_message(self, *arguments):
        """Say nothing."""


class Context:
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    function_name = "any"

    @staticmethod
    def get_remaining_time_in_millis():
        return 60_000


server = ThreadingHTTPServer(("127.0.0.1", 0), Aws)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain("certificate.pem", "key.pem")
server.socket = tls.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["AWS_ENDPOINT_URL"] = f"https://localhost:{server.server_port}"
answers = []


def outcome(update, poll_update=None):
    """Return what the answer to an Update says."""
    answers.clear()
    helper = CfnResource(log_level="CRITICAL", ssl_verify="certificate.pem")
    helper.update(update)
    event = {
        "RequestType": "Update",
        "ResponseURL": f"https://localhost:{server.server_port}/response",
        "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/00000000-0000-0000-0000-000000000000",
        "RequestId": "11111111-1111-1111-1111-111111111111",
        "ResourceType": "Custom::Any",
        "LogicalResourceId": "Resource",
        "PhysicalResourceId": "made-by-the-create",
        "ResourceProperties": {},
        "OldResourceProperties": {},
    }
    if poll_update:
        helper.poll_update(poll_update)
    helper(event, Context())
    if poll_update:
        # The rule that crhelper has made invokes the function with the event that it has kept.
        assert not answers
        helper(event, Context())
    (answer,) = answers
    same = answer["PhysicalResourceId"] == event["PhysicalResourceId"]
    said = "the id of the event" if same else f"another id: {answer['PhysicalResourceId']}"
    return f"{answer['Status']} with {said}"


logging.lastResort = None
seen = {
    "update returns None": outcome(lambda event, context: None),
    "update returns True": outcome(lambda event, context: True),
    "poll_update returns True": outcome(lambda event, context: None, lambda event, context: True),
}
for how, what in seen.items():
    print(f"{how}: {what}")
same, *others = seen.values()
assert same == "SUCCESS with the id of the event"
assert all(what.startswith("SUCCESS with another id: Stack_Resource_") for what in others)
PYTHON
