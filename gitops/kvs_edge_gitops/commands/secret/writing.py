"""The making of a secret from a camera's parts, asked for on the terminal."""

import getpass
import re
import sys
import warnings
from collections.abc import Callable

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.secrets_client import SecretExistsError
from kvs_edge_gitops.errors import UsageError
from kvs_edge_preflight.media_secret import Camera, Issue, Severity, host_fault, judge_content, path_fault

_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,512}")
"""Names that MediaUriSecretArn accepts: no slash [MediaSourceConfig, API reference]."""
_PORT = 554
_LAST_PORT = 65_535


def write(name: str, aws: Aws) -> tuple[str, list[Issue]]:
    """Ask for a camera, and store its secret; return the secret's ARN and the issues that remain.

    Raises:
        UsageError: The name is not valid or is taken, there is no terminal, or the camera's parts make no usable URI.
        AwsError: A request fails.
    """
    if _NAME.fullmatch(name) is None:
        raise UsageError(
            f"--write {name!r:.200}: a secret of the edge API has a name of letters, digits, _, . and -, without a"
            " slash"
        )
    secrets = aws.secrets(aws.region)
    camera = _asked()
    issues = judge_content(camera.content)
    if errors := [issue for issue in issues if issue.severity is Severity.ERROR]:
        raise UsageError(f"nothing was stored: {errors[0].message}")
    try:
        return secrets.create(name, camera.content), issues
    except SecretExistsError:
        raise UsageError(
            f"nothing was stored: a secret {name} exists in {aws.region}, or is being deleted: choose another name"
        ) from None


def _asked() -> Camera:
    user = _ask("User (empty if the camera asks for none): ")
    return Camera(
        user=user,
        password=_ask_password() if user else "",
        host=_checked(_ask("Host or IP address: ").strip(), host_fault),
        port=_port(_ask(f"Port [{_PORT}]: ").strip()),
        path=_checked(_ask("Path, such as /live/ch1: ").strip(), path_fault),
    )


def _checked(answer: str, fault_of: Callable[[str], str]) -> str:
    """Return an answer; raise UsageError at once, before further questions, if it cannot be right."""
    if fault := fault_of(answer):
        raise UsageError(f"nothing was stored: {fault}")
    return answer


def _ask(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise UsageError("nothing was stored: the input ended")
    return answer.rstrip("\r\n")


def _ask_password() -> str:
    try:
        with warnings.catch_warnings():
            # Without a terminal, getpass warns and then reads the password in sight of all.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass("Password: ", sys.stderr)
    except EOFError:
        raise UsageError("nothing was stored: the input ended") from None
    except getpass.GetPassWarning:
        raise UsageError("nothing was stored: there is no terminal to ask for the password") from None


def _port(text: str) -> int:
    if not text:
        return _PORT
    if text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= _LAST_PORT:
        return int(text)
    raise UsageError("nothing was stored: the port is not a number from 1 to 65535")
