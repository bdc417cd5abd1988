"""Responses of Greengrass to the command line."""

import json

import boto3
from botocore.stub import Stubber

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.greengrass_client import GreengrassClient
from support.declarations import ACCOUNT, REGION

COMPONENT = "aws.greengrass.SecretManager"
GROUP = f"arn:aws:iot:{REGION}:{ACCOUNT}:thinggroup/sites"


class Greengrass:
    """Responses of Greengrass in place of its client, each checked against botocore's model."""

    def __init__(self, monkeypatch):
        client = boto3.client("greengrassv2", region_name=REGION)
        calls = Calls(lambda: 0.0, lambda _: None)
        monkeypatch.setattr(Aws, "greengrass", lambda _, region: GreengrassClient(client, region, calls))
        self.stubber = Stubber(client)
        self.deployments = []

    def deploy(self, *secrets, status="SUCCEEDED", merge=None, component=COMPONENT):
        listed = json.dumps({"cloudSecrets": [{"arn": arn} for arn in secrets]}) if merge is None else merge
        update = {"configurationUpdate": {"merge": listed}} if listed else {}
        self.deployments.append((status, {component: {"componentVersion": "2.1.0", **update}}))

    def answer(self, pages=1):
        """Queue the responses for these deployments."""
        listed = [
            {
                "deploymentId": f"id-{number}",
                "deploymentName": f"deployment-{number}",
                "targetArn": GROUP,
                "coreDeviceExecutionStatus": status,
                "creationTimestamp": "2026-01-05T00:00:00Z",
                "modifiedTimestamp": "2026-01-05T00:00:00Z",
            }
            for number, (status, _) in enumerate(self.deployments)
        ]
        for page in range(pages):
            last = page == pages - 1
            token = {"nextToken": f"page-{page}"} if page else {}
            self.stubber.add_response(
                "list_effective_deployments",
                {
                    "effectiveDeployments": listed[page::pages],
                    **({} if last else {"nextToken": f"page-{page + 1}"}),
                },
                {"coreDeviceThingName": "site-hub", **token},
            )
        for number, (_, components) in sorted(enumerate(self.deployments), key=lambda one: one[0] % pages):
            self.stubber.add_response("get_deployment", {"components": components}, {"deploymentId": f"id-{number}"})
