"""Rules for the media source of a stream: its secret and the kind of its URI."""

import re
from collections.abc import Iterator

from kvs_edge_preflight.footage.codes import FindingCode
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.scenario import Scenario

_SUFFIX = re.compile(r"-[a-zA-Z0-9]{6}")
"""Suffix that Secrets Manager appends to a secret's name in its ARN [CreateSecret, Secrets Manager API reference]."""
_TOKEN = "${"  # noqa: S105 - the start of a CDK token or a pseudo parameter


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the findings on the secret and the type of a stream's media source."""
    secret = scenario.media_source["MediaUriSecretArn"]
    # A reference to a secret is resolved only at deployment.
    if isinstance(secret, str):
        yield from _secret_findings(scenario, secret)
    if scenario.media_source["MediaUriType"] == "FILE_URI":
        message = "FILE_URI is in the API, but its reference says that the preview supports only RTSP_URI; use RTSP_URI"
        yield scenario.finding(FindingCode.FILE_URI_IN_DOUBT, message, Field.URI_TYPE)


def is_partial(secret_arn: str) -> bool:
    """Return whether a secret's ARN lacks its suffix; an end that is known only at deployment has it."""
    name = secret_arn.rpartition(":secret:")[2]
    return name != secret_arn and _TOKEN not in name and _SUFFIX.fullmatch(name[-7:]) is None


def _secret_findings(scenario: Scenario, secret: str) -> Iterator[Finding]:
    known = scenario.hub.cloud_secrets
    if known is not None and not any(_is_same(secret, each) for each in known):
        message = (
            f"the hub cannot read the camera's address: the secret is not among the {len(known)} cloudSecrets of hub"
            f" {scenario.hub.name}; add it to the hub's SecretManager component"
        )
        yield scenario.finding(FindingCode.SECRET_UNKNOWN_TO_HUB, message, Field.SECRET)
    if is_partial(secret):
        message = (
            "the secret's ARN does not end in a hyphen and six characters, as a full ARN does, and AWS does not"
            " document whether the hub finds a secret by a partial ARN; write the full ARN"
        )
        yield scenario.finding(FindingCode.SECRET_ARN_PARTIAL, message, Field.SECRET)


def _is_same(first: str, second: str) -> bool:
    """Return whether two ARNs name the same secret; each may be partial, without its suffix."""
    short, long = sorted((first, second), key=len)
    return short == long or (long.startswith(short) and _SUFFIX.fullmatch(long[len(short) :]) is not None)
