"""Regions of a local AWS that are bootstrapped for `cdk deploy`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config

from kvs_edge_local import LocalAws
from kvs_edge_local.cloudformation.engine import Engine
from kvs_edge_preflight.handler import bundle
from support.synthesis import PROVIDER_STACK, Template
from support.waiting import until

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]


class BootstrappedRegion:
    """Region of a local AWS with the CDK's bucket and version parameter."""

    def __init__(self, aws: LocalAws, region: str) -> None:
        self.aws = aws
        self.region = region
        self.cloudformation = self.client("cloudformation")
        self.kinesisvideo = self.client("kinesisvideo")
        self._s3 = self.client("s3")
        self._bucket = f"cdk-hnb659fds-assets-{aws.account}-{region}"
        self._s3.create_bucket(Bucket=self._bucket, CreateBucketConfiguration={"LocationConstraint": region})
        self.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="21", Type="String")
        self._bundle = bundle.build().zip_bytes
        self._monitor = bundle.build_monitor(["Europe/Berlin"]).zip_bytes
        self._assets: set[str] = set()
        self._providers: set[str] = set()

    @property
    def engine(self) -> Engine:
        """CloudFormation's engine, to wait without API calls."""
        return self.aws.cloudformation.engine(self.aws.account, self.region)

    def client(self, service: str) -> Any:
        """Return a boto3 client with the owner's credentials."""
        environment = self.aws.environment()
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=self.aws.endpoint_url,
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}),
        )

    def template_url(self, name: str, template: Template) -> str:
        """Upload the template and its assets as the CDK CLI does; return the template's URL."""
        for asset, handler in _assets(template).items():
            if asset not in self._assets:
                self._upload(asset, self._monitor if handler.startswith("kvs_edge_monitor.") else self._bundle)
                self._assets.add(asset)
        key = f"{name}.json"
        self._upload(key, json.dumps(template).encode())
        return f"{self.aws.endpoint_url}/{self._bucket}/{key}"

    def provide(self, template: Template, stack: str = PROVIDER_STACK) -> None:
        """Deploy a shared provider's stack once, for all stacks without a provider of their own."""
        if template and stack not in self._providers:
            url = self.template_url(stack, template)
            self.cloudformation.create_stack(StackName=stack, TemplateURL=url, Capabilities=CAPABILITIES)
            assert self.ended(stack) == "CREATE_COMPLETE"
            self._providers.add(stack)

    def ended(self, stack: str) -> str:
        """Wait for the end of a stack's operation; return the stack's status."""
        model = self.engine.stack(stack)
        until(lambda: not model.status.endswith("IN_PROGRESS"), f"the operation on {stack} is over")
        return str(self.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])

    def _upload(self, key: str, content: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)


class BootstrappedRegions:
    """Regions of one local AWS, each bootstrapped on first use."""

    def __init__(self, aws: LocalAws) -> None:
        self._aws = aws
        self._regions: dict[str, BootstrappedRegion] = {}

    def region(self, name: str) -> BootstrappedRegion:
        """Return a region; bootstrap it on first use."""
        if name not in self._regions:
            self._regions[name] = BootstrappedRegion(self._aws, name)
        return self._regions[name]


@contextmanager
def bootstrapped_regions(time_scale: float) -> Iterator[BootstrappedRegions]:
    """Run a local AWS on a clock of that scale."""
    with LocalAws(time_scale=time_scale) as aws:
        yield BootstrappedRegions(aws)


def _assets(template: Template) -> dict[str, str]:
    """Return the handler of each asset by the asset's key."""
    functions = (resource for resource in template["Resources"].values() if resource["Type"] == "AWS::Lambda::Function")
    return {one["Properties"]["Code"]["S3Key"]: one["Properties"]["Handler"] for one in functions}
