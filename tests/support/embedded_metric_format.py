"""Rules of CloudWatch's embedded metric format as a JSON Schema.

[https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html]
The limits of an older edition of the page are kept where they are stricter: nine dimensions, names of 255 characters.
"""

from typing import Any

_NAME = {"type": "string", "minLength": 1, "maxLength": 255}
_UNITS = ["Count", "Seconds", "Milliseconds", "Percent", "Bytes", "None"]

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "properties": {
                "Timestamp": {"type": "integer"},
                "CloudWatchMetrics": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["Namespace", "Dimensions", "Metrics"],
                        "properties": {
                            "Namespace": _NAME,
                            "Dimensions": {
                                "type": "array",
                                "minItems": 1,
                                "items": {"type": "array", "maxItems": 9, "items": _NAME},
                            },
                            "Metrics": {
                                "type": "array",
                                "maxItems": 100,
                                "items": {
                                    "type": "object",
                                    "required": ["Name"],
                                    "properties": {"Name": _NAME, "Unit": {"enum": _UNITS}},
                                },
                            },
                        },
                    },
                },
            },
        }
    },
}
