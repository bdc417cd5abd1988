"""Rules for the URI of a camera, as GStreamer's rtspsrc, FFmpeg and PyAV take it apart.

Tried with rtspsrc 1.22.0, FFmpeg 5.1.9 and PyAV 18.1.0. The Edge Agent has a GStreamer pipeline. No message holds any
part of the URI.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote

from kvs_edge_preflight.media_secret.issue import Issue, IssueCode

_PARTS = re.compile(r"([^:/?#]*)://([^/?#]*)(.*)", re.DOTALL)
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(?::(.*))?", re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9._~-]+")
_NUMERIC = re.compile(r"[0-9.]+")
_SAFE = re.compile(r"(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})*")
_SUB_DELIMITERS = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*")
_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]-]|%[0-9A-Fa-f]{2})*")
_LAST_PORT = 65_535
_IPV4, _IPV6 = 4, 6
_ENCODED = "@ is %40, : is %3A, / is %2F, ? is %3F, # is %23, [ is %5B, ] is %5D, % is %25, a blank is %20"


@dataclass(frozen=True, repr=False)
class _Uri:
    """URI in the parts that the clients see; `user_info` is None without one. Its repr shows nothing of it."""

    scheme: str
    user_info: str | None
    host: str
    port: str | None
    rest: str


def judge_uri(text: str) -> list[Issue]:
    """Return the issues of an RTSP URI; an empty list or only infos if all clients take it as it is meant."""
    if text != text.strip() or any(not char.isprintable() for char in text):
        message = (
            "the URI begins or ends with a blank or a line end, or holds a control character: clients refuse it or send"
            " it to the camera; remove it"
        )
        return [Issue(IssueCode.URI_BLANK, message)]
    parts = _PARTS.fullmatch(text)
    if parts is None or parts[1].lower() not in {"rtsp", "rtsps"}:
        return [Issue(IssueCode.URI_SCHEME, "the URI does not begin with rtsp:// or rtsps://: write the whole address")]
    return list(_issues(parts[1], parts[2], parts[3]))


def _issues(scheme: str, authority: str, rest: str) -> Iterator[Issue]:
    user_info, at, address = authority.rpartition("@")
    found = _HOST.fullmatch(address)
    if found is None or not is_host(found[1]) or not _is_port(found[2]):
        # Without a valid address, a / ? or # of the password has ended it too early.
        yield _address_issue(found) if _is_certain(found, authority, rest) else _not_encoded()
        return
    uri = _Uri(scheme, user_info if at else None, found[1], found[2], rest)
    yield from _of_address(uri)
    yield from _of_rest(uri)
    yield from _of_user_info(uri)


def _is_certain(found: re.Match[str] | None, authority: str, rest: str) -> bool:
    """Return whether a wrong address is one, and not a part of a password with characters that end it too early."""
    if "@" not in authority + rest:
        return True
    is_address = found is not None and (found[1].startswith("[") or _NUMERIC.fullmatch(found[1]) is not None)
    return is_address and "@" in authority and "@" not in rest


def is_host(host: str) -> bool:
    """Return whether a text is a host name, an IPv4 address, or an IPv6 address in brackets."""
    if host.startswith("["):
        # An address with the name of an interface, fe80::1%eth0, is one of this machine only.
        return host.endswith("]") and "%" not in host and _version(host[1:-1]) == _IPV6
    if _NUMERIC.fullmatch(host):
        return _version(host) == _IPV4
    return _NAME.fullmatch(host) is not None


def _version(address: str) -> int | None:
    """Return the version of an IP address; None for another text, such as 10.0.0.300 or fe80::1%eth0."""
    try:
        # ip_address takes the zone of an IPv6 address, which means something on one machine only.
        return ip_address(address.replace("%", "/")).version
    except ValueError:
        return None


def _is_port(port: str | None) -> bool:
    return port is None or (port.isascii() and port.isdecimal() and 0 < int(port[:6]) <= _LAST_PORT)


def _address_issue(found: re.Match[str] | None) -> Issue:
    if found is not None and is_host(found[1]):
        return Issue(IssueCode.URI_PORT, "the port is not a number from 1 to 65535: 554 is the one of RTSP")
    message = "the URI has no valid host: write a name, an IPv4 address or [an IPv6 address] after rtsp://"
    return Issue(IssueCode.URI_HOST, message)


def _of_address(uri: _Uri) -> Iterator[Issue]:
    if uri.scheme != uri.scheme.lower():
        message = "the scheme has capitals, which GStreamer takes and FFmpeg refuses: write it in small letters"
        yield Issue(IssueCode.URI_SCHEME_CAPITALS, message)
    if uri.scheme.lower() == "rtsps" and uri.port is None:
        message = "rtsps:// has no port: GStreamer takes 554 and FFmpeg 322; write the camera's port"
        yield Issue(IssueCode.URI_PORT, message)
    if _is_public(uri.host):
        message = "the camera's address is public: hub and camera are usually in one private network"
        yield Issue(IssueCode.ADDRESS_PUBLIC, message)


def _is_public(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


def _of_rest(uri: _Uri) -> Iterator[Issue]:
    if uri.rest in {"", "/"}:
        message = "the URI has no path: most cameras need one, which their manual names"
        yield Issue(IssueCode.URI_PATH_MISSING, message)
    if _PATH.fullmatch(uri.rest) is None:
        message = (
            "the path or the query has a character that a URI must not have there, such as a blank or #:"
            " percent-encode it"
        )
        yield Issue(IssueCode.URI_PATH_CHARACTERS, message)
    if "@" in uri.rest:
        message = (
            "the path has an @: clients connect to what is before the first /. If the @ ends a password, percent-encode"
            f" the password ({_ENCODED}); if it belongs to the path, write %40"
        )
        yield Issue(IssueCode.URI_AT_IN_PATH, message)


def _of_user_info(uri: _Uri) -> Iterator[Issue]:
    if uri.user_info is None:
        yield Issue(IssueCode.CREDENTIALS_ABSENT, "the URI has no user: the camera must not ask for one")
        return
    user, _, password = uri.user_info.partition(":")
    if _SUB_DELIMITERS.fullmatch(uri.user_info) is None:
        yield _not_encoded()
    elif _SAFE.fullmatch(user) is None or _SAFE.fullmatch(password) is None:
        message = (
            "user or password has one of ! $ & ' ( ) * + , ; = or a second colon, which clients may read differently:"
            " percent-encode it"
        )
        yield Issue(IssueCode.CREDENTIALS_IN_DOUBT, message)
    if ":" in unquote(user):
        message = "the user has an encoded colon, which no client sends to the camera: use another user"
        yield Issue(IssueCode.CREDENTIALS_USER_COLON, message)
    if any(_has_blank_end(part) for part in (unquote(user), unquote(password))):
        message = "user or password begins or ends with an encoded blank or line end: it was probably pasted with it"
        yield Issue(IssueCode.CREDENTIALS_BLANK, message)


def _has_blank_end(text: str) -> bool:
    return text != text.strip()


def _not_encoded() -> Issue:
    message = (
        f"user or password has a character that is not percent-encoded, so that clients take the URI apart differently:"
        f" encode each one ({_ENCODED}). That ffplay or VLC plays the URI proves nothing about the hub"
    )
    return Issue(IssueCode.CREDENTIALS_NOT_ENCODED, message)
