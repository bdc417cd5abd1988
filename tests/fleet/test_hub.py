"""`kvs-edge hub`: what a hub needs, and what its Greengrass deployments lack."""

import json

import pytest

from kvs_edge_gitops.aws.access import Aws
from support.declarations import ACCOUNT, REGION, media_secret, stream_arn
from support.greengrass import Greengrass


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """Provide credentials and a region, and no endpoint that answers."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    settings = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": "http://localhost:1",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def declared(site, edge_config):
    """Declare two streams with two secrets, in a file that states account and region."""
    streams = [
        {"StreamName": name, "EdgeConfig": edge_config(RecorderConfig=_recorder(media_secret(name)))}
        for name in ("door", "gate")
    ]
    site(*streams, region=REGION, account=ACCOUNT, time_zone="Europe/Berlin")


def _recorder(secret):
    return {"MediaSourceConfig": {"MediaUriSecretArn": secret, "MediaUriType": "RTSP_URI"}}


@pytest.fixture
def greengrass(monkeypatch):
    """Replace the client of Greengrass, and the account of the credentials."""
    stand_in = Greengrass(monkeypatch)
    monkeypatch.setattr(Aws, "account", ACCOUNT)
    with stand_in.stubber:
        yield stand_in
        stand_in.stubber.assert_no_pending_responses()


def codes(ended):
    return [(gap["code"], gap["secret"], gap["streams"]) for gap in ended.json["gaps"]]


def test_it_prints_what_the_hub_needs_without_a_request(declared, hub, run):
    """The policy has the hub's streams and secrets only."""
    ended = run("hub", "site-hub")
    assert (ended.code, ended.err) == (0, "")
    printed = ended.json
    assert (printed["hub"], printed["time_zone"]) == (hub, "Europe/Berlin")
    assert [stream["stream"] for stream in printed["streams"]] == ["door", "gate"]
    listed = {"cloudSecrets": [{"arn": media_secret("door")}, {"arn": media_secret("gate")}]}
    assert printed["secret_manager"] == listed
    assert json.loads(printed["configuration_update"]["merge"]) == listed
    resources = {statement["Sid"]: statement["Resource"] for statement in printed["role_policy"]["Statement"]}
    assert resources == {
        "Metrics": "*",
        "ListStreams": "*",
        "Streams": [f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/{name}/*" for name in ("door", "gate")],
        "Secrets": [media_secret("door"), media_secret("gate")],
    }


@pytest.mark.parametrize(
    ("part", "member"),
    [("role-policy", "Statement"), ("secret-manager", "cloudSecrets"), ("configuration-update", "merge")],
)
def test_one_part_can_be_pasted(declared, run, part, member):
    assert member in run("hub", "site-hub", "--part", part).json


def test_a_shared_secret_is_listed_once_and_a_partial_arn_has_a_wildcard(site, edge_config, run):
    """A full ARN of the same secret replaces the partial one."""
    partial, alone = media_secret("cam")[:-7], media_secret("alone")[:-7]
    secrets = {"a": media_secret("cam"), "b": partial, "c": alone}
    site(
        *(
            {"StreamName": name, "EdgeConfig": edge_config(RecorderConfig=_recorder(secret))}
            for name, secret in secrets.items()
        )
    )
    printed = run("hub", "site-hub").json
    assert [secret["arn"] for secret in printed["secret_manager"]["cloudSecrets"]] == [alone, media_secret("cam")]
    assert printed["role_policy"]["Statement"][-1]["Resource"] == [f"{alone}-??????", media_secret("cam")]


def test_a_streams_own_arn_needs_no_wildcard(site, edge_config, run):
    site({"StreamARN": stream_arn("door"), "EdgeConfig": edge_config()})
    assert run("hub", "site-hub").json["streams"][0]["arn"] == stream_arn("door")


def test_an_unknown_hub_is_wrong_usage(declared, run):
    ended = run("hub", "site-hubb")
    assert (ended.code, ended.out) == (2, "")
    assert "no stream is declared on a hub 'site-hubb'; did you mean site-hub?" in ended.err


@pytest.mark.parametrize(
    ("streams", "listed"), [(0, "none"), (1, "hub-0"), (7, "hub-0, hub-1, hub-2, hub-3, hub-4 and 2 more")]
)
def test_the_hubs_of_the_files_are_listed_where_none_is_similar(site, edge_config, hub, run, streams, listed):
    site(
        *(
            {"StreamName": f"cam-{number}", "EdgeConfig": edge_config(hub.replace("site-hub", f"hub-{number}"))}
            for number in range(streams)
        ),
        region=REGION,
        account=ACCOUNT,
    )
    ended = run("hub", "x\x1b[2J")
    assert (ended.code, ended.err) == (
        2,
        f"kvs-edge: no stream is declared on a hub 'x\\x1b[2J'; the files declare {listed}\n",
    )


def test_a_name_of_two_hubs_is_wrong_usage(site, edge_config, hub, run):
    other = hub.replace(REGION, "eu-central-1")
    secret = media_secret("far", region="eu-central-1")
    site({"StreamName": "door", "EdgeConfig": edge_config()}, name="a.json")
    site(
        {"StreamName": "far", "EdgeConfig": edge_config(other, RecorderConfig=_recorder(secret))},
        name="b.json",
        region="eu-central-1",
    )
    ended = run("hub", "site-hub")
    assert (ended.code, f"site-hub is the name of 2 hubs: give the ARN of one: {hub}, {other}" in ended.err) == (
        2,
        True,
    )
    assert run("hub", other).json["streams"][0]["stream"] == "far"


def test_a_deployment_with_all_secrets_lacks_nothing(declared, greengrass, run):
    """A partial ARN is the same secret. The deployments may be on several pages."""
    greengrass.deploy(media_secret("door"))
    greengrass.deploy(component="aws.greengrass.Cli")
    greengrass.deploy(media_secret("gate")[:-7])
    greengrass.answer(pages=2)
    ended = run("hub", "site-hub", "--check")
    assert (ended.code, ended.out) == (0, "hub site-hub: its deployment has all of the 2 secrets\n")


def test_a_missing_secret_is_named_with_its_streams(declared, greengrass, run):
    greengrass.deploy(media_secret("door"), media_secret("other"))
    greengrass.answer()
    ended = run("hub", "site-hub", "--check")
    assert ended.code == 1
    assert ended.out == (
        "SecretMissing: gate-aBcDeF (for gate): it is not among the cloudSecrets of aws.greengrass.SecretManager, so"
        " the hub cannot read it\n"
        "SecretUndeclared: other-aBcDeF: no stream of these files uses it: keep it in the list if another component"
        " does\n"
        "hub site-hub: 1 of 2 secrets is not on the hub\n"
    )


@pytest.mark.parametrize(
    ("status", "code"),
    [("IN_PROGRESS", "SecretPending"), ("QUEUED", "SecretPending"), ("FAILED", "SecretMissing")],
)
def test_a_deployment_counts_once_the_device_has_it(declared, greengrass, run, status, code):
    greengrass.deploy(media_secret("door"))
    greengrass.deploy(media_secret("door"), media_secret("gate"), status=status)
    greengrass.answer()
    ended = run("hub", "site-hub", "--check", "--format", "json")
    assert ended.code == ended.json["exit_code"] == 1
    assert codes(ended) == [(code, media_secret("gate"), ["gate"])]


@pytest.mark.parametrize("merge", ["", "{}", "not JSON", '{"cloudSecrets": "all"}', '{"cloudSecrets": [1]}', "[]"])
def test_a_deployment_without_a_readable_list_is_said(declared, greengrass, run, merge):
    greengrass.deploy(merge=merge)
    greengrass.answer()
    ended = run("hub", "site-hub", "--check", "--format", "json")
    assert ended.code == 1
    assert [code for code, *_ in codes(ended)] == ["CloudSecretsUnknown", "SecretMissing", "SecretMissing"]


def test_a_hub_without_the_component_is_said(declared, greengrass, run):
    greengrass.deploy(component="aws.greengrass.Cli")
    greengrass.answer()
    ended = run("hub", "site-hub", "--check")
    assert ended.code == 1
    assert ended.out.startswith("NoSecretManager: site-hub: no deployment of site-hub has the component")
    assert ended.out.endswith("hub site-hub: the 2 secrets could not be checked\n")


def test_a_hub_that_is_not_a_core_device_is_said(declared, greengrass, run):
    greengrass.stubber.add_client_error("list_effective_deployments", "ResourceNotFoundException", "none")
    ended = run("hub", "site-hub", "--check")
    assert (ended.code, ended.out.startswith("NotACoreDevice: site-hub: ")) == (1, True)


def test_a_deleted_deployment_has_no_components(declared, greengrass, run):
    greengrass.deploy(media_secret("door"))
    greengrass.answer()
    greengrass.stubber._queue.pop()
    greengrass.stubber.add_client_error("get_deployment", "ResourceNotFoundException", "gone")
    assert "NoSecretManager" in run("hub", "site-hub", "--check").out


def test_a_denied_check_is_exit_code_3(declared, greengrass, run):
    greengrass.stubber.add_client_error("list_effective_deployments", "AccessDeniedException", "no", 403)
    ended = run("hub", "site-hub", "--check")
    assert (ended.code, ended.out) == (3, "")
    assert f"AWS denied greengrass:ListEffectiveDeployments in {REGION}" in ended.err


def test_a_part_and_a_check_exclude_each_other(declared, run):
    assert run("hub", "site-hub", "--check", "--part", "role-policy").code == 2
