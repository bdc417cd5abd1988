#!/usr/bin/env bash
# If crhelper cannot start to poll, its response names the resource "None".
#
# Expected: with a poll function, an error while crhelper creates the schedule (for example a role without
# events:PutRule) is answered with FAILED and the PhysicalResourceId of the event, or a generated one for a Create, as
# when the handler raises.
#
# Happens: a handler that returns nothing, like the README's update, leaves None as the id, and the response carries the
# text "None". After a Create the rollback's Delete has this id, the same for every affected resource; after an Update
# it differs from the resource's id.
#
# With crhelper==2.0.12, boto3==1.44.5, botocore==1.44.5.
#
# Output seen (the last eight characters of the generated id are random):
#   Create, the handler raises: FAILED, PhysicalResourceId 'Stack_Resource_O3K5UV1D'
#   Create, no schedule: FAILED, PhysicalResourceId 'None'
#   Update, the handler raises: FAILED, PhysicalResourceId 'made-by-the-create'
#   Update, no schedule: FAILED, PhysicalResourceId 'None'
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

class Aws(BaseHTTPRequestHandler):
    """The ResponseURL, and an AWS that allows none of crhelper's calls."""

    def do_PUT(self):
        answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.say(200, {})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.say(400, {"__type": "AccessDeniedException", "message": "not authorized to perform: events:PutRule"})

    def say(self, status, what):
        said = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

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


def fails(event, context):
    raise RuntimeError("as asked for")


def outcome(request_type, handler):
    """Return what the answer says where a poll function is defined."""
    answers.clear()
    helper = CfnResource(log_level="CRITICAL", ssl_verify="certificate.pem")
    helper.create(handler)
    helper.update(handler)
    helper.poll_create(lambda event, context: True)
    helper.poll_update(lambda event, context: None)
    event = {
        "RequestType": request_type,
        "ResponseURL": f"https://localhost:{server.server_port}/response",
        "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/00000000-0000-0000-0000-000000000000",
        "RequestId": "11111111-1111-1111-1111-111111111111",
        "ResourceType": "Custom::Any",
        "LogicalResourceId": "Resource",
        "ResourceProperties": {},
    }
    if request_type == "Update":
        event |= {"PhysicalResourceId": "made-by-the-create", "OldResourceProperties": {}}
    helper(event, Context())
    (answer,) = answers
    return answer["Status"], answer["PhysicalResourceId"]


logging.lastResort = None
seen = {}
for request_type in ("Create", "Update"):
    seen[f"{request_type}, the handler raises"] = outcome(request_type, fails)
    seen[f"{request_type}, no schedule"] = outcome(request_type, lambda event, context: None)
for how, (status, physical_id) in seen.items():
    print(f"{how}: {status}, PhysicalResourceId {physical_id!r}")
assert {status for status, _ in seen.values()} == {"FAILED"}
generated, *others = (physical_id for _, physical_id in seen.values())
assert generated.startswith("Stack_Resource_")
assert others == ["None", "made-by-the-create", "None"]
PYTHON
