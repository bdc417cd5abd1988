"""Facts of CloudFormation's event that do not depend on valid properties."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

Event = Mapping[str, Any]
"""A custom resource's event [AWS CloudFormation User Guide, custom resource request objects]."""

_NAME_CHARACTERS = 256
_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_.-]+")
_SLASHES_IN_A_STREAMS_ARN = 2


def stream_name(event: Event) -> str:
    """Return the stream's name, as part of a physical id."""
    properties = event.get("ResourceProperties", {})
    name, arn = properties.get("StreamName"), properties.get("StreamARN")
    text = str(name or arn or "unnamed")
    is_arn = not name and text.count("/") == _SLASHES_IN_A_STREAMS_ARN
    return _NOT_IN_A_NAME.sub("_", text.split("/")[1] if is_arn else text)[:_NAME_CHARACTERS]


def execution_name(event: Event) -> str:
    """Return the execution's name: equal for a duplicate event, new if CloudFormation reuses a RequestId.

    CloudFormation reuses a RequestId when it retries a deployment (github.com/aws/aws-cdk/issues/35957). The
    ResponseURL then differs.
    """
    digest = hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()
    return f"{event['LogicalResourceId'][:40]}-{digest[:32]}"
