"""Private parts of moto and cfn-lint that the local CloudFormation uses: an upgrade must fail here."""

import importlib.metadata
import inspect
from xml.etree import ElementTree

import boto3
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from moto import settings
from moto.backends import list_of_moto_modules
from moto.cloudformation import parsing, urls
from moto.cloudformation.responses import CloudFormationResponse as MotoCloudFormationResponse
from moto.core.common_models import CloudFormationModel
from moto.core.responses import ActionResult, BaseResponse
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.iam.models import IAMBackend, iam_backends
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import s3_backends
from werkzeug.test import EnvironBuilder, run_wsgi_app

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation import schemas
from kvs_edge_local.cloudformation.errors import ChangeSetNotFoundError, ValidationError
from kvs_edge_local.cloudformation.registry import NOT_FROM_MOTO, Registry
from kvs_edge_local.cloudformation.resources.api import Api
from kvs_edge_local.cloudformation.resources.moto_models import MotoModel, moto_models
from kvs_edge_local.cloudformation.resources.services.no_op import NoOp
from kvs_edge_local.cloudformation.responses import ACTIONS, CloudFormationResponse
from kvs_edge_local.http_server import moto_application
from kvs_edge_local.iam import read_policies_once
from kvs_edge_local.moto_patches import Patches

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
)
# What Fn::GetAtt gives beside the read-only properties of the schema, by the template reference of each type.
DOCUMENTED_ATTRIBUTES = {"AWS::SSM::Parameter": {"Type", "Value"}, "AWS::S3::BucketPolicy": set()}


@pytest.fixture(scope="module")
def handlers():
    """Every handler of ordinary resources, by type."""
    api = Api("http://localhost:1", "eu-central-1", {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"})
    return Registry(Clock(), api, NoOp(api))._handlers


def ask(application, service, **options):
    """Send a signed request to a WSGI application; return status line and body."""
    headers = {"Authorization": SIGNED.format(service=service), **options.pop("headers", {})}
    builder = EnvironBuilder(base_url="http://localhost:4566/", headers=headers, **options)
    body, status, _ = run_wsgi_app(application, builder.get_environ(), buffered=True)
    return status, b"".join(body).decode()


def test_it_is_the_version_that_was_read():
    """The private parts were read in this one."""
    assert importlib.metadata.version("moto") == "5.2.5"


def test_cloudformation_s_requests_go_where_its_url_table_says():
    """The path whose handler is replaced is there, and leads to moto's own class."""
    assert urls.url_paths["{0}/$"].__self__ is MotoCloudFormationResponse


def test_a_response_class_is_called_by_the_names_of_its_actions():
    """Each action offered is an operation of botocore's model and a method; parameters come parsed by the model."""
    model = ServiceModel(Loader().load_service_model("cloudformation", "service-2"))

    assert set(model.operation_names) >= ACTIONS
    for action in ACTIONS:
        name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in action).lstrip("_")
        assert callable(getattr(CloudFormationResponse, name))
    for name in ("call_action", "serialized", "_get_action", "_get_param", "dispatch"):
        assert callable(getattr(BaseResponse, name))


def test_results_and_errors_are_serialized_by_botocore_s_model(monkeypatch):
    """With microseconds in times, the error's own code and HTTP status, and booleans and lists parsed."""
    parsed = {}

    class Probe(CloudFormationResponse):
        def describe_stacks(self):
            parsed.update(self.params, account=self.current_account, region=self.region)
            return ActionResult({"Stacks": [{"StackName": "A", "CreationTime": _moment(), "StackStatus": "X"}]})

        def delete_stack(self):
            raise ValidationError("this is what is wrong")

        def describe_change_set(self):
            raise ChangeSetNotFoundError("none")

    monkeypatch.setitem(urls.url_paths, "{0}/$", Probe.dispatch)
    application = DomainDispatcherApplication(create_backend_app)

    def call(**form):
        return ask(application, "cloudformation", method="POST", data={"Version": "2010-05-15", **form})

    status, body = call(Action="DescribeStacks", StackName="A")
    assert status == "200 OK"
    assert _text(body, "CreationTime") == "2026-01-02T03:04:05.678900Z"
    assert (parsed["StackName"], parsed["account"], parsed["region"]) == ("A", "123456789012", "eu-central-1")

    status, body = call(Action="DeleteStack", StackName="A")
    assert (status, _text(body, "Code")) == ("400 BAD REQUEST", "ValidationError")
    assert _text(body, "Message") == "this is what is wrong"

    status, body = call(Action="DescribeChangeSet", ChangeSetName="A")
    assert (status, _text(body, "Code")) == ("404 NOT FOUND", "ChangeSetNotFound")

    status, body = call(Action="DetectStackDrift", StackName="A")
    assert (status, _text(body, "Code")) == ("400 BAD REQUEST", "ValidationError")


def test_moto_s_server_asks_for_a_service_s_application_when_it_is_first_called():
    """An unknown service is asked for as None; what an application raises comes out of the server."""
    asked = []

    def create(service):
        asked.append(service)
        raise NotImplementedError(service)

    application = DomainDispatcherApplication(create)
    for service in ("cloudformation", "codeartifact"):
        with pytest.raises(NotImplementedError):
            ask(application, service, method="POST")

    assert asked == ["cloudformation", None]
    assert "cloudformation" in list_of_moto_modules()


def test_an_action_that_moto_lacks_raises_through_its_server():
    """There it becomes a 400."""
    application = DomainDispatcherApplication(create_backend_app)

    with pytest.raises(NotImplementedError, match="has not been implemented"):
        ask(
            application,
            "ssm",
            method="POST",
            data="{}",
            headers={"X-Amz-Target": "AmazonSSM.DescribeAutomationStepExecutions"},
        )


def test_moto_s_request_handler_logs_by_a_method_that_can_be_silenced():
    """The same that every line of a request goes through."""
    assert list(inspect.signature(MotoRequestHandler.log).parameters)[:3] == ["self", "type", "message"]
    assert "self.log(" in inspect.getsource(MotoRequestHandler.log_request)


def test_moto_has_the_regions_of_ec2_that_botocore_s_model_would_give():
    """Its import gets them from the endpoints only."""
    session = boto3.Session()
    partitions = ("aws", "aws-us-gov", "aws-cn")
    regions = [name for partition in partitions for name in session.get_available_regions("ec2", partition)]

    assert [region.name for region in RegionsAndZonesBackend.regions] == regions


def test_a_reset_forgets_all_backends():
    """Of every account and region."""
    s3_backends["123456789012"]["aws"].create_bucket("soon-gone", "eu-central-1")

    moto_api_backend.reset()

    assert s3_backends["123456789012"]["aws"].buckets == {}


def test_aws_s_managed_policies_are_there_on_demand(monkeypatch):
    """CDK's bootstrap roles refer to some."""
    needed = ("AdministratorAccess", "ReadOnlyAccess", "AWSCloudFormationReadOnlyAccess")
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    moto_api_backend.reset()

    policies = iam_backends["123456789012"]["aws"].managed_policies

    assert {f"arn:aws:iam::aws:policy/{name}" for name in needed} <= set(policies)
    monkeypatch.undo()
    moto_api_backend.reset()


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_policies_that_are_read_once_are_those_that_moto_reads(monkeypatch, partition):
    """Except for their random ids; an attachment in one account is none after a reset."""
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    moto_s = {policy.arn: _without_id(policy) for policy in IAMBackend(partition, "123456789012").aws_managed_policies}
    patches = Patches()
    read_policies_once(patches)
    try:
        policies = IAMBackend(partition, "123456789012").aws_managed_policies
        assert {policy.arn: _without_id(policy) for policy in policies} == moto_s
        policies[0].attachment_count += 1
        policies[0].versions[0].is_default = False
        again = IAMBackend(partition, "123456789012").aws_managed_policies
    finally:
        patches.undo()
    assert {policy.arn: _without_id(policy) for policy in again} == moto_s


def _without_id(policy):
    versions = [vars(version) for version in policy.versions]
    return {**vars(policy), "id": None, "versions": versions}


def test_moto_asks_for_the_service_of_a_host_under_its_lock():
    """Our application remembers it without a lock of its own."""
    source = inspect.getsource(DomainDispatcherApplication.get_application)

    assert source.index("with self.lock:") < source.index("self.get_backend_for_host(host)")
    assert source.count("self.get_backend_for_host(host)") == 2
    application = moto_application()
    for host in ("kinesisvideo.eu-central-1.amazonaws.com", "no-such-service.eu-central-1.api.aws", None, "s3control"):
        expected = DomainDispatcherApplication(create_backend_app).get_backend_for_host(host)
        assert [application.get_backend_for_host(host) for _ in range(2)] == [expected, expected]


def test_moto_learns_its_port_from_the_environment(monkeypatch):
    """Its Step Functions call back there."""
    monkeypatch.setenv("MOTO_PORT", "4567")

    assert str(settings.moto_server_port()) == "4567"


def test_moto_s_models_are_driven_as_they_are_declared():
    """Every model that is offered takes the arguments that it is called with."""
    models = moto_models(Clock())

    assert len(models) > 20
    for resource_type in models:
        model = parsing.get_model_map()[resource_type]
        inspect.signature(model.create_from_cloudformation_json).bind(
            "name", {}, "123456789012", "eu-central-1", LogicalId="A", StackId="s", ResourceType="t"
        )
        inspect.signature(model.update_from_cloudformation_json).bind(
            original_resource=None, new_resource_name="", cloudformation_json={}, account_id="", region_name=""
        )
        inspect.signature(model.delete_from_cloudformation_json).bind("name", {}, "", "")
        assert isinstance(model.has_cfn_attr("Arn"), bool)
        assert isinstance(model.cloudformation_name_type(), str)


def test_moto_marks_what_a_model_does_not_implement():
    """The mark is how moto tells, too; and what cannot be removed is not offered."""
    assert hasattr(CloudFormationModel.delete_from_cloudformation_json, "__isabstractmethod__")
    assert "AWS::EC2::VPCGatewayAttachment" in parsing.get_model_map()
    assert "AWS::EC2::VPCGatewayAttachment" not in moto_models(Clock())


def test_moto_s_nested_stacks_are_not_offered():
    """They would be made by moto's own engine, which runs no custom resource."""
    assert set(parsing.get_model_map()) >= NOT_FROM_MOTO


def test_cfn_lint_ships_the_schema_of_every_type_that_is_served(handlers):
    """And it tells whose change replaces a resource."""
    assert [name for name in handlers if schemas.schema(name) is None] == []
    assert schemas.replacing_properties("AWS::KinesisVideo::Stream", {"Name": "a"}, {"Name": "b"}) == {"Name"}
    assert schemas.replacing_properties("AWS::IAM::Role", {"RoleName": "a"}, {}) == {"RoleName"}
    assert schemas.replacing_properties("AWS::IAM::Role", {"Description": "a"}, {"Description": "b"}) == frozenset()
    assert schemas.schema("AWS::No::Such") is None


def test_handlers_promise_no_property_or_attribute_that_cloudformation_does_not_have(handlers):
    """Held against the schemas; so a template that works here does not fail there for a name."""
    ours = {name: each for name, each in handlers.items() if not isinstance(each, MotoModel | NoOp)}

    assert len(ours) > 14
    for resource_type, handler in ours.items():
        known = schemas.schema(resource_type)["properties"]
        attributes = schemas.attributes(resource_type) | DOCUMENTED_ATTRIBUTES.get(resource_type, set())
        assert set(handler.properties) <= set(known), resource_type
        assert set(handler.attributes) <= attributes, resource_type


def _moment():
    from datetime import datetime

    return datetime(2026, 1, 2, 3, 4, 5, 678900)


def _text(body, tag):
    return next(each.text for each in ElementTree.fromstring(body).iter() if each.tag.rpartition("}")[2] == tag)
