"""Ordinary resources: created, updated and deleted, as seen through their service's API."""

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
MACHINE = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "Result": "${Word}", "End": True}}}


def statements(action):
    """Return a policy document that allows one action."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def resource(kind, **properties):
    """Return a resource of that type."""
    return {"Type": kind, "Properties": properties}


def role(**properties):
    """Return a role."""
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST, **properties)


@pytest.fixture
def output(cfn):
    """Return a function that reads an output of the stack."""

    def read(key):
        [stack] = cfn.api.describe_stacks(StackName=cfn.stack_name)["Stacks"]
        return next(each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == key)

    return read


def outputs(**values):
    """Return an Outputs section."""
    return {key: {"Value": value} for key, value in values.items()}


def test_a_role_has_its_policies_and_loses_what_the_template_no_longer_has(cfn, output):
    """Trust, inline and managed policies, boundary and tags follow the template."""
    iam, admin = cfn.client("iam"), "arn:aws:iam::123456789012:policy/none"
    policy = resource("AWS::IAM::ManagedPolicy", PolicyDocument=statements("a:Managed"))
    first = role(
        Policies=[{"PolicyName": "one", "PolicyDocument": statements("a:One")}],
        ManagedPolicyArns=[{"Ref": "Policy"}],
        Tags=[{"Key": "k", "Value": "1"}],
    )
    second = role(
        Policies=[{"PolicyName": "two", "PolicyDocument": statements("a:Two")}],
        MaxSessionDuration="7200",
        Description="changed",
    )
    cfn.create({"Policy": policy, "Role": first}, Outputs=outputs(Name={"Ref": "Role"}))
    name = output("Name")
    assert name.startswith(f"{cfn.stack_name[:10]}")
    assert len(name) <= 64
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["one"]
    assert len(iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]) == 1
    assert admin not in str(iam.get_role(RoleName=name))

    cfn.update({"Policy": policy, "Role": second}, Outputs=outputs(Name={"Ref": "Role"}))

    assert output("Name") == name
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["two"]
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    described = iam.get_role(RoleName=name)["Role"]
    assert (described["MaxSessionDuration"], described["Description"]) == (7200, "changed")
    assert iam.list_role_tags(RoleName=name)["Tags"] == []

    cfn.delete()
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=name)


def test_a_role_that_fails_half_way_is_deleted_again(cfn):
    """The role existed when its managed policy could not be attached."""
    iam, name = cfn.client("iam"), f"{cfn.stack_name[-40:]}-half"

    stack = cfn.create({"Role": role(RoleName=name, ManagedPolicyArns=["arn:aws:iam::123456789012:policy/missing"])})

    assert stack.status == "ROLLBACK_COMPLETE"
    assert "policy/missing does not exist" in cfn.reason("Role", "CREATE_FAILED")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=name)


def test_an_inline_policy_moves_from_role_to_role(cfn):
    """The policy is put on the new role and deleted from the old one."""
    iam, name = cfn.client("iam"), cfn.stack_name[-40:]
    roles = {key: role(RoleName=f"{name}-{key}") for key in ("A", "B")}

    def policy(on, action):
        return resource("AWS::IAM::Policy", PolicyName="p", PolicyDocument=statements(action), Roles=[{"Ref": on}])

    cfn.create({**roles, "Policy": policy("A", "a:One")})
    cfn.update({**roles, "Policy": policy("B", "a:Two")})

    assert iam.list_role_policies(RoleName=f"{name}-A")["PolicyNames"] == []
    document = iam.get_role_policy(RoleName=f"{name}-B", PolicyName="p")["PolicyDocument"]
    assert document["Statement"][0]["Action"] == "a:Two"
    cfn.delete()


def test_a_managed_policy_changes_by_a_new_default_version(cfn, output):
    """The number of updates is unlimited, although only five versions may exist."""
    iam = cfn.client("iam")

    def template(number):
        return {"Policy": resource("AWS::IAM::ManagedPolicy", PolicyDocument=statements(f"a:Number{number}"))}

    cfn.create(template(0), Outputs=outputs(Arn={"Ref": "Policy"}))
    arn = output("Arn")
    for number in range(1, 7):
        cfn.update(template(number), Outputs=outputs(Arn={"Ref": "Policy"}))

    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    assert document["Statement"][0]["Action"] == "a:Number6"
    assert len(iam.list_policy_versions(PolicyArn=arn)["Versions"]) <= 5
    cfn.delete()
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_policy(PolicyArn=arn)


def test_a_function_comes_from_s3_and_is_updated_in_place(cfn, output):
    """Code, environment and concurrency are updated, then reset when the template omits them."""
    lambda_, s3, bucket = cfn.client("lambda"), cfn.client("s3"), "code-of-functions"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    for key, text in (("one.zip", "one"), ("two.zip", "two")):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("index.py", text)
        s3.put_object(Bucket=bucket, Key=key, Body=packed.getvalue())

    def template(key, **more):
        function = resource(
            "AWS::Lambda::Function",
            Code={"S3Bucket": bucket, "S3Key": key},
            Handler="index.handler",
            Role={"Fn::GetAtt": ["Role", "Arn"]},
            Runtime="python3.13",
            **more,
        )
        return {"Role": role(), "Function": function}

    arn = outputs(Arn={"Fn::GetAtt": ["Function", "Arn"]})
    cfn.create(
        template("one.zip", Timeout="60", ReservedConcurrentExecutions=2, Environment={"Variables": {"A": "1"}}),
        Outputs=arn,
    )
    before = lambda_.get_function(FunctionName=output("Arn"))
    assert before["Configuration"]["Timeout"] == 60
    assert before["Concurrency"]["ReservedConcurrentExecutions"] == 2

    cfn.update(template("two.zip"), Outputs=arn)

    after = lambda_.get_function(FunctionName=output("Arn"))
    assert after["Configuration"]["FunctionArn"] == before["Configuration"]["FunctionArn"]
    assert after["Configuration"]["CodeSha256"] != before["Configuration"]["CodeSha256"]
    assert after["Configuration"]["Timeout"] == 3
    assert after["Configuration"].get("Environment", {}).get("Variables", {}) == {}
    assert "Concurrency" not in after
    cfn.delete()
    with pytest.raises(lambda_.exceptions.ResourceNotFoundException):
        lambda_.get_function(FunctionName=before["Configuration"]["FunctionName"])


def test_a_function_can_have_its_source_in_the_template_and_things_hung_on_it(cfn):
    """They are a permission and an event invoke configuration."""
    lambda_, name = cfn.client("lambda"), cfn.stack_name[-40:]
    function = resource(
        "AWS::Lambda::Function",
        FunctionName=name,
        Code={"ZipFile": "def handler(event, context): ..."},
        Handler="index.handler",
        Role={"Fn::GetAtt": ["Role", "Arn"]},
        Runtime="python3.13",
    )
    permission = resource(
        "AWS::Lambda::Permission",
        FunctionName={"Ref": "F"},
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
    )
    retries = resource(
        "AWS::Lambda::EventInvokeConfig",
        FunctionName={"Ref": "F"},
        Qualifier="$LATEST",
        MaximumRetryAttempts="0",
    )

    cfn.create({"Role": role(), "F": function, "P": permission, "C": retries})

    policy = json.loads(lambda_.get_policy(FunctionName=name)["Policy"])
    assert policy["Statement"][0]["Principal"] == {"Service": "events.amazonaws.com"}
    assert lambda_.get_function_event_invoke_config(FunctionName=name)["MaximumRetryAttempts"] == 0
    assert cfn.delete().status == "DELETE_COMPLETE"


def test_a_state_machine_has_its_substitutions_made(cfn, output):
    """DefinitionString and Definition have substitutions, which may change."""
    machines = cfn.client("stepfunctions")

    def template(word, **definition):
        machine = resource(
            "AWS::StepFunctions::StateMachine",
            RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
            DefinitionSubstitutions={"Word": word},
            LoggingConfiguration={"Level": "OFF"},
            **definition,
        )
        return {"Role": role(), "Machine": machine}

    arn = outputs(Arn={"Ref": "Machine"})
    cfn.create(template("one", DefinitionString=json.dumps(MACHINE)), Outputs=arn)
    assert '"one"' in machines.describe_state_machine(stateMachineArn=output("Arn"))["definition"]

    cfn.update(template("two", Definition=MACHINE), Outputs=arn)

    described = machines.describe_state_machine(stateMachineArn=output("Arn"))
    assert json.loads(described["definition"])["States"]["Only"]["Result"] == "two"
    cfn.delete()


def test_a_log_group_keeps_its_retention(cfn, output):
    """The retention is set, changed and removed; Fn::GetAtt's ARN ends in :*."""
    logs, name = cfn.client("logs"), f"/{cfn.stack_name}"

    def retention():
        [group] = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        return group.get("retentionInDays")

    arn = outputs(Arn={"Fn::GetAtt": ["Group", "Arn"]})
    cfn.create({"Group": resource("AWS::Logs::LogGroup", LogGroupName=name, RetentionInDays="7")}, Outputs=arn)
    assert retention() == 7
    assert output("Arn") == f"arn:aws:logs:eu-central-1:123456789012:log-group:{name}:*"

    cfn.update({"Group": resource("AWS::Logs::LogGroup", LogGroupName=name)}, Outputs=arn)

    assert retention() is None
    cfn.delete()
    assert logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []


def test_a_bucket_is_configured_and_serves_although_its_policy_demands_tls(cfn, output):
    """The local AWS uses HTTP: a policy against HTTP would block every client."""
    s3 = cfn.client("s3")
    bucket = resource(
        "AWS::S3::Bucket",
        VersioningConfiguration={"Status": "Enabled"},
        BucketEncryption={
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        LifecycleConfiguration={"Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": "5"}]},
        Tags=[{"Key": "k", "Value": "v"}],
    )
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = resource("AWS::S3::BucketPolicy", Bucket={"Ref": "Bucket"}, PolicyDocument={"Statement": [deny]})

    cfn.create({"Bucket": bucket, "Policy": policy}, Outputs=outputs(Name={"Ref": "Bucket"}))

    name = output("Name")
    s3.put_object(Bucket=name, Key="k", Body=b"v")
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]["Expiration"]["Days"] == 5
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "k", "Value": "v"}]
    stack = cfn.delete()
    assert stack.status == "DELETE_FAILED"
    assert "BucketNotEmpty" in cfn.reason("Bucket", "DELETE_FAILED")


def test_a_bucket_policy_of_other_content_is_put(cfn, output):
    """Statements without TLS conditions stay in it."""
    s3 = cfn.client("s3")
    allow = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": {"Fn::Sub": "${Bucket.Arn}/*"},
    }
    policy = resource("AWS::S3::BucketPolicy", Bucket={"Ref": "Bucket"}, PolicyDocument={"Statement": [allow]})

    cfn.create({"Bucket": resource("AWS::S3::Bucket"), "Policy": policy}, Outputs=outputs(Name={"Ref": "Bucket"}))

    statement = json.loads(s3.get_bucket_policy(Bucket=output("Name"))["Policy"])["Statement"][0]
    assert statement["Resource"] == f"arn:aws:s3:::{output('Name')}/*"
    assert cfn.delete().status == "DELETE_COMPLETE"


def test_secrets_parameters_things_keys_and_repositories(cfn, output):
    """Each is created with its properties, updated in place, and deleted with its stack."""

    def template(word):
        return {
            "Secret": resource("AWS::SecretsManager::Secret", SecretString=f'{{"MediaURI": "rtsp://{word}"}}'),
            "Parameter": resource("AWS::SSM::Parameter", Type="String", Value=word),
            "Thing": resource("AWS::IoT::Thing", AttributePayload={"Attributes": {"site": word}}),
            "Key": resource("AWS::KMS::Key", KeyPolicy=statements("kms:*"), Description=word),
            "Alias": resource("AWS::KMS::Alias", AliasName=f"alias/{cfn.stack_name}", TargetKeyId={"Ref": "Key"}),
            "Repository": resource(
                "AWS::ECR::Repository", ImageTagMutability="IMMUTABLE" if word == "one" else "MUTABLE"
            ),
        }

    names = outputs(
        **{key: {"Ref": key} for key in template("one")},
        ThingArn={"Fn::GetAtt": ["Thing", "Arn"]},
        Value={"Fn::GetAtt": ["Parameter", "Value"]},
    )
    cfn.create(template("one"), Outputs=names)
    ids = {key: output(key) for key in template("one")}
    assert output("ThingArn") == f"arn:aws:iot:eu-central-1:123456789012:thing/{ids['Thing']}"

    assert cfn.update(template("two"), Outputs=names).status == "UPDATE_COMPLETE"

    assert {key: output(key) for key in ids} == ids
    assert output("Value") == "two"
    secret = cfn.client("secretsmanager").get_secret_value(SecretId=ids["Secret"])["SecretString"]
    assert secret == '{"MediaURI": "rtsp://two"}'
    assert cfn.client("iot").describe_thing(thingName=ids["Thing"])["attributes"] == {"site": "two"}
    assert cfn.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]["Description"] == "two"
    [repository] = cfn.client("ecr").describe_repositories(repositoryNames=[ids["Repository"]])["repositories"]
    assert repository["imageTagMutability"] == "MUTABLE"
    assert cfn.delete().status == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="NotFound"):
        cfn.client("iot").describe_thing(thingName=ids["Thing"])


def test_moto_s_own_models_serve_other_types(cfn, output):
    """The models of moto create, update and delete a queue and a topic."""
    queue = resource("AWS::SQS::Queue", QueueName=cfn.stack_name, VisibilityTimeout=30)
    names = outputs(Arn={"Fn::GetAtt": ["Queue", "Arn"]})
    cfn.create({"Queue": queue}, Outputs=names)
    assert output("Arn").endswith(cfn.stack_name)

    changed = resource("AWS::SQS::Queue", QueueName=cfn.stack_name, VisibilityTimeout=60)
    assert cfn.update({"Queue": changed}, Outputs=names).status == "UPDATE_COMPLETE"

    sqs = cfn.client("sqs")
    url = sqs.get_queue_url(QueueName=cfn.stack_name)["QueueUrl"]
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"] == {
        "VisibilityTimeout": "60"
    }
    cfn.delete()
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName=cfn.stack_name)


def test_what_moto_cannot_change_in_place_is_refused_before_anything_is_deployed(cfn):
    """The refusal names the property."""
    cfn.create({"Vpc": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")})

    with pytest.raises(
        ClientError, match="Resource Vpc: the local AWS cannot change EnableDnsHostnames of AWS::EC2::VPC"
    ):
        cfn.update({"Vpc": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsHostnames=True)})


def test_a_video_stream_is_made_and_renamed_by_replacement(cfn, output):
    """Name is one of the properties whose change replaces a stream; the clean-up deletes the old one."""
    video = cfn.client("kinesisvideo")

    def template(name, hours):
        return {"Stream": resource("AWS::KinesisVideo::Stream", Name=name, DataRetentionInHours=hours)}

    names = outputs(Arn={"Fn::GetAtt": ["Stream", "Arn"]})
    cfn.create(template("door", 24), Outputs=names)
    cfn.update(template("door", 48), Outputs=names)
    assert video.describe_stream(StreamName="door")["StreamInfo"]["DataRetentionInHours"] == 48

    cfn.update(template("gate", 48), Outputs=names)

    assert ":stream/gate/" in output("Arn")
    with pytest.raises(video.exceptions.ResourceNotFoundException):
        video.describe_stream(StreamName="door")
    cfn.delete()


def test_metadata_is_a_no_op(cfn):
    """AWS::CDK::Metadata and a wait condition's handle are accepted by name."""
    stack = cfn.create(
        {
            "Meta": resource("AWS::CDK::Metadata", Analytics="v2"),
            "Handle": resource("AWS::CloudFormation::WaitConditionHandle"),
        }
    )

    assert stack.status == "CREATE_COMPLETE"
    assert cfn.delete().status == "DELETE_COMPLETE"
