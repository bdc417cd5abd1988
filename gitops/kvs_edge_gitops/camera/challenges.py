"""WWW-Authenticate lines of a camera, and the answer of the hub's client to them.

The Edge Agent has a GStreamer pipeline. Its rtspsrc (1.22.0) takes Basic only if there is no Digest. Of several Digest
offers it takes the last, and answers with MD5 whatever the offer's algorithm is (gstrtspsrc.c, parse_auth_hdr). The
camera accepts that if it has an offer of MD5 with the same realm and nonce.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_SCHEME = re.compile(r"\s*,?\s*([A-Za-z]+)(?=\s+[A-Za-z]+\s*=|\s*(?:,|$))")
_PARAMETER = re.compile(r'\s*,?\s*([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Challenge:
    """An offer to log in.

    Attributes:
        scheme: In lower case, such as "digest".
        parameters: By name in lower case.
    """

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def algorithm(self) -> str:
        """The algorithm in capitals; MD5 if there is none [RFC 7616, 3.3]."""
        return self.parameters.get("algorithm", "MD5").upper()

    @property
    def label(self) -> str:
        """The offer as people read it, such as "Digest (SHA-256)"."""
        name = self.scheme.capitalize()
        return f"{name} ({self.algorithm})" if self.scheme == "digest" else name

    @property
    def is_stale(self) -> bool:
        """True if only the nonce was too old."""
        return self.parameters.get("stale", "").lower() == "true"


def parse_challenges(lines: Iterable[str]) -> tuple[Challenge, ...]:
    """Return the offers of WWW-Authenticate lines, each of which may hold several."""
    return tuple(challenge for line in lines for challenge in _challenges(line))


def chosen(challenges: Sequence[Challenge]) -> Challenge | None:
    """Return the offer that the hub's client takes; None if it cannot log in."""
    digests = [challenge for challenge in challenges if challenge.scheme == "digest"]
    if digests:
        return next((challenge for challenge in digests if _is_answered(challenge, digests[-1])), None)
    return next((challenge for challenge in challenges if challenge.scheme == "basic"), None)


def authorization(challenge: Challenge, user: str, password: str, method: str, uri: str) -> str:
    """Return the value of the Authorization line, in rtspsrc's form: Digest without qop, as in RFC 2069."""
    if challenge.scheme == "basic":
        return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
    realm, nonce = challenge.parameters.get("realm", ""), challenge.parameters.get("nonce", "")
    response = _md5(f"{_md5(f'{user}:{realm}:{password}')}:{nonce}:{_md5(f'{method}:{uri}')}")
    fields = {"username": user, "realm": realm, "nonce": nonce, "uri": uri, "response": response}
    if "opaque" in challenge.parameters:
        fields["opaque"] = challenge.parameters["opaque"]
    return "Digest " + ", ".join(f'{name}="{_quoted(value)}"' for name, value in fields.items())


def _is_answered(offer: Challenge, taken: Challenge) -> bool:
    """Return whether a camera takes the answer to one offer as that to another one."""
    return offer.algorithm == "MD5" and all(
        offer.parameters.get(name) == taken.parameters.get(name) for name in ("realm", "nonce")
    )


def _challenges(line: str) -> Iterable[Challenge]:
    at = 0
    while scheme := _SCHEME.match(line, at):
        at = scheme.end()
        parameters: dict[str, str] = {}
        while parameter := _PARAMETER.match(line, at):
            at = parameter.end()
            quoted = parameter[2]
            parameters[parameter[1].lower()] = parameter[3] if quoted is None else _ESCAPED.sub(r"\1", quoted)
        yield Challenge(scheme[1].lower(), parameters)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
