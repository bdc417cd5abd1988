"""A template's function keeps all properties, and is updated in place."""

import json

import pytest


def function(**properties):
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": "assets", "S3Key": "code.zip"},
            "Handler": "app.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Runtime": "python3.13",
            **properties,
        },
    }


@pytest.fixture
def deploy(aws):
    """Deploy a function with these properties through moto's own engine; return its configuration."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="assets", CreateBucketConfiguration={"LocationConstraint": aws.region})
    s3.put_object(Bucket="assets", Key="code.zip", Body=aws.zipped("def handler(e, c): return 'first'"))
    s3.put_object(Bucket="assets", Key="new.zip", Body=aws.zipped("def handler(e, c): return 'second'"))
    cloudformation = aws.client("cloudformation")
    trust = {"Version": "2012-10-17", "Statement": []}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    calls = iter([cloudformation.create_stack])

    def deploy(**properties):
        template = json.dumps({"Resources": {"Role": role, "Tick": function(**properties)}})
        next(calls, cloudformation.update_stack)(StackName="site", TemplateBody=template)
        resource = cloudformation.describe_stack_resource(StackName="site", LogicalResourceId="Tick")
        name = resource["StackResourceDetail"]["PhysicalResourceId"]
        return aws.client("lambda").get_function(FunctionName=name)

    return deploy


FULL = {
    "Architectures": ["arm64"],
    "Description": "Looks at a stream",
    "Environment": {"Variables": {"A": "1"}},
    "EphemeralStorage": {"Size": 1024},
    "KmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/1234",
    "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "all-of-them", "ApplicationLogLevel": "INFO"},
    "MemorySize": 256,
    "RecursiveLoop": "Allow",
    "ReservedConcurrentExecutions": 7,
    "Tags": [{"Key": "site", "Value": "north"}],
    "Timeout": 60,
    "TracingConfig": {"Mode": "Active"},
    "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
}


def test_every_property_arrives(deploy):
    answer = deploy(**FULL)
    configuration = answer["Configuration"]
    same = ("Architectures", "Description", "Environment", "EphemeralStorage", "LoggingConfig", "MemorySize", "Timeout")
    assert {name: configuration[name] for name in same} == {name: FULL[name] for name in same}
    assert configuration["KMSKeyArn"] == FULL["KmsKeyArn"]
    assert configuration["TracingConfig"] == FULL["TracingConfig"]
    assert configuration["VpcConfig"]["SubnetIds"] == ["subnet-1"]
    assert answer["Tags"] == {"site": "north"}
    assert answer["Concurrency"] == {"ReservedConcurrentExecutions": 7}


def test_what_an_update_takes_away_goes_back_to_its_default(deploy):
    plain = deploy()["Configuration"]
    deploy(**FULL)
    back = deploy()["Configuration"]
    changing = {"LastModified", "LastUpdateStatus", "Architectures", "EphemeralStorage"}
    assert {k: v for k, v in back.items() if k not in changing} == {k: v for k, v in plain.items() if k not in changing}


def test_new_code_is_what_runs(aws, deploy):
    arn = deploy()["Configuration"]["FunctionArn"]
    assert aws.lambdas.invoke(arn, {}).value == "first"
    deploy(Code={"S3Bucket": "assets", "S3Key": "new.zip"})
    assert aws.lambdas.invoke(arn, {}).value == "second"


def test_source_in_the_template_runs(aws, deploy):
    arn = deploy(Code={"ZipFile": "def handler(e, c): return 'inline'"}, Handler="index.handler")
    assert aws.lambdas.invoke(arn["Configuration"]["FunctionArn"], {}).value == "inline"


def test_numbers_may_be_strings_as_templates_have_them(aws, deploy):
    arn = deploy(Timeout="5", MemorySize="192")["Configuration"]["FunctionArn"]
    assert aws.lambdas.invoke(arn, {}).value == "first"


def test_a_deleted_stack_leaves_no_function(aws, deploy):
    deploy()
    aws.client("cloudformation").delete_stack(StackName="site")
    assert aws.client("lambda").list_functions()["Functions"] == []


def test_code_that_is_not_in_its_bucket_is_refused(aws, deploy):
    """Otherwise the function would be created, and lose every event."""
    client = aws.client("lambda")
    configuration = {"Runtime": "python3.13", "Handler": "app.handler", "Role": aws.role("nobody")}
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="NoSuchKey"):
        client.create_function(FunctionName="tick", Code={"S3Bucket": "assets", "S3Key": "lost.zip"}, **configuration)
