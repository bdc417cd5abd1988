"""A handler that is honest and simple-minded, for tests of the campaign itself; mutants change one method each.

It knows no faults: in a calm world it does what the oracle asks for, and nothing in it is taken from the real handler.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

import boto3
import urllib3

from chaos_campaign.world import Handlers

_DEFINITION = {
    "StartAt": "Tick",
    "States": {
        "Tick": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "tick", "Payload.$": "$"},
            "OutputPath": "$.Payload",
            "End": True,
        }
    },
}


class PlainHandler:
    """One honest handler."""

    def handlers(self) -> Handlers:
        """Return it as the campaign takes it."""
        return Handlers(self.entry, self.tick, _DEFINITION)

    def entry(self, event: Mapping[str, Any], context: Any) -> None:
        """Start an execution for an event."""
        client = boto3.client("stepfunctions")
        client.start_execution(stateMachineArn="arn", name=event["ResponseURL"][-200:], input=json.dumps(event))

    def tick(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """Take a request to its end, and answer it."""
        self.client = boto3.client("kinesisvideo")
        self.stream = event["ResourceProperties"]["StreamName"]
        if event["RequestType"] == "Delete":
            self.delete(event)
        else:
            self.start(event)
        self.answer(event, "SUCCESS")
        return {}

    def start(self, event: Mapping[str, Any]) -> None:
        """Bring the declared configuration about, and see it in sync."""
        wanted = typed(event["ResourceProperties"]["EdgeConfig"])
        found = self.look()
        if found is None or not held(found["EdgeConfig"], wanted):
            self.client.start_edge_configuration_update(StreamName=self.stream, EdgeConfig=wanted)
        while (found := self.look()) is None or found["SyncStatus"] != "IN_SYNC":
            time.sleep(1)

    def delete(self, event: Mapping[str, Any]) -> None:
        """Delete the configuration, and see it gone."""
        if self.look() is not None and event["ResourceProperties"]["RemovalPolicy"] == "DESTROY":
            self.client.delete_edge_configuration(StreamName=self.stream)
            while self.look() is not None:
                time.sleep(1)

    def look(self) -> dict[str, Any] | None:
        """Return what the service has."""
        try:
            return dict(self.client.describe_edge_configuration(StreamName=self.stream))
        except self.client.exceptions.StreamEdgeConfigurationNotFoundException:
            return None

    def answer(self, event: Mapping[str, Any], status: str, **changes: Any) -> None:
        """Put a response to the ResponseURL."""
        body = {
            "Status": status,
            "PhysicalResourceId": event["PhysicalResourceId"] if event["RequestType"] == "Delete" else self.stream,
            "Reason": "" if status == "SUCCESS" else "a reason",
            **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
            **changes,
        }
        urllib3.PoolManager().request("PUT", event["ResponseURL"], body=json.dumps(body).encode())


def typed(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration whose numbers are numbers again."""
    deletion = config.get("DeletionConfig")
    if deletion is None:
        return dict(config)
    return {**config, "DeletionConfig": {"EdgeRetentionInHours": int(deletion["EdgeRetentionInHours"])}}


def held(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Tell if the service has what is wanted."""
    retention = wanted.get("DeletionConfig", {}).get("EdgeRetentionInHours", 720)
    same_hub = found["HubDeviceArn"] == wanted["HubDeviceArn"]
    return same_hub and found.get("DeletionConfig", {}).get("EdgeRetentionInHours", 720) == retention
