"""Request members are never ignored silently: each is supported, without effect, or refused by name."""

import inspect
import json

import boto3
import pytest
from botocore.exceptions import ClientError

from kvs_edge_local.cloudformation import responses
from kvs_edge_local.cloudformation.request_members import HARMLESS, PARTLY_REFUSED, REFUSED, SERVED, refused_members

MODEL = boto3.client("cloudformation", region_name="eu-central-1").meta.service_model
OPERATIONS = sorted(responses.ACTIONS)
MEMBERS = [
    (operation, member) for operation in OPERATIONS for member in MODEL.operation_model(operation).input_shape.members
]
# Read from the request once what serves them is merged.
NOT_YET_READ = {"PhysicalResourceId", "RetainExceptOnCreate"}
STACK = {"StackName": "Some", "TemplateBody": json.dumps({"Resources": {"A": {"Type": "AWS::CDK::Metadata"}}})}


@pytest.mark.parametrize(("operation", "member"), MEMBERS)
def test_each_member_of_botocores_model_is_accounted_for_once(operation, member):
    accounted = [member in SERVED[operation], member in REFUSED, member in PARTLY_REFUSED]
    # A member may be supported by one operation and without effect in others.
    assert sum(accounted) == 1 or (not any(accounted) and member in HARMLESS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_member_is_served_that_is_not_in_botocores_model(operation):
    assert SERVED[operation] <= set(MODEL.operation_model(operation).input_shape.members)


@pytest.mark.parametrize(
    "member", sorted(frozenset().union(*SERVED.values()) - NOT_YET_READ - {"OperationId", "Filters"})
)
def test_a_member_that_is_served_is_read(member):
    assert f'"{member}"' in inspect.getsource(responses)


@pytest.mark.parametrize("member", sorted(REFUSED - {"StackSetName"}))
def test_a_member_that_is_not_offered_is_refused_by_name(cfn, member):
    operation = next(name for name in ("CreateStack", "UpdateStack", "CreateChangeSet") if takes(name, member))
    method = {"CreateStack": "create_stack", "UpdateStack": "update_stack", "CreateChangeSet": "create_change_set"}
    name = {"ChangeSetName": "changes"} if operation == "CreateChangeSet" else {}

    with pytest.raises(ClientError, match=f"The local AWS does not support {member}: leave it out"):
        getattr(cfn.api, method[operation])(**STACK, **name, **{member: example(operation, member)})


def takes(operation, member):
    return member in MODEL.operation_model(operation).input_shape.members


def example(operation, member):
    shape = MODEL.operation_model(operation).input_shape.members[member]
    if member == "ResourcesToImport":
        return [
            {"ResourceType": "AWS::S3::Bucket", "LogicalResourceId": "A", "ResourceIdentifier": {"BucketName": "b"}}
        ]
    return {"list": ["AWS::S3::Bucket"], "integer": 5}.get(shape.type_name) or next(iter(shape.enum), "something")


@pytest.mark.parametrize(
    ("request_members", "refused"),
    [
        ({"DeploymentConfig": {"Mode": "EXPRESS"}}, ["DeploymentConfig.Mode EXPRESS"]),
        ({"DeploymentConfig": {"Mode": "STANDARD", "DisableRollback": False}}, []),
        ({"DeploymentConfig": {"DisableRollback": True}}, ["DeploymentConfig.DisableRollback"]),
        ({"RollbackConfiguration": {"RollbackTriggers": [{"Arn": "a"}]}}, ["RollbackConfiguration.RollbackTriggers"]),
        ({"RollbackConfiguration": {"RollbackTriggers": [], "MonitoringTimeInMinutes": 0}}, []),
        ({"NotificationARNs": ["arn"], "StackSetName": "s"}, ["NotificationARNs", "StackSetName"]),
        ({"NotificationARNs": [], "ForceRollback": True}, []),
    ],
)
def test_a_value_that_asks_for_nothing_is_not_refused(request_members, refused):
    assert refused_members(request_members) == refused


@pytest.fixture
def review(cfn, custom):
    """Create a change set for a new stack, and return its description."""

    def create(**options):
        cfn.api.create_change_set(
            StackName=cfn.stack_name,
            ChangeSetName="changes",
            TemplateBody=json.dumps({"Resources": {"A": custom()}}),
            **{"ChangeSetType": "CREATE", **options},
        )
        return cfn.api.describe_change_set(StackName=cfn.stack_name, ChangeSetName="changes")

    return create


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("DELETE", "DELETE_COMPLETE"),
        ("DO_NOTHING", "CREATE_FAILED"),
        ("ROLLBACK", "ROLLBACK_COMPLETE"),
    ],
)
def test_a_change_set_says_what_happens_when_the_creation_fails(cfn, review, action, status):
    """[CreateChangeSet] OnStackFailure."""
    cfn.function.fail("Create", "A")
    described = review(OnStackFailure=action)

    cfn.api.execute_change_set(ChangeSetName=described["ChangeSetId"])

    assert cfn.engine.wait(described["StackId"]).status == status


def test_a_failed_update_is_left_as_it_is_if_its_change_set_says_so(cfn, custom):
    """[CreateChangeSet] DO_NOTHING is equivalent to DisableRollback."""
    cfn.create({"A": custom(V=1)})
    cfn.function.fail("Update", "A")
    template = json.dumps({"Resources": {"A": custom(V=2)}})
    cfn.api.create_change_set(
        StackName=cfn.stack_name, ChangeSetName="changes", TemplateBody=template, OnStackFailure="DO_NOTHING"
    )

    cfn.api.execute_change_set(StackName=cfn.stack_name, ChangeSetName="changes")

    assert cfn.wait().status == "UPDATE_FAILED"


def test_on_stack_failure_and_disable_rollback_exclude_each_other(cfn, review):
    described = review(OnStackFailure="ROLLBACK")

    with pytest.raises(ClientError, match="DisableRollback must not be specified"):
        cfn.api.execute_change_set(ChangeSetName=described["ChangeSetId"], DisableRollback=True)


def test_a_stack_that_exists_is_not_deleted_by_a_change_set(cfn, custom, review):
    cfn.create({"A": custom(V=1)})

    with pytest.raises(ClientError, match="only valid when the ChangeSetType is CREATE"):
        review(OnStackFailure="DELETE", ChangeSetType="UPDATE")


def test_disable_rollback_and_on_failure_exclude_each_other(cfn):
    """[CreateStack] "You can specify either DisableRollback or OnFailure, but not both"."""
    with pytest.raises(ClientError, match="either DisableRollback or OnFailure, but not both"):
        cfn.api.create_stack(**STACK, DisableRollback=True, OnFailure="ROLLBACK")


def test_the_same_request_for_a_change_set_is_carried_out_once(cfn, review):
    """[CreateChangeSet] ClientToken: an SDK that lost the response retries."""
    first = review(ClientToken="one")

    assert review(ClientToken="one")["ChangeSetId"] == first["ChangeSetId"]
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        review(ClientToken="two")
