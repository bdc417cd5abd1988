"""`kvs-edge plan --hubs`: what the hubs of changed streams lack in their Greengrass deployments."""

import pytest

from support.declarations import REGION, hub_arn, media_secret
from support.greengrass import Greengrass

MISSING = "it is not among the cloudSecrets of aws.greengrass.SecretManager, so the hub cannot read it"


@pytest.fixture
def greengrass(monkeypatch, aws):
    with (stand_in := Greengrass(monkeypatch)).stubber:
        yield stand_in
        stand_in.stubber.assert_no_pending_responses()


@pytest.fixture
def declared(site, edge_config, make_stream, start):
    """Declare a stream that is to be created, one that is unchanged beside it, and one on a hub without changes."""
    new, old, other = (make_stream() for _ in range(3))
    configs = {
        new: edge_config(RecorderConfig=_recorder("new-camera")),
        old: edge_config(RecorderConfig=_recorder("old-camera")),
        other: edge_config(hub_arn("quiet-hub")),
    }
    for name in (old, other):
        start(name, configs[name])
    site(*({"StreamName": name, "EdgeConfig": config} for name, config in configs.items()))
    return new, old


def _recorder(secret):
    return {"MediaSourceConfig": {"MediaUriSecretArn": media_secret(secret), "MediaUriType": "RTSP_URI"}}


@pytest.fixture
def plan(run):
    """Return a function that runs the plan with hubs."""
    return lambda *arguments: run("plan", "--offline", "--hubs", *arguments)


def test_a_missing_secret_is_a_warning_with_its_stream_and_does_not_fail_the_plan(declared, greengrass, plan):
    """The hub without changes is not read."""
    greengrass.deploy(media_secret("old-camera"))
    greengrass.answer()
    ended = plan()
    assert (ended.code, ended.err) == (0, "")
    assert f"warning SecretMissing: hub site-hub: new-camera-aBcDeF (for {declared[0]}): {MISSING}\n" in ended.out
    assert "old-camera" not in ended.out


def test_the_comment_has_it_above_the_table(declared, greengrass, plan):
    greengrass.deploy(media_secret("old-camera"))
    greengrass.answer()
    text = plan("--format", "markdown").out
    assert "**Missing on a hub, so that a stream cannot record**\n\n- **SecretMissing**, hub site-hub: " in text
    assert text.index("SecretMissing") < text.index("| file |")


def test_json_has_the_hubs(declared, greengrass, hub, plan):
    greengrass.deploy(media_secret("old-camera"), media_secret("unused"))
    greengrass.answer()
    (notice,) = plan("--format", "json").json["hubs"]
    assert {name: notice[name] for name in ("hub", "code", "secret", "streams")} == {
        "hub": hub,
        "code": "SecretMissing",
        "secret": media_secret("new-camera"),
        "streams": [declared[0]],
    }


def test_a_hub_with_all_secrets_lacks_nothing(declared, greengrass, plan):
    greengrass.deploy(media_secret("old-camera"), media_secret("new-camera"))
    greengrass.answer()
    assert plan("--format", "json").json["hubs"] == []


def test_a_denial_is_said_and_not_fatal(declared, greengrass, plan):
    greengrass.stubber.add_client_error("list_effective_deployments", "AccessDeniedException", "no", 403)
    ended = plan()
    assert (ended.code, ended.err) == (0, "")
    assert (
        "warning NotChecked: hub site-hub: not checked: AWS denied greengrass:ListEffectiveDeployments in"
        f" {REGION}: no (AccessDeniedException); allow that action for these credentials\n"
    ) in ended.out


def test_a_hub_that_is_not_a_core_device_is_said(declared, greengrass, plan):
    greengrass.stubber.add_client_error("list_effective_deployments", "ResourceNotFoundException", "none")
    assert "warning NotACoreDevice: hub site-hub: site-hub is not a Greengrass core device" in plan().out


def test_without_the_option_no_hub_is_read(declared, greengrass, run):
    assert "hubs" not in run("plan", "--offline", "--format", "json").json
