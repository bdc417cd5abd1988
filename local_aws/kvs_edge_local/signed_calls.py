"""Which operation of which AWS service a signed HTTP request calls, by botocore's models."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs
from wsgiref.types import WSGIEnvironment

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")
_FORM = "application/x-www-form-urlencoded"
_S3_CONTROL_PATH = "/v20180820/"
# Services whose model has another name than the one that requests are signed for.
_MODELS = {"email": "sesv2", "elasticfilesystem": "efs", "elasticloadbalancing": "elbv2", "monitoring": "cloudwatch"}


@dataclass(frozen=True)
class SignedCall:
    """A call: who makes it, the service that it is signed for, and the operation if it can be told."""

    access_key: str
    service: str
    operation: str | None


def signed_call(environ: WSGIEnvironment) -> SignedCall | None:
    """Read a WSGI request, leaving its body to be read again; None if it is not signed."""
    credential = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if credential is None:
        return None
    service = credential["service"]
    return SignedCall(credential["key"], service, operation_of(environ, service))


def operation_of(environ: WSGIEnvironment, service: str) -> str | None:
    """Tell a request's operation, whichever protocol the service speaks."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return str(target).rpartition(".")[2]
    if str(environ.get("CONTENT_TYPE", "")).startswith(_FORM):
        return parse_qs(_body(environ)).get("Action", [None])[0]
    path = str(environ.get("PATH_INFO", "/"))
    if service == "s3" and path.startswith(_S3_CONTROL_PATH):
        service = "s3control"
    return _rest_operation(service, str(environ["REQUEST_METHOD"]), path, str(environ.get("QUERY_STRING", "")))


def _body(environ: WSGIEnvironment) -> str:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return bytes(body).decode(errors="replace")


@dataclass(frozen=True)
class _Route:
    operation: str
    method: str
    path: re.Pattern[str]
    query: frozenset[str]
    literal_characters: int

    def matches(self, method: str, path: str, query: frozenset[str]) -> bool:
        return method == self.method and self.query <= query and self.path.fullmatch(path) is not None


def _rest_operation(service: str, method: str, path: str, query: str) -> str | None:
    given = frozenset(parse_qs(query, keep_blank_values=True))
    matching = [route for route in _routes(service) if route.matches(method, path, given)]
    best = max(matching, key=lambda route: (len(route.query), route.literal_characters), default=None)
    return None if best is None else best.operation


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    try:
        model: Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]] = Loader().load_service_model(
            _MODELS.get(service, service), "service-2"
        )
    except UnknownServiceError:
        return ()
    return tuple(_route(name, operation["http"]) for name, operation in model["operations"].items())


def _route(operation: str, http: Mapping[str, str]) -> _Route:
    path, _, query = http["requestUri"].partition("?")
    parts = re.split(r"(\{[^}]+\})", path.rstrip("/") or "/")
    pattern = "".join(_pattern(part) for part in parts)
    literal = sum(len(part) for part in parts if not part.startswith("{"))
    names = frozenset(parse_qs(query, keep_blank_values=True))
    return _Route(operation, http["method"], re.compile(f"{pattern}/?"), names, literal)


def _pattern(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    return ".+" if part.endswith("+}") else "[^/]+"
