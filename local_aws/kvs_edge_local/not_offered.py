"""What moto does not implement, answered so that a client says so at once."""

import json
from collections.abc import Iterable
from html import escape
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CODE = "NotOfferedByLocalAws"


class NotOffered:
    """Answers 400 where moto raises NotImplementedError: its 500 would be retried for a minute by an SDK."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request."""
        try:
            return self._application(environ, start_response)
        except NotImplementedError as error:
            message = f"The local AWS does not offer this: {error}"
            content_type, body = _error(environ, message)
            start_response("400 Bad Request", [("Content-Type", content_type), ("x-amzn-ErrorType", CODE)])
            return [body]


def _error(environ: WSGIEnvironment, message: str) -> tuple[str, bytes]:
    is_query = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    if is_query:
        # The query protocol's errors are XML.
        return "text/xml", (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{CODE}</Code><Message>{escape(message)}</Message></Error>"
            "</ErrorResponse>"
        ).encode()
    return "application/x-amz-json-1.1", json.dumps({"__type": CODE, "message": message}).encode()
