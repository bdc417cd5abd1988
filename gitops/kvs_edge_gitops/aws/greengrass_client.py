"""A read-only client for the deployments of Greengrass core devices in one region."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from kvs_edge_gitops.aws.calls import Calls


@dataclass(frozen=True)
class Deployment:
    """A deployment that a core device was given, with its components.

    Attributes:
        status: The status on this core device, such as SUCCEEDED or IN_PROGRESS.
        target: The ARN of the thing or the thing group that it is for.
        merges: The merged configuration (JSON text) of each component; None for a component without one.
    """

    deployment_id: str
    name: str
    target: str
    status: str
    merges: Mapping[str, str | None]


class GreengrassClient:
    """The core devices of one region."""

    def __init__(self, client: Any, region: str, calls: Calls) -> None:
        self._client, self._region, self._calls = client, region, calls

    def effective_deployments(self, thing: str) -> list[Deployment] | None:
        """Return the deployments that apply to a core device; None if the thing is not a core device."""
        found: list[Any] = []
        page: Any = {}
        while True:
            more = {"nextToken": page["nextToken"]} if page else {}
            call = partial(self._client.list_effective_deployments, coreDeviceThingName=thing, **more)
            try:
                page = self._calls.make("greengrass:ListEffectiveDeployments", self._region, call)
            except ClientError:
                return None
            found.extend(page.get("effectiveDeployments", ()))
            if not page.get("nextToken"):
                return [self._with_components(deployment) for deployment in found]

    def _with_components(self, effective: Any) -> Deployment:
        identifier = effective["deploymentId"]
        call: Callable[[], Any] = partial(self._client.get_deployment, deploymentId=identifier)
        try:
            components = self._calls.make("greengrass:GetDeployment", self._region, call).get("components", {})
        except ClientError:
            components = {}  # deleted since it was made; the device keeps what it has
        return Deployment(
            identifier,
            effective.get("deploymentName") or identifier,
            effective["targetArn"],
            effective["coreDeviceExecutionStatus"],
            {name: given.get("configurationUpdate", {}).get("merge") for name, given in components.items()},
        )
