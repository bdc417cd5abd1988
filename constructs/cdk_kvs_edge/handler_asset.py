"""CDK asset with the code of the Lambda functions."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from kvs_edge_preflight.handler import bundle


class HandlerAsset(Construct):
    """Asset with the zip of a function; the CDK CLI uploads it when its content changes.

    Attributes:
        property: Property `Code` of `AWS::Lambda::Function`.
    """

    def __init__(self, scope: Construct, construct_id: str, monitor_zones: frozenset[str] | None = None) -> None:
        """Create the asset.

        Args:
            scope: A construct in a stack.
            construct_id: Id of the construct.
            monitor_zones: Time zones of the monitor's function; None for the provider's functions.
        """
        super().__init__(scope, construct_id)
        file, content_hash = _zip_file(monitor_zones)
        asset = s3_assets.Asset(self, "Asset", path=str(file), asset_hash=content_hash)
        self.property: lambda_.CfnFunction.CodeProperty = lambda_.CfnFunction.CodeProperty(
            s3_bucket=asset.s3_bucket_name, s3_key=asset.s3_object_key
        )


@cache
def _zip_file(monitor_zones: frozenset[str] | None) -> tuple[Path, str]:
    # Kept until the process ends: without asset staging, the CDK reads the file only then.
    folder = Path(tempfile.mkdtemp(prefix="cdk-kvs-edge-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    built = bundle.build() if monitor_zones is None else bundle.build_monitor(monitor_zones)
    file = folder / ("handler.zip" if monitor_zones is None else "monitor.zip")
    file.write_bytes(built.zip_bytes)
    return file, built.content_hash
