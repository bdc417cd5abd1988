"""AccessDenied responses in the form of each service."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from uuid import uuid4

from kvs_edge_local.iam.policy import Asked, Outcome

_JSON = "application/json"
_BECAUSE: Mapping[Outcome, str] = {
    Outcome.DENIED_EXPLICITLY: "with an explicit deny in an identity-based policy",
    Outcome.DENIED_BY_BOUNDARY: "with an explicit deny in a permissions boundary",
    Outcome.NOT_ALLOWED: "because no identity-based policy allows the {action} action",
    Outcome.NOT_WITHIN_BOUNDARY: "because no permissions boundary allows the {action} action",
}


@dataclass(frozen=True)
class AccessDeniedResponse:
    """HTTP response: status line, headers and body."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def message(principal: str, asked: Asked, outcome: Outcome) -> str:
    """Return the message in AWS's words."""
    because = _BECAUSE[outcome].format(action=asked.action)
    return f"User: {principal} is not authorized to perform: {asked.action} on resource: {asked.resource} {because}"


def access_denied(action: str, text: str) -> AccessDeniedResponse:
    """Return the message in the form of the action's service."""
    service, _, operation = action.partition(":")
    match service:
        case "kinesisvideo":
            # Both are HTTP 401 in botocore's model; List has no AccessDeniedException.
            listing = operation == "ListEdgeAgentConfigurations"
            code = "NotAuthorizedException" if listing else "AccessDeniedException"
            return _json("401 Unauthorized", code, {"Message": text})
        case "events" | "logs" | "states":
            body = {"__type": "com.amazon.coral.service#AccessDeniedException", "Message": text}
            return _json("400 Bad Request", "AccessDeniedException", body)
        case "lambda":
            return _json("403 Forbidden", "AccessDeniedException", {"Message": text})
        case _:
            return _xml(text)


def _json(status: str, code: str, body: Mapping[str, str]) -> AccessDeniedResponse:
    headers = (("Content-Type", _JSON), ("x-amzn-ErrorType", code), ("x-amzn-RequestId", str(uuid4())))
    return _sized(status, headers, json.dumps(body).encode())


def _xml(text: str) -> AccessDeniedResponse:
    # The query protocol's error, which CloudFormation uses.
    body = (
        '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>'
        f"<Type>Sender</Type><Code>AccessDenied</Code><Message>{escape(text)}</Message>"
        f"</Error><RequestId>{uuid4()}</RequestId></ErrorResponse>"
    )
    return _sized("403 Forbidden", (("Content-Type", "text/xml"),), body.encode())


def _sized(status: str, headers: tuple[tuple[str, str], ...], body: bytes) -> AccessDeniedResponse:
    return AccessDeniedResponse(status, (*headers, ("Content-Length", str(len(body)))), body)
