"""Log groups of functions."""

from aws_cdk import Arn, ArnComponents, ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct


def create_log_group(
    scope: Construct, key: kms.IKey | None, retention: logs.RetentionDays, removal_policy: RemovalPolicy
) -> logs.LogGroup:
    """Create the log group Logs in a scope; CloudWatch Logs may use the key, if there is one."""
    if key:
        _allow_cloudwatch_logs(key, Stack.of(scope))
    return logs.LogGroup(scope, "Logs", retention=retention, encryption_key=key, removal_policy=removal_policy)


def _allow_cloudwatch_logs(key: kms.IKey, stack: Stack) -> None:
    """Add the statement that CloudWatch Logs needs to the key's policy; an imported key must have it already.

    [https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html]
    """
    groups = Arn.format(
        ArnComponents(
            service="logs", resource="log-group", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        ),
        stack,
    )
    key.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
            resources=["*"],
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
        )
    )
