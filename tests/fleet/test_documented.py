"""The output of `plan` and `drift` in docs/cli.md, compared with the real one."""

import json
import re
from pathlib import Path
from typing import Any

from kvs_edge_local.edge import JobStatus

_DOCUMENT = Path(__file__).parents[2] / "docs" / "cli.md"
_SITE = """\
region: eu-west-1
defaults:
  hub: warehouse-hub
  EdgeConfig:
    RecorderConfig:
      MediaSourceConfig:
        MediaUriType: RTSP_URI
    DeletionConfig:
      EdgeRetentionInHours: 24
streams:
  - StreamName: entrance
    EdgeConfig: {RecorderConfig: {MediaSourceConfig: {MediaUriSecretArn: SECRET:entrance-camera-aBcDeF}}}
  - StreamName: dock
    EdgeConfig: {RecorderConfig: {MediaSourceConfig: {MediaUriSecretArn: SECRET:dock-camera-aBcDeF}}}
  - StreamName: gate
    EdgeConfig: {RecorderConfig: {MediaSourceConfig: {MediaUriSecretArn: SECRET:gate-camera-aBcDeF}}}
  - StreamName: loading-ramp
    create_stream: true
    DataRetentionInHours: 24
    EdgeConfig: {RecorderConfig: {MediaSourceConfig: {MediaUriSecretArn: SECRET:ramp-camera-aBcDeF}}}
""".replace("SECRET:", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:")


def _shown(command: str) -> str:
    block = rf"^```console\n\$ {command}\n(.*?)^```$"
    (output,) = re.findall(block, _DOCUMENT.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return output


def test_the_documented_output_is_the_real_one(aws, site, make_stream, start, run):
    """Of one site: a stream as declared, one to change, one to move, one to create, and one that was renamed."""
    site(name="empty.json")
    Path("edge/empty.json").unlink()
    Path("edge/warehouse.yaml").write_text(_SITE)

    def begin(name: str, camera: str, hub: str = "warehouse-hub", **deletion: object) -> None:
        source = {
            "MediaUriSecretArn": f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:{camera}-camera-aBcDeF",
            "MediaUriType": "RTSP_URI",
        }
        start(
            make_stream(name),
            {
                "HubDeviceArn": f"arn:aws:iot:eu-west-1:123456789012:thing/{hub}",
                "RecorderConfig": {"MediaSourceConfig": source},
                "DeletionConfig": {"EdgeRetentionInHours": 24, **deletion},
            },
        )

    begin("entrance", "entrance")
    begin("dock", "dock", EdgeRetentionInHours=72)
    begin("gate", "gate", "gatehouse-hub")
    aws.edge.set_agent_status("gate", uploader=JobStatus("SUCCESS", updated=1767571200.0))
    begin("ramp", "ramp")
    plan = run("plan")
    assert (plan.code, plan.err) == (1, "")
    assert plan.out == _shown("kvs-edge plan")
    drift = run("drift", "--unmanaged")
    assert (drift.code, drift.err) == (2, "")
    assert drift.out == _shown("kvs-edge drift --unmanaged")


_HELD = ("kinesisvideo:DescribeEdgeConfiguration", "kinesisvideo:ListEdgeAgentConfigurations")
"""What the local AWS holds against a role's policies."""


def _without(action: str, document: dict[str, Any]) -> dict[str, Any]:
    statements = [
        {**statement, "Action": [one for one in statement["Action"] if one != action]}
        for statement in document["Statement"]
    ]
    return {**document, "Statement": statements}


def test_the_documented_policy_is_enough_and_not_too_much(aws, site, make_stream, start, edge_config, run, monkeypatch):
    """A plan of a stream on its hub and of one to create ends well with it; without an action, that one is named."""
    (policy,) = (
        json.loads(block)
        for block in re.findall(r"^```json\n(.*?)^```$", _DOCUMENT.read_text("utf-8"), re.DOTALL | re.MULTILINE)
        if '"Statement"' in block
    )
    there, new = make_stream(), make_stream()
    start(there, edge_config())
    site(*({"StreamName": name, "EdgeConfig": edge_config()} for name in (there, new)))
    iam, sts = aws.client("iam"), aws.client("sts")
    arn = iam.create_role(RoleName="planner", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    given = sts.assume_role(RoleArn=arn, RoleSessionName="pipeline")["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", given["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", given["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", given["SessionToken"])
    for action in (None, *_HELD):
        document = _without(action, policy) if action else policy
        iam.put_role_policy(RoleName="planner", PolicyName="plan", PolicyDocument=json.dumps(document))
        ended = run("plan")
        if action is None:
            assert (ended.code, ended.err) == (0, "")
            assert "unknown" not in ended.out, "the deployed templates may be read"
        else:
            assert ended.code == 3
            assert f"AWS denied {action} in eu-west-1" in ended.err
