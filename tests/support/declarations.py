"""Declarations in the API's shape, with values that are valid unless a test says otherwise."""

import json
from collections.abc import Mapping
from typing import Any

ACCOUNT = "123456789012"
REGION = "eu-west-1"


def media_secret(name: str = "camera", *, region: str = REGION, account: str = ACCOUNT) -> str:
    """Return the ARN of a secret in Secrets Manager, with the suffix that AWS adds to its name."""
    return f"arn:aws:secretsmanager:{region}:{account}:secret:{name}-aBcDeF"


def hub_arn(name: str = "hub", *, region: str = REGION, account: str = ACCOUNT) -> str:
    """Return the ARN of an IoT thing."""
    return f"arn:aws:iot:{region}:{account}:thing/{name}"


def stream_arn(name: str = "camera", *, region: str = REGION, account: str = ACCOUNT) -> str:
    """Return the ARN of a stream, with a creation time as AWS adds it."""
    return f"arn:aws:kinesisvideo:{region}:{account}:stream/{name}/1700000000000"


def media_source(secret: str = "", uri_type: str = "RTSP_URI") -> dict[str, str]:
    """Return a MediaSourceConfig."""
    return {"MediaUriSecretArn": secret or media_secret(), "MediaUriType": uri_type}


def edge_config(hub: str = "", secret: str = "", **fields: Any) -> dict[str, Any]:
    """Return an EdgeConfig with the required fields, and others as given."""
    recorder = {"MediaSourceConfig": media_source(secret)}
    return {"HubDeviceArn": hub or hub_arn(), "RecorderConfig": recorder, **fields}


def site_file(*streams: Mapping[str, Any] | str, **fields: Any) -> str:
    """Return the text of a JSON edge file that declares these streams, given by name or as whole entries."""
    entries = [{"StreamName": one, "EdgeConfig": edge_config()} if isinstance(one, str) else one for one in streams]
    return json.dumps({**fields, "streams": entries}, indent=2)
