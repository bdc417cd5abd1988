"""The same streams and edge configurations, declared with each of the ways there are."""

import atexit
import json
import shutil
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from aws_cdk import Arn, ArnComponents, ArnFormat, CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import custom_resources as cr
from cold_start_aws import EDGE_CONFIG

from cdk_kvs_edge import StreamEdgeConfiguration

HANDLERS = Path(__file__).parent / "template_handlers"
STREAMS_A_HUB = 16
START, DESCRIBE, DELETE = (
    "kinesisvideo:StartEdgeConfigurationUpdate",
    "kinesisvideo:DescribeEdgeConfiguration",
    "kinesisvideo:DeleteEdgeConfiguration",
)


def streams(stack, count):
    """Yield the streams, each with AWS's example of an edge configuration."""
    for index in range(count):
        name = f"camera-{index:03}"
        stream = kinesisvideo.CfnStream(stack, f"Stream{index:03}", name=name, data_retention_in_hours=24)
        config = json.loads(json.dumps(EDGE_CONFIG))
        hub = f"arn:aws:iot:eu-west-1:123456789012:thing/hub-{index // STREAMS_A_HUB}"
        secret = f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}-AbCdEf"
        config["HubDeviceArn"] = hub
        config["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"] = secret
        yield f"Edge{index:03}", stream, config


def streams_alone(stack, count):
    for _ in streams(stack, count):
        pass


def ours(stack, count, **options):
    for name, stream, config in streams(stack, count):
        StreamEdgeConfiguration.from_edge_config(stack, name, stream=stream, edge_config=config, **options)


def ours_destroyed(stack, count):
    ours(stack, count, removal_policy=RemovalPolicy.DESTROY)


def aws_custom_resource(stack, count):
    for name, stream, config in streams(stack, count):
        start = cr.AwsSdkCall(
            service="KinesisVideo",
            action="StartEdgeConfigurationUpdate",
            parameters={"StreamName": stream.ref, "EdgeConfig": config},
            physical_resource_id=cr.PhysicalResourceId.of(stream.ref),
        )
        delete = cr.AwsSdkCall(
            service="KinesisVideo",
            action="DeleteEdgeConfiguration",
            parameters={"StreamName": stream.ref},
            ignore_error_codes_matching="ResourceNotFoundException|StreamEdgeConfigurationNotFoundException",
        )
        allowed = iam.PolicyStatement(actions=[START, DELETE], resources=[stream.attr_arn])
        cr.AwsCustomResource(
            stack,
            name,
            on_create=start,
            on_update=start,
            on_delete=delete,
            policy=cr.AwsCustomResourcePolicy.from_statements([allowed]),
            install_latest_aws_sdk=False,
        )


def framework(stack):
    """Both handlers and the provider."""
    code = lambda_.Code.from_asset(str(HANDLERS / "provider_framework"))
    on_event = _function(stack, "OnEvent", code, "index.on_event")
    is_complete = _function(stack, "IsComplete", code, "index.is_complete")
    provider = cr.Provider(
        stack,
        "Provider",
        on_event_handler=on_event,
        is_complete_handler=is_complete,
        total_timeout=Duration.minutes(20),
        log_group=_log_group(stack, "ProviderLogs"),
    )
    return on_event, is_complete, provider


def provider_framework(stack, count):
    on_event, is_complete, provider = framework(stack)
    for name, stream, config in streams(stack, count):
        permit(on_event, [START, DELETE], [stream.attr_arn])
        permit(is_complete, [DESCRIBE], [stream.attr_arn])
        custom_resource(stack, name, provider.service_token, stream.ref, config)


def crhelper_polling(stack, count):
    function = _function(stack, "Handler", lambda_.Code.from_asset(_with_crhelper()), "index.handler")
    for service, resource, name, actions in (
        ("events", "rule", "*", ["PutRule", "DeleteRule", "PutTargets", "RemoveTargets"]),
        # Its own ARN would make a circle of the function and its role's policy.
        ("lambda", "function", f"{stack.stack_name}-*", ["AddPermission", "RemovePermission"]),
    ):
        arn_format = ArnFormat.SLASH_RESOURCE_NAME if service == "events" else ArnFormat.COLON_RESOURCE_NAME
        components = ArnComponents(service=service, resource=resource, resource_name=name, arn_format=arn_format)
        permit(function, [f"{service}:{action}" for action in actions], [Arn.format(components, stack)])
    for name, stream, config in streams(stack, count):
        permit(function, [START, DESCRIBE, DELETE], [stream.attr_arn])
        custom_resource(stack, name, function.function_arn, stream.ref, config)


def _function(stack: Stack, name: str, code: lambda_.Code, handler: str) -> lambda_.Function:
    return lambda_.Function(
        stack,
        name,
        code=code,
        handler=handler,
        runtime=lambda_.Runtime.PYTHON_3_14,
        timeout=Duration.minutes(1),
        log_group=_log_group(stack, f"{name}Logs"),
    )


def _log_group(stack, name):
    return logs.LogGroup(stack, name, retention=logs.RetentionDays.THREE_MONTHS, removal_policy=RemovalPolicy.DESTROY)


def permit(function, actions, arns):
    """Let the function do that with those resources."""
    function.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=arns))


def custom_resource(stack, name, service_token, stream_name, config):
    """Declare the stream's edge configuration for a handler."""
    CustomResource(
        stack,
        name,
        service_token=service_token,
        resource_type="Custom::EdgeConfiguration",
        properties={"StreamName": stream_name, "EdgeConfig": config},
    )


@cache
def _with_crhelper():
    folder = Path(tempfile.mkdtemp(prefix="crhelper-polling-"))
    atexit.register(shutil.rmtree, folder)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HANDLERS / "crhelper_polling", folder, dirs_exist_ok=True, ignore=ignore)
    shutil.copytree(Path(find_spec("crhelper").origin).parent, folder / "crhelper", ignore=ignore)
    return str(folder)


STACKS = {
    "streams alone": streams_alone,
    "ours": ours,
    "ours, DESTROY": ours_destroyed,
    "AwsCustomResource": aws_custom_resource,
    "Provider framework": provider_framework,
    "crhelper, own polling": crhelper_polling,
}
