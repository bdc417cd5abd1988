#!/usr/bin/env bash
# crhelper treats its response to CloudFormation as delivered for every status of the ResponseURL.
#
# Expected: a response that the ResponseURL refuses (500, 503: S3 asks for a retry; 403: the URL has expired) is sent
# again or raises, so that the invocation visibly fails. The README: "Guarantees that CloudFormation will get a response
# even if an exception is raised", and the code sends up to 5 times without a connection.
#
# Happens: each status is a success. The response is sent once, the handler returns normally, and the only trace is a
# log line at level INFO with the reason phrase. The stack then waits for a response until it times out.
#
# With crhelper==2.0.12, boto3==1.44.5, botocore==1.44.5.
#
# Output seen:
#   200: 1 request, handler returned, logged: INFO CloudFormation returned status code: OK
#   403: 1 request, handler returned, logged: INFO CloudFormation returned status code: Forbidden
#   500: 1 request, handler returned, logged: INFO CloudFormation returned status code: Internal Server Error
#   503: 1 request, handler returned, logged: INFO CloudFormation returned status code: Service Unavailable
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
export HOME="$folder" AWS_REGION=us-east-1
"$folder/venv/bin/python" - <<'PYTHON'
import logging
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from crhelper import CfnResource


class ResponseUrl(BaseHTTPRequestHandler):
    """Answers with the status that its path names."""

    requests = 0

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        ResponseUrl.requests += 1
        self.send_response(int(self.path.removeprefix("/")))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing."""


class Lines(logging.Handler):
    """Keeps what is logged."""

    def emit(self, record):
        lines.append(f"{record.levelname} {record.getMessage()}")


class Context:
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    function_name = "any"

    @staticmethod
    def get_remaining_time_in_millis():
        return 60_000


server = ThreadingHTTPServer(("127.0.0.1", 0), ResponseUrl)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain("certificate.pem", "key.pem")
server.socket = tls.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()

lines = []
helper = CfnResource(log_level="INFO", ssl_verify="certificate.pem")
logging.getLogger().handlers.clear()
logging.getLogger("crhelper.utils").addHandler(Lines())


@helper.create
def create(event, context):
    return "made"


def outcome(status):
    """Return what an answer to a Create comes to when the ResponseURL says this status."""
    ResponseUrl.requests = 0
    lines.clear()
    event = {
        "RequestType": "Create",
        "ResponseURL": f"https://localhost:{server.server_port}/{status}",
        "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/00000000-0000-0000-0000-000000000000",
        "RequestId": "11111111-1111-1111-1111-111111111111",
        "ResourceType": "Custom::Any",
        "LogicalResourceId": "Resource",
        "ResourceProperties": {},
    }
    try:
        helper(event, Context())
        ended = "handler returned"
    except Exception as error:
        ended = f"handler raised {type(error).__name__}"
    number = ResponseUrl.requests
    return f"{number} request{'s' if number != 1 else ''}, {ended}, logged: {'; '.join(lines)}"


seen = {status: outcome(status) for status in (200, 403, 500, 503)}
for status, what in seen.items():
    print(f"{status}: {what}")
assert all(what.startswith("1 request, handler returned, logged: INFO ") and ";" not in what for what in seen.values())
PYTHON
