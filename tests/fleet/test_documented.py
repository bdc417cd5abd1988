"""What docs/cli.md shows of `plan` and `drift` is what they say."""

import re
from pathlib import Path

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
