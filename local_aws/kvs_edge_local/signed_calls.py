"""Service and operation of a signed HTTP request, by botocore's models."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import WSGIEnvironment

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from kvs_edge_local.request_body import request_body

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_FORM = "application/x-www-form-urlencoded"
_S3_CONTROL_PATH = "/v20180820/"
_READ = "kvs_edge_local.signed_call"
# Services whose model has another name than the one in the signature.
_MODELS = {
    "email": "sesv2",
    "states": "stepfunctions",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
}


@dataclass(frozen=True)
class SignedCall:
    """Call: its access key, the signed region and service, and the operation if known.

    `model` is the service's name in botocore's models: several services may share a signing name.
    """

    access_key: str
    region: str
    service: str
    model: str
    operation: str | None


def signed_call(environ: WSGIEnvironment) -> SignedCall | None:
    """Read a WSGI request once, and leave its body readable; None if it is not signed."""
    if _READ not in environ:
        environ[_READ] = _signed_call(environ)
    call: SignedCall | None = environ[_READ]
    return call


def _signed_call(environ: WSGIEnvironment) -> SignedCall | None:
    credential = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if credential is None:
        return None
    service, path = credential["service"], str(environ.get("PATH_INFO", "/"))
    is_control = service == "s3" and path.startswith(_S3_CONTROL_PATH)
    model = "s3control" if is_control else _MODELS.get(service, service)
    return SignedCall(credential["key"], credential["region"], service, model, _operation(environ, model, path))


def protocol_of(model: str) -> str | None:
    """Return the protocol of a service; None if botocore does not have it."""
    loaded = _load(model)
    return None if loaded is None else str(loaded["metadata"]["protocol"])


def _operation(environ: WSGIEnvironment, model: str, path: str) -> str | None:
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return str(target).rpartition(".")[2]
    if str(environ.get("CONTENT_TYPE", "")).startswith(_FORM):
        return parse_qs(request_body(environ).decode(errors="replace")).get("Action", [None])[0]
    return _rest_operation(model, str(environ["REQUEST_METHOD"]), path, str(environ.get("QUERY_STRING", "")))


@dataclass(frozen=True)
class _Route:
    operation: str
    method: str
    path: re.Pattern[str]
    query: frozenset[str]
    literal_characters: int

    def matches(self, method: str, path: str, query: frozenset[str]) -> bool:
        return method == self.method and self.query <= query and self.path.fullmatch(path) is not None


@lru_cache(maxsize=4096)
def _rest_operation(model: str, method: str, path: str, query: str) -> str | None:
    given = frozenset(parse_qs(query, keep_blank_values=True))
    matching = [route for route in _routes(model) if route.matches(method, path, given)]
    best = max(matching, key=lambda route: (len(route.query), route.literal_characters), default=None)
    return None if best is None else best.operation


@cache
def _routes(model: str) -> tuple[_Route, ...]:
    operations: Mapping[str, Mapping[str, Mapping[str, str]]] = (_load(model) or {}).get("operations", {})
    return tuple(_route(name, operation["http"]) for name, operation in operations.items())


@cache
def _load(model: str) -> Mapping[str, Any] | None:
    try:
        loaded: Mapping[str, Any] = Loader().load_service_model(model, "service-2")
    except UnknownServiceError:
        return None
    return loaded


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
