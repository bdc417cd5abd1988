"""Gaps in a hub's Greengrass deployment.

The SecretManager component fetches the secrets in its `cloudSecrets` when its deployment changes [Secret manager,
Greengrass developer guide]. A merge replaces the whole list [Update component configurations].
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.greengrass_client import Deployment
from kvs_edge_gitops.hubs.needs import SECRET_MANAGER, HubNeeds, secret_of
from kvs_edge_preflight.media_secret import is_same

_ON_DEVICE = frozenset({"SUCCEEDED", "COMPLETED"})
_UNDER_WAY = frozenset({"IN_PROGRESS", "QUEUED"})


class GapCode(StrEnum):
    """Kinds of gaps."""

    NOT_A_CORE_DEVICE = "NotACoreDevice"
    NO_SECRET_MANAGER = "NoSecretManager"  # noqa: S105 - a code
    CLOUD_SECRETS_UNKNOWN = "CloudSecretsUnknown"
    SECRET_MISSING = "SecretMissing"  # noqa: S105 - a code
    SECRET_PENDING = "SecretPending"  # noqa: S105 - a code
    SECRET_UNDECLARED = "SecretUndeclared"  # noqa: S105 - a code

    @property
    def is_note(self) -> bool:
        """True if nothing is missing."""
        return self is GapCode.SECRET_UNDECLARED


@dataclass(frozen=True)
class Gap:
    """Something that the hub lacks, or a note.

    Attributes:
        secret: The ARN of the secret; None for a gap of the hub.
        streams: The streams that need the secret.
    """

    code: GapCode
    message: str
    secret: str | None = None
    streams: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The message, with the secret's name and the streams that need it if it is about a secret."""
        if self.secret is None:
            return self.message
        used = f" (for {', '.join(self.streams)})" if self.streams else ""
        return f"{self.secret.rpartition(':')[2]}{used}: {self.message}"


def gaps(needs: HubNeeds, deployments: Sequence[Deployment] | None) -> list[Gap]:
    """Return what the hub's effective deployments lack; None means that the hub is not a Greengrass core device."""
    thing = hub_name(needs.hub)
    if deployments is None:
        message = f"{thing} is not a Greengrass core device there, so no deployment can be checked"
        return [Gap(GapCode.NOT_A_CORE_DEVICE, message)]
    ours = [deployment for deployment in deployments if SECRET_MANAGER in deployment.merges]
    if not ours:
        return [Gap(GapCode.NO_SECRET_MANAGER, f"no deployment of {thing} has the component {SECRET_MANAGER}")]
    present = _secrets(ours, _ON_DEVICE)
    coming = _secrets(ours, _UNDER_WAY)
    unreadable = [deployment for deployment in ours if _cloud_secrets(deployment) is None]
    found = [*_of_secrets(needs, present, coming), *_undeclared(needs, present)]
    if unreadable and any(gap.code is GapCode.SECRET_MISSING for gap in found):
        names = ", ".join(deployment.name for deployment in unreadable)
        message = (
            f"the deployment {names} has {SECRET_MANAGER} without a list of cloudSecrets, so the device keeps the list"
            " of an earlier one, which cannot be read here: state the list in the deployment"
        )
        return [Gap(GapCode.CLOUD_SECRETS_UNKNOWN, message), *found]
    return found


def _of_secrets(needs: HubNeeds, present: Sequence[str], coming: Sequence[str]) -> Iterator[Gap]:
    for arn in needs.secrets:
        if any(is_same(arn, known) for known in present):
            continue
        streams = tuple(stream.stream.name for stream in needs.streams if is_same(arn, secret_of(stream)))
        if any(is_same(arn, known) for known in coming):
            message = "the deployment that adds it has not ended on the device"
            yield Gap(GapCode.SECRET_PENDING, message, arn, streams)
        else:
            message = f"it is not among the cloudSecrets of {SECRET_MANAGER}, so the hub cannot read it"
            yield Gap(GapCode.SECRET_MISSING, message, arn, streams)


def _undeclared(needs: HubNeeds, present: Sequence[str]) -> Iterator[Gap]:
    for arn in dict.fromkeys(present):
        if not any(is_same(arn, known) for known in needs.secrets):
            message = "no stream of these files uses it: keep it in the list if another component does"
            yield Gap(GapCode.SECRET_UNDECLARED, message, arn)


def _secrets(deployments: Sequence[Deployment], statuses: frozenset[str]) -> list[str]:
    return [
        arn for deployment in deployments if deployment.status in statuses for arn in _cloud_secrets(deployment) or ()
    ]


def _cloud_secrets(deployment: Deployment) -> list[str] | None:
    """Return the ARNs that a deployment lists; None if it has no list that can be read."""
    try:
        merged: Any = json.loads(deployment.merges[SECRET_MANAGER] or "")
        return [str(secret["arn"]) for secret in merged["cloudSecrets"]]
    except (ValueError, KeyError, TypeError):
        return None
