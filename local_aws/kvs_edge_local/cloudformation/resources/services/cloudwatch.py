"""AWS::CloudWatch::Alarm. moto's own model makes dashboards."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceFailedError, ResourceRequest
from kvs_edge_local.monitoring.evaluation import COMPARISONS, TREATMENTS
from kvs_edge_local.monitoring.statistics import STATISTICS


class Alarm(ApiHandler):
    """AWS::CloudWatch::Alarm on one metric."""

    resource_types: ClassVar = frozenset({"AWS::CloudWatch::Alarm"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {
            "ActionsEnabled",
            "AlarmActions",
            "AlarmDescription",
            "AlarmName",
            "ComparisonOperator",
            "DatapointsToAlarm",
            "Dimensions",
            "EvaluationPeriods",
            "InsufficientDataActions",
            "MetricName",
            "Namespace",
            "OKActions",
            "Period",
            "Statistic",
            "Tags",
            "Threshold",
            "TreatMissingData",
        }
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the alarm."""
        name = request.name("AlarmName", 255)
        self._put(name, request)
        return self._provisioned(name, request)

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change the alarm."""
        self._put(current.physical_id, request)
        return self._provisioned(current.physical_id, request)

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the alarm."""
        self._api.remove("cloudwatch", "DeleteAlarms", AlarmNames=[current.physical_id])

    def _put(self, name: str, request: ResourceRequest) -> None:
        properties = dict(request.properties)
        for key, valid in (
            ("ComparisonOperator", COMPARISONS),
            ("Statistic", STATISTICS),
            ("TreatMissingData", TREATMENTS),
        ):
            if key in properties and properties[key] not in valid:
                raise ResourceFailedError(f"{key} {properties[key]}: the local AWS supports {', '.join(valid)}")
        properties.pop("Tags", None)
        self._api.call(
            "cloudwatch", "PutMetricAlarm", **{**properties, "AlarmName": name, "Tags": request.tag_list() or None}
        )

    def _provisioned(self, name: str, request: ResourceRequest) -> Provisioned:
        stack = request.stack
        arn = f"arn:{stack.partition}:cloudwatch:{stack.region}:{stack.account}:alarm:{name}"
        return Provisioned(name, {"Arn": arn})
