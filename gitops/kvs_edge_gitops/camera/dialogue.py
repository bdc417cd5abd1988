"""The dialogue with a camera before its media: OPTIONS and DESCRIBE, with the login that the hub's client makes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from kvs_edge_gitops.camera.address import Address
from kvs_edge_gitops.camera.answer import Answer, Failure
from kvs_edge_gitops.camera.challenges import Challenge, authorization, chosen, parse_challenges
from kvs_edge_gitops.camera.connection import Connection, ConnectionFailedError
from kvs_edge_gitops.camera.rtsp_message import Response
from kvs_edge_gitops.camera.sdp import parse_tracks

_UNAUTHORIZED = 401
_LOGINS = 2
"""A camera may refuse the first login because its nonce is stale."""


def ask(address: Address, timeout: float) -> Answer:
    """Return a camera's answer; `timeout` is in seconds, to connect and for each response."""
    try:
        with Connection(address, timeout) as connection:
            dialogue = _Dialogue(address, connection)
            dialogue.request("OPTIONS")
            response = dialogue.request("DESCRIBE", {"Accept": "application/sdp"})
    except ConnectionFailedError as error:
        if error.failure is Failure.CLOSED:
            return _described_at_once(address, timeout)
        return Answer(error.failure, error.reached)
    return dialogue.answer(response)


def _described_at_once(address: Address, timeout: float) -> Answer:
    """Return the answer of a camera that closes the connection after OPTIONS or after a refused login."""
    login: Challenge | None = None
    try:
        for _ in range(_LOGINS):
            with Connection(address, timeout) as connection:
                dialogue = _Dialogue(address, connection, login)
                response = dialogue.send("DESCRIBE", {"Accept": "application/sdp"})
            if response.status != _UNAUTHORIZED or not dialogue.can_log_in(response):
                break
            login = dialogue.login
    except ConnectionFailedError as error:
        return Answer(error.failure, error.reached)
    return dialogue.answer(response)


@dataclass
class _Dialogue:
    """Requests on a connection.

    Attributes:
        login: The offer that the requests answer from now on.
        offers: The offers of the last 401.
    """

    address: Address
    connection: Connection
    login: Challenge | None = None
    offers: tuple[Challenge, ...] = ()

    def request(self, method: str, headers: dict[str, str] | None = None) -> Response:
        """Send a request, and again with a login if the camera asks for one."""
        response = self.send(method, headers or {})
        for _ in range(_LOGINS):
            if response.status != _UNAUTHORIZED or not self.can_log_in(response):
                break
            response = self.send(method, headers or {})
        return response

    def send(self, method: str, headers: dict[str, str]) -> Response:
        if self.login is not None:
            user, password = self.address.user or "", self.address.password
            value = authorization(self.login, user, password, method, self.address.request_uri)
            headers = {**headers, "Authorization": value}
        return self.connection.ask(method, self.address.request_uri, headers)

    def can_log_in(self, response: Response) -> bool:
        """Return whether another login is worth a try; it is made from now on."""
        self.offers = parse_challenges(response.headers.get("www-authenticate", ()))
        offer = chosen(self.offers)
        if offer is None or self.address.user is None or (self.login is not None and not offer.is_stale):
            return False
        self.login = offer
        return True

    def answer(self, response: Response) -> Answer:
        return Answer(
            reached=True,
            status=response.status,
            login=self.login,
            offers=self.offers,
            tracks=parse_tracks(response.body),
            is_encrypted=self.address.is_tls,
            date_offset=_offset(response.header("date")),
        )


def _offset(date: str | None) -> float | None:
    """Return by how many seconds a date is ahead; it has no fractions of a second, so half of one is added."""
    try:
        found = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.timestamp() + 0.5 - datetime.now(UTC).timestamp()
