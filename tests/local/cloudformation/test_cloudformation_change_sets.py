"""Change sets as the CDK CLI uses them, and refusals before a deployment."""

import json

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def change_set(cfn):
    """Return a function that creates a change set and describes it."""

    def create(resources, name="changes", **options):
        made = cfn.api.create_change_set(
            StackName=cfn.stack_name,
            ChangeSetName=name,
            TemplateBody=json.dumps({"Resources": resources, **options.pop("sections", {})}),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            **{"ChangeSetType": "UPDATE", **options},
        )
        return cfn.api.describe_change_set(ChangeSetName=made["Id"], IncludePropertyValues=True)

    return create


def changes(described):
    """Return action, logical id and replacement of each change."""
    resources = [each["ResourceChange"] for each in described["Changes"]]
    return [(each["Action"], each["LogicalResourceId"], each.get("Replacement")) for each in resources]


def test_a_new_stack_is_in_review_until_its_change_set_is_executed(cfn, custom, change_set):
    """The execution creates the resources, as CreateStack does."""
    described = change_set({"A": custom()}, ChangeSetType="CREATE")

    assert (described["Status"], described["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert changes(described) == [("Add", "A", None)]
    assert cfn.engine.stack(cfn.stack_name).status == "REVIEW_IN_PROGRESS"
    assert cfn.function.events == []
    assert "TemplateBody" not in cfn.api.get_template(StackName=cfn.stack_name)

    cfn.api.execute_change_set(ChangeSetName=described["ChangeSetId"])

    assert cfn.wait().status == "CREATE_COMPLETE"


def test_a_change_set_tells_what_is_added_modified_and_removed(cfn, custom, change_set):
    """A change has the values before and after, and tells if the physical resource is replaced."""
    cfn.create({"A": custom(V=1), "B": custom(), "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {}}})
    renamed = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": f"/{cfn.stack_name}"}}

    described = change_set({"A": custom(V=2), "C": custom(), "Group": renamed})

    assert sorted(changes(described)) == [
        ("Add", "C", None),
        ("Modify", "A", "False"),
        ("Modify", "Group", "True"),
        ("Remove", "B", None),
    ]
    [detail] = next(
        each["ResourceChange"]["Details"]
        for each in described["Changes"]
        if each["ResourceChange"]["LogicalResourceId"] == "A"
    )
    assert detail["Target"]["Name"] == "V"
    assert (detail["Target"]["BeforeValue"], detail["Target"]["AfterValue"]) == ("1", "2")


def test_what_is_known_only_when_executed_counts_as_a_change(cfn, custom, respond, change_set):
    """An attribute of a changed custom resource may change too."""
    cfn.function.behaviour = lambda event: respond(event, Data={"Echo": event["ResourceProperties"].get("V", "-")})
    echo = {"Fn::GetAtt": ["A", "Echo"]}
    cfn.create({"A": custom(V=1), "B": custom(From=echo)})

    described = change_set({"A": custom(V=2), "B": custom(From=echo)})

    assert changes(described) == [("Modify", "A", "False"), ("Modify", "B", "False")]
    after = json.loads(described["Changes"][1]["ResourceChange"]["AfterContext"])
    assert after["Properties"]["From"] == "{{changeSet:KNOWN_AFTER_APPLY}}"


def test_a_change_set_without_changes_fails_in_words_that_the_cdk_cli_knows(cfn, custom, change_set):
    """An empty change set cannot be executed."""
    cfn.create({"A": custom()})

    described = change_set({"A": custom()})

    assert described["Status"] == "FAILED"
    assert described["StatusReason"].startswith("The submitted information didn't contain changes.")
    with pytest.raises(ClientError, match="cannot be executed in its current status"):
        cfn.api.execute_change_set(ChangeSetName=described["ChangeSetId"])


def test_a_change_set_that_is_not_there_is_not_found(cfn, custom, change_set):
    """The error has the code that the CDK CLI waits for after a deletion."""
    cfn.create({"A": custom()})
    change_set({"A": custom(V=2)})

    cfn.api.delete_change_set(StackName=cfn.stack_name, ChangeSetName="changes")
    cfn.api.delete_change_set(StackName=cfn.stack_name, ChangeSetName="changes")

    with pytest.raises(cfn.api.exceptions.ChangeSetNotFoundException):
        cfn.api.describe_change_set(StackName=cfn.stack_name, ChangeSetName="changes")


def test_executing_a_change_set_deletes_the_others_of_the_stack(cfn, custom, change_set):
    """The others were planned from an outdated state."""
    cfn.create({"A": custom(V=1)})
    first, second = (
        change_set({"A": custom(V=2)}, name="first"),
        change_set({"A": custom(V=3)}, name="second"),
    )

    cfn.api.execute_change_set(ChangeSetName=second["ChangeSetId"])
    cfn.wait()

    with pytest.raises(cfn.api.exceptions.ChangeSetNotFoundException):
        cfn.api.describe_change_set(ChangeSetName=first["ChangeSetId"])
    assert [each["ChangeSetName"] for each in cfn.api.list_change_sets(StackName=cfn.stack_name)["Summaries"]] == [
        "second"
    ]


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (
            {"Q": {"Type": "AWS::Foo::Bar"}},
            r"Unrecognized resource types: \[AWS::Foo::Bar\].*does not support the type of Q",
        ),
        ({"N": {"Type": "AWS::CloudFormation::Stack"}}, "Unrecognized resource types"),
        ({"A": {"Type": "Custom::X", "Properties": {}}}, "Resource A: ServiceToken is a required property"),
        (
            {"A": {"Type": "Custom::X", "Properties": {"ServiceToken": "t", "ServiceTimeout": 3601}}},
            "ServiceTimeout is 3601",
        ),
        ({"A": {"Type": "Custom::X", "Properties": {"ServiceToken": {"Ref": "Nobody"}}}}, r"\[Nobody\] in resource A"),
        (
            {"A": {"Type": "Custom::X", "Properties": {"ServiceToken": {"Fn::Sub": "${Nobody.Arn}"}}}},
            "undefined resource Nobody, in resource A",
        ),
        (
            {
                "L": {"Type": "AWS::Logs::LogGroup"},
                "A": {"Type": "Custom::X", "Properties": {"ServiceToken": {"Fn::GetAtt": ["L", "Nothing"]}}},
            },
            "resource L does not support attribute type Nothing",
        ),
        (
            {"A": {"Type": "Custom::X", "Properties": {"ServiceToken": {"Fn::Cidr": ["10.0.0.0/8", 1, 8]}}}},
            "does not support the intrinsic function Fn::Cidr",
        ),
        (
            {
                "A": {"Type": "AWS::Logs::LogGroup", "DependsOn": "B"},
                "B": {"Type": "AWS::Logs::LogGroup", "DependsOn": "A"},
            },
            "Circular dependency between resources",
        ),
        (
            {"B": {"Type": "AWS::S3::Bucket", "Properties": {"WebsiteConfiguration": {}}}},
            "does not support AWS::S3::Bucket's WebsiteConfiguration",
        ),
        (
            {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "nodejs22.x"}}},
            "runs Python functions only",
        ),
    ],
)
def test_what_cannot_be_deployed_is_refused_before_anything_is(cfn, change_set, resources, message):
    """The refusal names the problem and leaves no stack in review."""
    with pytest.raises(ClientError, match=message):
        change_set(resources, ChangeSetType="CREATE")
    with pytest.raises(ClientError, match=message):
        cfn.create(resources)
    with pytest.raises(ClientError, match="does not exist"):
        cfn.api.describe_stacks(StackName=cfn.stack_name)


def test_an_action_that_is_not_offered_is_refused_at_once(cfn):
    """The status is one that no SDK retries."""
    with pytest.raises(ClientError, match="does not support cloudformation:DetectStackDrift") as refused:
        cfn.api.detect_stack_drift(StackName="any")

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_an_option_that_is_not_offered_is_refused(cfn, custom):
    """A silently ignored option would look supported."""
    with pytest.raises(ClientError, match="does not support NotificationARNs, TimeoutInMinutes"):
        cfn.create(
            {"A": custom()}, TimeoutInMinutes=5, NotificationARNs=["arn:aws:sns:eu-central-1:123456789012:topic"]
        )


def test_iam_resources_need_to_be_acknowledged(cfn):
    """IAM resources need CAPABILITY_IAM, named ones CAPABILITY_NAMED_IAM."""
    unnamed = {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}}
    named = {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "RoleName": "x"}}}
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_IAM\]"):
        cfn.create(unnamed, Capabilities=[])
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_NAMED_IAM\]"):
        cfn.create(named, Capabilities=["CAPABILITY_IAM"])


def test_lists_come_in_pages(cfn, custom):
    """DescribeStackEvents has pages of a hundred; botocore's paginator reads them all."""
    stack = cfn.create({f"A{number}": custom() for number in range(40)})

    first = cfn.api.describe_stack_events(StackName=cfn.stack_name)
    pages = cfn.api.get_paginator("describe_stack_events").paginate(StackName=cfn.stack_name)

    assert len(first["StackEvents"]) == 100
    assert [event["EventId"] for page in pages for event in page["StackEvents"]] == [
        event.event_id for event in reversed(stack.events)
    ]


def test_resources_are_described_with_their_status(cfn, custom):
    """DescribeStackResources, DescribeStackResource and ListStackResources agree."""
    cfn.create({"A": custom()})

    [described] = cfn.api.describe_stack_resources(StackName=cfn.stack_name)["StackResources"]
    one = cfn.api.describe_stack_resource(StackName=cfn.stack_name, LogicalResourceId="A")["StackResourceDetail"]
    [listed] = cfn.api.list_stack_resources(StackName=cfn.stack_name)["StackResourceSummaries"]
    for each in (described, one, listed):
        assert (each["LogicalResourceId"], each["PhysicalResourceId"]) == ("A", "A")
        assert (each["ResourceType"], each["ResourceStatus"]) == ("Custom::Thing", "CREATE_COMPLETE")


def test_the_template_is_given_back_as_it_was_given(cfn, custom):
    """GetTemplate and GetTemplateSummary return it for a stack and a body."""
    parameters = {"Size": {"Type": "Number", "Default": 3, "AllowedValues": [1, 3]}}
    cfn.create({"A": custom()}, Parameters=parameters)

    body = cfn.api.get_template(StackName=cfn.stack_name)["TemplateBody"]
    summary = cfn.api.get_template_summary(StackName=cfn.stack_name)

    assert body["Parameters"] == parameters
    assert summary["ResourceTypes"] == ["Custom::Thing"]
    assert summary["Parameters"][0]["ParameterConstraints"]["AllowedValues"] == ["1", "3"]
    assert cfn.api.validate_template(TemplateBody=json.dumps(body))["Parameters"][0]["DefaultValue"] == "3"


def test_a_template_over_51200_bytes_has_to_come_from_s3(cfn, custom):
    """From S3 it may have up to 1 MB."""
    big = {"A": custom(Text="x" * 60_000)}
    with pytest.raises(ClientError, match="the maximum is 51200; put it into S3"):
        cfn.create(big)
    s3, bucket = cfn.client("s3"), f"templates-{len(cfn.stack_name)}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket=bucket, Key="t.json", Body=json.dumps({"Resources": big}))

    cfn.api.create_stack(StackName=cfn.stack_name, TemplateURL=f"https://s3.eu-central-1.amazonaws.com/{bucket}/t.json")

    assert cfn.wait().status == "CREATE_COMPLETE"


def test_ssm_parameters_are_read_when_a_change_set_is_made(cfn, custom, change_set):
    """A parameter of an SSM type is a name; UsePreviousValue keeps the name and reads the value again."""
    ssm, name = cfn.client("ssm"), f"/{cfn.stack_name}"
    ssm.put_parameter(Name=name, Type="String", Value="one")
    parameters = {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": name}}
    cfn.create({"A": custom(V={"Ref": "P"})}, Parameters=parameters)
    ssm.put_parameter(Name=name, Type="String", Value="two", Overwrite=True)

    described = change_set(
        {"A": custom(V={"Ref": "P"})},
        sections={"Parameters": parameters},
        Parameters=[{"ParameterKey": "P", "UsePreviousValue": True}],
    )

    assert cfn.function.events[0]["ResourceProperties"]["V"] == "one"
    assert described["Parameters"] == [{"ParameterKey": "P", "ParameterValue": name, "ResolvedValue": "two"}]
    assert changes(described) == [("Modify", "A", "False")]
