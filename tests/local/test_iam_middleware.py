"""Role sessions before moto's server: their policies allow a call, or it is refused."""

import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import boto3
import pytest
import requests
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from moto.core.base_backend import BackendDict
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sts.models import sts_backends
from werkzeug.serving import make_server

from kvs_edge_local import edge
from kvs_edge_local.iam import Authorizer, Grant, IamMiddleware, Outcome

ACCOUNT, REGION = "123456789012", "eu-central-1"
STREAM = f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/cam-1/*"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:loop"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:tick"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/cams/51af3dc0"
HUB = f"arn:aws:iot:{REGION}:{ACCOUNT}:thing/hub-1"
DESCRIBE = "kinesisvideo:DescribeEdgeConfiguration"
TRUST = {"Version": "2012-10-17", "Statement": []}


class ManualClock:
    """Clock that a test advances."""

    def __init__(self):
        self.time = 1_700_000_000.0

    def now(self):
        return self.time


@contextmanager
def served(application):
    """Serve the WSGI application on a free port."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Role:
    """Role in moto's IAM, and clients with its session."""

    url: str
    name: str = "tick-role"

    @property
    def iam(self):
        return iam_backends[ACCOUNT]["aws"]

    def put(self, *statements, policy="inline"):
        self.iam.put_role_policy(self.name, policy, json.dumps({"Version": "2012-10-17", "Statement": statements}))

    def managed(self, name, *statements):
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        return self.iam.create_policy(description="", path="/", policy_document=document, policy_name=name, tags=[]).arn

    def session(self):
        return sts_backends[ACCOUNT]["aws"].assume_role(
            region_name=REGION,
            role_session_name="tick",
            role_arn=self.iam.get_role(self.name).arn,
            policy="",
            duration=3600,
            external_id="",
        )

    def client(self, service):
        session = self.session()
        return client(
            service,
            self.url,
            aws_access_key_id=session.access_key_id,
            aws_secret_access_key=session.secret_access_key,
            aws_session_token=session.session_token,
        )


def client(service, url, **credentials):
    config = Config(retries={"mode": "standard", "total_max_attempts": 1})
    return boto3.client(service, endpoint_url=url, region_name=REGION, config=config, **credentials)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def authorizer(clock):
    return Authorizer(clock)


@pytest.fixture
def service(clock):
    BackendDict.reset()
    yield edge.install(clock, edge.Settings(limits_enforced=False))
    edge.uninstall()
    BackendDict.reset()


@pytest.fixture
def url(service, authorizer):
    with served(IamMiddleware(DomainDispatcherApplication(create_backend_app), authorizer)) as url:
        yield url


@pytest.fixture
def developer(url):
    """Return a client with credentials that do not belong to a role."""
    return lambda service: client(
        service, url, aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="example"
    )


@pytest.fixture
def stream(developer):
    tags = {"site": "north"}
    return developer("kinesisvideo").create_stream(StreamName="cam-1", DataRetentionInHours=1, Tags=tags)["StreamARN"]


@pytest.fixture
def role(url):
    role = Role(url)
    role.iam.create_role(
        role_name=role.name,
        assume_role_policy_document=json.dumps(TRUST),
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )
    return role


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def describe(role, **stream):
    """Return the error code of describing cam-1; an allowed call fails too, without a configuration."""
    with pytest.raises(ClientError) as caught:
        role.client("kinesisvideo").describe_edge_configuration(**(stream or {"StreamName": "cam-1"}))
    return caught.value.response["Error"]["Code"]


LET_THROUGH = "StreamEdgeConfigurationNotFoundException"
REFUSED = "AccessDeniedException"


def test_a_role_without_a_policy_is_refused_with_principal_action_and_resource(role, stream):
    with pytest.raises(ClientError) as caught:
        role.client("kinesisvideo").describe_edge_configuration(StreamName="cam-1")
    assert caught.value.response["Error"]["Message"] == (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/tick-role/tick is not authorized to perform: {DESCRIBE} "
        f"on resource: {stream} because no identity-based policy allows the {DESCRIBE} action"
    )
    assert caught.value.response["Error"]["Code"] == REFUSED
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 401


def test_an_inline_policy_lets_through_what_it_names_by_name_or_arn(role, stream):
    role.put(allow(DESCRIBE, STREAM))
    assert describe(role) == LET_THROUGH
    assert describe(role, StreamARN=stream) == LET_THROUGH
    assert describe(role, StreamName="cam-2") == REFUSED


def test_a_refused_call_does_not_reach_the_service(role, stream, service):
    describe(role)
    assert service.calls() == ()


def test_the_body_reaches_the_service_unharmed(role, stream, service):
    role.put(allow("kinesisvideo:StartEdgeConfigurationUpdate", STREAM))
    source = {
        "MediaUriSecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:cam-AbCdEf",
        "MediaUriType": "RTSP_URI",
    }
    config = {"HubDeviceArn": HUB, "RecorderConfig": {"MediaSourceConfig": source}}
    answer = role.client("kinesisvideo").start_edge_configuration_update(StreamName="cam-1", EdgeConfig=config)
    assert answer["SyncStatus"] == "SYNCING"
    assert service.calls()[0].caller.endswith(":assumed-role/tick-role/tick")


def test_a_managed_policy_counts_once_it_is_attached_and_no_longer_when_detached(role, stream):
    arn = role.managed("look", allow(DESCRIBE, STREAM))
    assert describe(role) == REFUSED
    role.iam.attach_role_policy(arn, role.name)
    assert describe(role) == LET_THROUGH
    role.iam.detach_role_policy(arn, role.name)
    assert describe(role) == REFUSED


def test_a_permissions_boundary_is_honoured(role, stream):
    role.put(allow("kinesisvideo:*", STREAM))
    boundary = role.managed("boundary", allow("states:*"))
    role.iam.put_role_permissions_boundary(role.name, boundary)
    with pytest.raises(ClientError, match="because no permissions boundary allows"):
        role.client("kinesisvideo").describe_edge_configuration(StreamName="cam-1")


def test_an_explicit_deny_wins(role, stream):
    role.put(allow("kinesisvideo:*"), {"Effect": "Deny", "Action": DESCRIBE, "Resource": STREAM})
    with pytest.raises(ClientError, match="with an explicit deny"):
        role.client("kinesisvideo").describe_edge_configuration(StreamName="cam-1")


@pytest.mark.parametrize(("site", "code"), [("north", LET_THROUGH), ("south", REFUSED)])
def test_a_condition_on_the_streams_tag_is_held_against_its_tags(role, stream, site, code):
    role.put(allow(DESCRIBE, "*", Condition={"StringEquals": {"aws:ResourceTag/site": site}}))
    assert describe(role) == code


def test_a_stream_that_does_not_exist_is_refused_by_its_name_or_let_through_to_be_not_found(role, stream):
    role.put(allow(DESCRIBE, f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/ghost/*"))
    assert describe(role, StreamName="ghost") == "ResourceNotFoundException"
    assert describe(role, StreamName="other") == REFUSED


def refused(calling):
    with pytest.raises(ClientError) as caught:
        calling()
    error, metadata = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
    return error["Code"], metadata["HTTPStatusCode"], error["Message"]


def test_listing_takes_no_resource_and_is_refused_in_its_own_way(role):
    def listing():
        return role.client("kinesisvideo").list_edge_agent_configurations(HubDeviceArn=HUB)

    assert refused(listing)[:2] == ("NotAuthorizedException", 401)
    role.put(allow("kinesisvideo:ListEdgeAgentConfigurations"))
    assert listing()["EdgeConfigs"] == []


def test_a_body_other_than_json_is_refused_by_the_service(role, stream, url, authorizer):
    role.put(allow(DESCRIBE, STREAM))
    key = role.session().access_key_id
    scope = f"AWS4-HMAC-SHA256 Credential={key}/20260101/{REGION}/kinesisvideo/aws4_request, SignedHeaders=host"
    for body in (b"[]", b"{"):
        answer = requests.post(
            f"{url}/describeEdgeConfiguration", data=body, headers={"Authorization": scope}, timeout=10
        )
        assert answer.headers["x-amzn-ErrorType"] == REFUSED
    assert [decision.asked.resource for decision in authorizer.decisions()] == [
        f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/*/*"
    ] * 2


def test_starting_an_execution_needs_its_state_machine(role):
    def start():
        return role.client("stepfunctions").start_execution(stateMachineArn=MACHINE)

    code, status, message = refused(start)
    assert (code, status) == (REFUSED, 400)
    assert f"states:StartExecution on resource: {MACHINE}" in message
    role.put(allow("states:StartExecution", MACHINE))
    assert refused(start)[0] == "StateMachineDoesNotExist"


@pytest.mark.parametrize("function", ["tick", FUNCTION, f"{ACCOUNT}:function:tick"])
def test_invoking_a_function_needs_it_however_it_is_named(role, authorizer, function):
    def invoke():
        return role.client("lambda").invoke(FunctionName=function)

    code, status, message = refused(invoke)
    assert (code, status) == (REFUSED, 403)
    assert f"lambda:InvokeFunction on resource: {FUNCTION} " in message
    role.put(allow("lambda:InvokeFunction", FUNCTION))
    # moto has no such function, and for one form of the name no route: both errors show that the call was allowed.
    assert refused(invoke)[0] in {"ResourceNotFoundException", "500"}
    assert authorizer.decisions()[-1].allowed


def test_invoking_an_alias_needs_the_alias(role):
    role.put(allow("lambda:InvokeFunction", FUNCTION))
    message = refused(lambda: role.client("lambda").invoke(FunctionName="tick", Qualifier="live"))[2]
    assert f"on resource: {FUNCTION}:live " in message


@pytest.mark.parametrize(
    ("asked", "resource"), [(STACK, STACK), ("cams", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/cams/*")]
)
def test_describing_a_stack_needs_it(role, asked, resource):
    def look():
        return role.client("cloudformation").describe_stacks(StackName=asked)

    code, status, message = refused(look)
    assert (code, status) == ("AccessDenied", 403)
    assert f"cloudformation:DescribeStacks on resource: {resource} because" in message
    role.put(allow("cloudformation:DescribeStacks", resource))
    assert refused(look)[0] == "ValidationError"


@pytest.mark.parametrize(
    ("action", "arguments", "resource"),
    [
        ("DescribeStackEvents", {"StackName": STACK}, STACK),
        ("DescribeEvents", {"StackName": STACK}, STACK),
        ("DescribeEvents", {"OperationId": "51af3dc0"}, "*"),
        ("ListStackResources", {"StackName": STACK}, STACK),
        ("DescribeStackResources", {"StackName": STACK}, STACK),
        ("DescribeStackResources", {"PhysicalResourceId": "cam-1"}, "*"),
    ],
)
def test_reading_a_stack_in_other_ways_needs_that(role, authorizer, action, arguments, resource):
    """Each action needs its own grant; a call without a stack needs a grant on every stack."""
    method = getattr(role.client("cloudformation"), xform_name(action))

    code, status, message = refused(lambda: method(**arguments))
    assert (code, status) == ("AccessDenied", 403)
    assert f"cloudformation:{action} on resource: {resource} because" in message
    role.put(allow(f"cloudformation:{action}", resource))
    # moto's own response to the call is irrelevant here.
    with suppress(ClientError, ResponseParserError):
        method(**arguments)
    assert authorizer.decisions()[-1].allowed


@pytest.mark.parametrize(("sources", "is_allowed"), [(["own"], True), (["other"], False), (["own", "other"], False)])
def test_sending_events_needs_the_bus_and_the_source(role, sources, is_allowed):
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    role.put({**allow("events:PutEvents", bus), "Condition": {"StringEquals": {"events:source": "own"}}})
    entries = [{"Source": source, "DetailType": "Change", "Detail": "{}"} for source in sources]
    if is_allowed:
        assert role.client("events").put_events(Entries=entries)["FailedEntryCount"] == 0
        return
    code, status, message = refused(lambda: role.client("events").put_events(Entries=entries))
    assert (code, status) == ("AccessDeniedException", 400)
    assert f"events:PutEvents on resource: {bus} because" in message


def test_reading_a_log_needs_its_group(role):
    def read():
        return role.client("logs").filter_log_events(logGroupName="monitor")

    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:monitor"
    code, _, message = refused(read)
    assert code == "AccessDeniedException"
    assert f"logs:FilterLogEvents on resource: {group}:log-stream: because" in message
    role.put(allow("logs:FilterLogEvents", f"{group}:*"))
    assert refused(read)[0] == "ResourceNotFoundException"


def test_calls_that_are_not_this_projects_pass(role):
    assert role.client("events").list_rules()["Rules"] == []
    assert role.client("logs").describe_log_groups()["logGroups"] == []
    assert role.client("s3").list_buckets()["Buckets"] == []
    assert role.client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert role.client("kinesisvideo").list_streams()["StreamInfoList"] == []
    assert role.client("lambda").list_functions()["Functions"] == []
    assert role.client("cloudformation").list_stacks()["StackSummaries"] == []


def test_other_credentials_pass(developer, stream, authorizer):
    with pytest.raises(ClientError, match=LET_THROUGH):
        developer("kinesisvideo").describe_edge_configuration(StreamName="cam-1")
    assert authorizer.decisions() == ()


def test_a_role_that_is_gone_may_do_nothing(role, stream):
    role.put(allow(DESCRIBE))
    calling = role.client("kinesisvideo")
    role.iam.delete_role_policy(role.name, "inline")
    role.iam.delete_role(role.name)
    assert refused(lambda: calling.describe_edge_configuration(StreamName="cam-1"))[0] == REFUSED


def test_a_policy_that_cannot_be_evaluated_is_refused_with_what_is_not_known(role, stream):
    role.put(allow(DESCRIBE, Condition={"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}))
    with pytest.raises(ClientError, match="condition operator 'DateLessThan' is not supported"):
        role.client("kinesisvideo").describe_edge_configuration(StreamName="cam-1")


def test_a_new_policy_takes_effect_after_its_time(role, stream, authorizer, clock):
    authorizer.propagation_seconds = 10
    role.put(allow(DESCRIBE, STREAM))
    authorizer.observe()
    clock.time += 9
    assert describe(role) == REFUSED
    clock.time += 1
    assert describe(role) == LET_THROUGH


def test_a_changed_policy_keeps_its_old_effect_until_then(role, stream, authorizer, clock):
    role.put(allow(DESCRIBE, STREAM))
    authorizer.propagation_seconds = 10
    authorizer.observe()
    clock.time += 100
    role.put(allow("states:*"))
    assert describe(role) == LET_THROUGH
    clock.time += 10
    assert describe(role) == REFUSED


def test_a_negative_propagation_is_refused(authorizer):
    with pytest.raises(ValueError, match="give 0 or more"):
        authorizer.propagation_seconds = -1


def test_every_decision_is_recorded_with_what_was_asked(role, stream, authorizer, clock):
    describe(role)
    role.put(allow(DESCRIBE, STREAM))
    describe(role)
    refusal, permission = authorizer.decisions()
    assert (refusal.outcome, refusal.allowed) == (Outcome.NOT_ALLOWED, False)
    assert (permission.outcome, permission.allowed) == (Outcome.ALLOWED, True)
    assert (permission.asked.action, permission.asked.resource) == (DESCRIBE, stream)
    assert (permission.role_name, permission.time) == ("tick-role", clock.time)
    assert permission.grants == {Grant("inline", 0, DESCRIBE, STREAM)}


def test_grants_that_no_call_has_needed_are_known(role, stream, authorizer):
    role.put(allow([DESCRIBE, "kinesisvideo:DeleteEdgeConfiguration"], STREAM))
    describe(role)
    assert authorizer.used_grants("tick-role") == {Grant("inline", 0, DESCRIBE, STREAM)}
    assert authorizer.unused_grants("tick-role") == {Grant("inline", 0, "kinesisvideo:DeleteEdgeConfiguration", STREAM)}


def test_a_reset_forgets_the_decisions(role, stream, authorizer):
    describe(role)
    authorizer.reset()
    assert authorizer.decisions() == ()
