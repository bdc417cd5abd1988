"""AWS::Scheduler::Schedule."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceFailedError, ResourceRequest
from kvs_edge_local.scheduler.expressions import UnsupportedExpressionError, read_expression

DEFAULT_GROUP = "default"


class Schedule(ApiHandler):
    """AWS::Scheduler::Schedule that invokes a function."""

    resource_types: ClassVar = frozenset({"AWS::Scheduler::Schedule"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {
            "Description",
            "FlexibleTimeWindow",
            "GroupName",
            "KmsKeyArn",
            "Name",
            "ScheduleExpression",
            "State",
            "Target",
        }
    )

    def problem(self, request: ResourceRequest) -> str | None:
        """Return why the schedule would not run here."""
        target = request.properties.get("Target")
        unknown = (
            sorted(set(target) - {"Arn", "Input", "RetryPolicy", "RoleArn"}) if isinstance(target, Mapping) else []
        )
        if unknown:
            return f"the local AWS does not support the Target's {', '.join(unknown)} of {request.type}"
        return super().problem(request)

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the schedule."""
        name = request.name("Name")
        arn = self._api.call("scheduler", "CreateSchedule", Name=name, **_parameters(request))["ScheduleArn"]
        return Provisioned(name, {"Arn": arn})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Replace the schedule's settings."""
        self._api.call("scheduler", "UpdateSchedule", Name=current.physical_id, **_parameters(request))
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the schedule."""
        group = request.properties.get("GroupName", DEFAULT_GROUP)
        self._api.remove("scheduler", "DeleteSchedule", Name=current.physical_id, GroupName=group)


def _parameters(request: ResourceRequest) -> dict[str, Any]:
    properties = {name: value for name, value in request.properties.items() if name != "Name"}
    try:
        read_expression(str(properties.get("ScheduleExpression")))
    except UnsupportedExpressionError as error:
        raise ResourceFailedError(str(error)) from error
    return {"GroupName": DEFAULT_GROUP, **properties}
