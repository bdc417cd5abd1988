"""Body of a WSGI request, which several middlewares read."""

import io
from wsgiref.types import WSGIEnvironment


def request_body(environ: WSGIEnvironment) -> bytes:
    """Return the body of a request, and leave it readable."""
    body = bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    environ["wsgi.input"] = io.BytesIO(body)
    return body
