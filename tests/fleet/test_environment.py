"""The shell's AWS settings: regions, credentials, proxies and certificates, each as the AWS CLI v2 takes them."""

import string
from collections.abc import Iterator

import pytest
from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge_gitops.aws import credentials, network
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.failures import configuration_failure, failure, rejected
from kvs_edge_gitops.aws.redaction import Redaction
from kvs_edge_gitops.errors import AwsError
from kvs_edge_gitops.exit_codes import AWS_FAILED, FINDINGS, OK

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # the example of AWS's documentation
TOKEN = "FwoGZXIvYXdzEXAMPLETOKEN"
SCHEME = "http://"
REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
PROXY_VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
HUB = "arn:aws:iot:eu-west-1:123456789012:thing/site-hub"
COMMANDS = (["plan"], ["drift"], ["status"], ["status", "--hub", HUB], ["import", "--hub", HUB, "-o", "-"])
CONFIG = f"""
[profile paris]
region = eu-west-3
[profile missing-program]
credential_process = /no/such/program
[profile program-without-json]
credential_process = /bin/echo nothing
[profile program-without-version]
credential_process = /bin/echo {{"AccessKeyId": "{ACCESS_KEY}", "SecretAccessKey": "{SECRET}"}}
[profile failing-program]
credential_process = /bin/sh -c "echo no ticket >&2; exit 3"
[profile missing-token]
role_arn = arn:aws:iam::123456789012:role/deploy
web_identity_token_file = /no/such/token
[profile keys]
aws_access_key_id = {ACCESS_KEY}
aws_secret_access_key = {SECRET}
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/me
[profile sso]
sso_start_url = https://sso.example.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = deploy
[profile no-source]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = absent
[profile choice]
aws_access_key_id = {ACCESS_KEY}
aws_secret_access_key = {SECRET}
sts_regional_endpoints = often
"""
SOURCES = {
    "missing-program": "/no/such/program: No such file or directory; correct the program",
    "program-without-json": "could not be retrieved: JSONDecodeError",
    "program-without-version": "could not be retrieved",
    "failing-program": "no ticket",
    "missing-token": "/no/such/token: No such file or directory",
    "mfa": "need an MFA code, and there is no terminal to ask for it",
    "sso": "you are not logged in",
    "no-source": 'source_profile "absent"',
    "choice": "is not valid: STS regional endpoints option often is invalid",
    "absent": "(absent) could not be found",
}


@pytest.fixture(autouse=True)
def settings(aws, monkeypatch, tmp_path) -> None:
    """Write a config file with the profiles, and remove the settings of the machine that runs the tests."""
    file = tmp_path / "config"
    file.write_text(CONFIG)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def without_region(monkeypatch) -> None:
    for name in REGION_VARIABLES:
        monkeypatch.delenv(name)


@pytest.fixture(params=COMMANDS, ids=" ".join)
def command(request, site, edge_config) -> list[str]:
    """Return each command that makes requests, with a file that it can read."""
    site({"StreamName": "dock", "EdgeConfig": edge_config()})
    return request.param


def _is_one_sentence(ended, words: str) -> None:
    assert (ended.code, ended.out) == (AWS_FAILED, "")
    assert ended.err.startswith("kvs-edge: ")
    assert ended.err.count("\n") == 1
    assert words in ended.err


@pytest.mark.parametrize(
    ("option", "variables", "profile", "region"),
    [
        ("us-west-2", {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "paris", "us-west-2"),
        (None, {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "paris", "eu-west-1"),
        (None, {"AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-2"}, "paris", "eu-west-2"),
        (None, {"AWS_DEFAULT_REGION": "eu-west-2"}, "paris", "eu-west-2"),
        (None, {}, "paris", "eu-west-3"),
    ],
)
@pytest.mark.usefixtures("without_region")
def test_the_region_is_that_of_the_aws_cli(monkeypatch, option, variables, profile, region):
    """--region, AWS_REGION, AWS_DEFAULT_REGION, the profile: the first that is set."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Aws(Settings(profile=profile, region=option)).region == region


@pytest.mark.usefixtures("without_region")
def test_no_region_at_all(command, run):
    """The message has the three ways to set one; the ARN of a hub is a fourth."""
    if "--hub" in command:
        assert run(*command).code == FINDINGS
    else:
        _is_one_sentence(run(*command), "no region given: pass --region, set AWS_REGION, or set region: in the file")


@pytest.mark.parametrize("options", [["plan"], ["drift"], ["status"], ["status", "--hub", "site-hub", "edge"]])
@pytest.mark.usefixtures("without_region")
def test_the_region_of_a_file_is_enough(run, site, make_stream, start, edge_config, options):
    """Also for the request for the account, and for a hub by its name."""
    name = make_stream()
    start(name, edge_config())
    site({"StreamName": name, "EdgeConfig": edge_config()}, region="eu-west-1")
    ended = run(*options)
    assert (ended.code, ended.err) == (OK, "")


@pytest.mark.usefixtures("aws")
def test_a_hub_without_streams_is_named_with_its_region(run):
    """Its streams may be in another region."""
    ended = run("status", "--hub", "warehouse-hub", "--region", "eu-west-2")
    assert ended.code == FINDINGS
    assert "no streams on warehouse-hub in eu-west-2" in ended.out


@pytest.mark.parametrize("profile", SOURCES)
def test_credentials_that_cannot_be_retrieved(command, run, monkeypatch, profile):
    """Whatever a program, a file or a library raises is one sentence with exit code 3."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    ended = run(*command, "--profile", profile)
    _is_one_sentence(ended, SOURCES[profile])
    assert SECRET not in ended.err


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AWS_SESSION_TOKEN", f"{TOKEN}\n", "the session token of the AWS credentials holds a line end"),
        ("AWS_SECRET_ACCESS_KEY", f"{SECRET}\r\n", "the secret access key of the AWS credentials holds a line end"),
        ("AWS_ACCESS_KEY_ID", f" {ACCESS_KEY}", "the access key ID of the AWS credentials holds a space"),
        ("AWS_SESSION_TOKEN", f"{TOKEN}é", "the session token of the AWS credentials holds a space or another"),
    ],
)
def test_a_credential_with_a_line_end(command, run, monkeypatch, name, value, words):
    """It is named with its source, and not shown."""
    monkeypatch.setenv(name, value)
    ended = run(*command)
    _is_one_sentence(ended, words)
    assert "correct it in the environment" in ended.err
    assert not [secret for secret in (SECRET, TOKEN) if secret in ended.err + ended.out]


def _exceptions_of(kind: type[Exception]) -> Iterator[type[Exception]]:
    for each in kind.__subclasses__():
        if each.__module__ == exceptions.__name__:
            yield each
            yield from _exceptions_of(each)


@pytest.mark.parametrize("kind", sorted({*_exceptions_of(BotoCoreError)}, key=lambda kind: kind.__name__))
def test_each_exception_of_botocore_is_a_sentence_without_credentials(kind):
    """Of a request, of a session and of the source of credentials alike."""
    calls = Calls(sleep=lambda _: None)
    calls.redact.add(_Secrets)
    fields = [name for _, name, _, _ in string.Formatter().parse(kind.fmt) if name]
    last = ["last_response"] if kind is exceptions.WaiterError else []
    error = kind(**dict.fromkeys([*fields, *last], f"{TOKEN}\n{SECRET}"))

    def refresh() -> None:
        raise error

    with pytest.raises(AwsError) as refused:
        calls.make("sts:GetCallerIdentity", "eu-west-1", refresh)
    for text in (str(refused.value), calls.redact(str(configuration_failure(error)))):
        assert text
        assert "\n" not in text
        assert TOKEN not in text
        assert SECRET not in text


class _Secrets:
    secret_key = SECRET
    token = f"{TOKEN}\n"


@pytest.mark.parametrize("error", [FileNotFoundError(2, "No such file", "token"), EOFError(), KeyError("Expiration")])
def test_a_refresh_of_the_credentials_that_fails(error):
    """It happens in the middle of `status --watch`, inside of a request."""

    def refresh() -> None:
        raise error

    with pytest.raises(AwsError, match="AWS request failed"):
        Calls().make("kinesisvideo:DescribeStream", "eu-west-1", refresh)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Invalid header value b'{TOKEN}\\n'", "the credentials hold a character that a request must not have"),
        (f"x-amz-security-token:{TOKEN} signed", "x-amz-security-token:*** signed"),
        (f"{SCHEME}user:word@proxy.test:3128 refused", f"{SCHEME}***@proxy.test:3128 refused"),
        ("local", "local"),
    ],
)
def test_what_a_message_hides(text, shown):
    """Secrets in any form, and the password of a URL; the local AWS's secret is a word of many messages."""
    redact = Redaction()
    redact.add(_Secrets)
    redact.add(type("Local", (), {"secret_key": "local", "token": None}))
    assert redact(text) == shown


def test_a_wrong_signature_of_a_role_request_hides_the_canonical_request():
    """AWS's text quotes the session token; the code is enough."""
    answer = {"Error": {"Code": "SignatureDoesNotMatch", "Message": f"x-amz-security-token:{TOKEN}"}}
    text = rejected(ClientError(answer, "AssumeRole"), "AssumeRole")
    assert TOKEN not in text
    assert text.endswith("(SignatureDoesNotMatch)")


def test_a_role_that_may_not_be_assumed(monkeypatch):
    """The request is named: it is not one of the command's own."""
    answer = {"Error": {"Code": "AccessDenied", "Message": "not authorized"}}

    class Session:
        def get_credentials(self):
            raise ClientError(answer, "AssumeRole")

    with pytest.raises(AwsError, match=r"could not be retrieved: AWS denied AssumeRole: not authorized"):
        credentials.resolve(Session())


def test_an_endpoint_on_this_machine_is_reached_without_the_proxy(command, run, monkeypatch):
    """A proxy elsewhere would look for localhost on its own machine."""
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert "proxy" not in run(*command).err


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"HTTPS_PROXY": "http://127.0.0.1:9"}, "the proxy http://127.0.0.1:9 does not answer: correct HTTPS_PROXY"),
        ({"https_proxy": f"{SCHEME}me:word@127.0.0.1:9"}, "does not answer: correct https_proxy"),
        ({"AWS_CA_BUNDLE": "/no/such.pem"}, "AWS_CA_BUNDLE is '/no/such.pem': No such file or directory"),
        ({"REQUESTS_CA_BUNDLE": "/no/such.pem"}, "REQUESTS_CA_BUNDLE is '/no/such.pem'"),
        ({"AWS_CA_BUNDLE": "config"}, "AWS_CA_BUNDLE is 'config': holds no certificate"),
    ],
)
def test_a_setting_of_the_network_is_named(command, run, monkeypatch, variables, words):
    """With its value, without a password."""
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ended = run(*command)
    _is_one_sentence(ended, words)
    assert "word@" not in ended.err


def test_a_proxy_that_refuses_the_tunnel():
    """It wants a password; botocore's text has only its URL."""
    error = exceptions.ProxyConnectionError(
        proxy_url="http://proxy.test:3128", error=OSError("Tunnel connection failed: 407 Proxy Authentication Required")
    )
    assert "refuses the connection (407 Proxy Authentication Required)" in str(failure(error, "sts:X", "eu-west-1"))


def test_the_endpoint_of_a_variable_is_named(monkeypatch):
    """It may be left over from another shell."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4567")
    error = exceptions.EndpointConnectionError(endpoint_url="http://localhost:4567/")
    assert str(failure(error, "sts:X", "eu-west-1")).endswith("; the endpoint is that of AWS_ENDPOINT_URL")


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://localhost:4566", True),
        (f"{SCHEME}s3.localhost:4566", True),
        (f"{SCHEME}127.0.0.2", True),
        (f"{SCHEME}[::1]:4566", True),
        ("https://sts.eu-west-1.amazonaws.com", False),
        (f"{SCHEME}10.0.0.1", False),
    ],
)
def test_which_endpoints_are_on_this_machine(url, is_here):
    """By name and by address."""
    assert network.is_on_this_machine(url) is is_here


def test_the_ca_bundle_of_a_profile(monkeypatch):
    """The setting is named where it is."""
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    assert network.ca_bundle_setting("/a.pem") == ("ca_bundle of the profile", "/a.pem")
    assert network.ca_bundle_setting(None) is None
