"""WSGI middleware that refuses what a role's policies do not allow."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from kvs_edge_local.iam.access_denied import AccessDeniedResponse, access_denied, message
from kvs_edge_local.iam.authorizer import Authorizer
from kvs_edge_local.iam.patterns import UnsupportedPolicyError
from kvs_edge_local.iam.policy import Asked
from kvs_edge_local.iam.requests import signed_request
from kvs_edge_local.iam.roles import session_of


class IamMiddleware:
    """Middleware that enforces the policies of role sessions, and passes all other requests on."""

    def __init__(self, application: WSGIApplication, authorizer: Authorizer) -> None:
        self._application = application
        self.authorizer = authorizer

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Refuse the request, or pass it on."""
        self.authorizer.observe()
        refused = self._refused(environ)
        if refused is None:
            return self._application(environ, start_response)
        start_response(refused.status, list(refused.headers))
        return [refused.body]

    def _refused(self, environ: WSGIEnvironment) -> AccessDeniedResponse | None:
        request = signed_request(environ)
        session = None if request is None else session_of(request.access_key)
        if request is None or session is None:
            return None
        asked = request.asks(session.account)
        if asked is None:
            return None
        try:
            decision = self.authorizer.decide(session, asked)
        except UnsupportedPolicyError as error:
            return access_denied(asked.action, _not_evaluated(session.principal, asked, error))
        if decision.allowed:
            return None
        return access_denied(asked.action, message(session.principal, asked, decision.outcome))


def _not_evaluated(principal: str, asked: Asked, error: UnsupportedPolicyError) -> str:
    return f"User: {principal} may not be authorized to perform: {asked.action}: {error}"
