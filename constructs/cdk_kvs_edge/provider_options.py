"""Options of the provider, and their checks."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs

from cdk_kvs_edge.arguments import Arguments, without_none
from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault

_OLDEST_PYTHON = (3, 11)


class ProviderOptions(TypedDict, total=False):
    """Options of the provider.

    Attributes:
        vpc: VPC of the functions. They must reach Kinesis Video Streams, Step Functions, CloudFormation,
            and CloudFormation's response URL on Amazon S3, through a NAT gateway or VPC endpoints.
        vpc_subnets: Subnets; private subnets with a route to the internet by default.
        security_groups: Security groups; by default a new group that allows all outbound and no inbound traffic.
        permissions_boundary: Permissions boundary of all three roles.
        encryption_key: Key for the functions' environment, the log group and the executions, whose input
            holds the presigned ResponseURL. The construct adds the statement that CloudWatch Logs needs
            to the policy of a key of this app; the policy of an imported key must have it already.
        log_retention: Retention of both functions' logs; three months by default.
        log_removal_policy: Effect of removing the provider on its logs; DESTROY by default.
        log_group: Existing log group of both functions, in place of a new one. Retention, removal policy and key are
            then its own.
        architecture: Architecture of both functions; Lambda's default is x86_64. The code is pure Python.
        runtime: Python runtime of both functions, 3.11 or newer; 3.14 by default.
        dead_letter_queue: Standard SQS queue for CloudFormation's events that Lambda could not deliver to the entry
            function. Such an event holds a presigned ResponseURL: encrypt the queue and restrict its readers. The
            tick function has the queue too, because security rules ask for one, but never sends to it: Step
            Functions invokes it synchronously.
        reserved_concurrent_executions: Reserved concurrency of each of the two functions, 1 or more; the account's
            pool loses twice this number. A throttled invocation is retried, so a small number makes deployments
            slower, and does not fail them. An edge configuration beyond this number makes ticks short.
        tracing: Trace functions and executions with AWS X-Ray; False by default. The roles then need permissions
            on '*'.
    """

    vpc: ec2.IVpc | None
    vpc_subnets: ec2.SubnetSelection | None
    security_groups: Sequence[ec2.ISecurityGroup] | None
    permissions_boundary: iam.IManagedPolicy | None
    encryption_key: kms.IKey | None
    log_retention: logs.RetentionDays | None
    log_removal_policy: RemovalPolicy | None
    log_group: logs.ILogGroup | None
    architecture: lambda_.Architecture | None
    runtime: lambda_.Runtime | None
    dead_letter_queue: sqs.IQueue | None
    reserved_concurrent_executions: int | None
    tracing: bool


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """Checked options of a provider with their defaults."""

    vpc: ec2.IVpc | None = None
    vpc_subnets: ec2.SubnetSelection | None = None
    security_groups: Sequence[ec2.ISecurityGroup] | None = None
    permissions_boundary: iam.IManagedPolicy | None = None
    encryption_key: kms.IKey | None = None
    log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS
    log_removal_policy: RemovalPolicy = RemovalPolicy.DESTROY
    log_group: logs.ILogGroup | None = None
    architecture: lambda_.Architecture | None = None
    runtime: lambda_.Runtime = lambda_.Runtime.PYTHON_3_14
    dead_letter_queue: sqs.IQueue | None = None
    reserved_concurrent_executions: int | None = None
    tracing: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "ProviderSettings":
        """Return the options.

        Raises:
            ConfigurationError: An option has a fault; the error lists all.
        """
        arguments = Arguments()
        arguments.check_names(options, ProviderOptions.__annotations__, "EdgeConfigurationProvider")
        given = without_none({name: options.get(name) for name in ProviderOptions.__annotations__})
        for name, value in given.items():
            is_valid, wanted = _CHECKS[name]
            arguments.checked(name, value, is_valid, wanted)
        arguments.faults.extend(_combinations(given))
        arguments.raise_faults("the provider is invalid:")
        return cls(**given)

    def max_staying(self, limit: int) -> int:
        """Return the maximum number of ticks that may sleep at once, at most `limit`."""
        reserved = self.reserved_concurrent_executions
        return limit if reserved is None or is_token(reserved) else min(limit, reserved)


def _has(attribute: str) -> Callable[[Any], bool]:
    return lambda value: hasattr(value, attribute)


def _is_a(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


def _is_supported(runtime: object) -> bool:
    found = re.fullmatch(r"python(\d+)\.(\d+)", runtime.name) if isinstance(runtime, lambda_.Runtime) else None
    return found is not None and (int(found[1]), int(found[2])) >= _OLDEST_PYTHON


def _is_concurrency(value: object) -> bool:
    return is_token(value) or (isinstance(value, int) and not isinstance(value, bool) and value >= 1)


def _are_groups(value: object) -> bool:
    return isinstance(value, Sequence) and all(hasattr(group, "security_group_id") for group in value)


_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "vpc": (_has("vpc_id"), 'an ec2.IVpc, like ec2.Vpc.from_lookup(self, "Vpc", vpc_id="vpc-...")'),
    "vpc_subnets": (_is_a(ec2.SubnetSelection), "an ec2.SubnetSelection(...)"),
    "security_groups": (_are_groups, "a list of ec2.ISecurityGroup"),
    "permissions_boundary": (_has("managed_policy_arn"), "an iam.IManagedPolicy, like iam.ManagedPolicy.from_..."),
    "encryption_key": (_has("key_arn"), "a kms.IKey, like kms.Key(self, ...) or kms.Key.from_key_arn(self, ...)"),
    "log_retention": (_is_a(logs.RetentionDays), "a member of logs.RetentionDays, like logs.RetentionDays.ONE_YEAR"),
    "log_removal_policy": (_is_a(RemovalPolicy), "RemovalPolicy.DESTROY or RemovalPolicy.RETAIN"),
    "log_group": (_has("log_group_arn"), "a logs.ILogGroup, like logs.LogGroup(self, ...)"),
    "architecture": (_is_a(lambda_.Architecture), "lambda_.Architecture.X86_64 or lambda_.Architecture.ARM_64"),
    "runtime": (_is_supported, "a Python runtime of 3.11 or newer, like lambda_.Runtime.PYTHON_3_14"),
    "dead_letter_queue": (_has("queue_arn"), "an sqs.IQueue, like sqs.Queue(self, ...)"),
    "reserved_concurrent_executions": (_is_concurrency, "a whole number, 1 or more"),
    "tracing": (_is_a(bool), "True or False"),
}
"""Check of each option, and what is valid. Interfaces of the CDK are recognized by an attribute."""


def _combinations(given: Mapping[str, Any]) -> Iterator[Fault]:
    if "vpc" not in given:
        yield from _set(given, ("vpc_subnets", "security_groups"), "it needs a VPC: set vpc as well")
    if "log_group" in given:
        yield from _set(given, ("log_retention", "log_removal_policy"), "log_group has its own: set it there")
    queue = given.get("dead_letter_queue")
    if getattr(queue, "fifo", False) is True:
        yield Fault("dead_letter_queue", queue, "a FIFO queue is not accepted: Lambda sends only to a standard queue")


def _set(given: Mapping[str, Any], names: Iterable[str], rule: str) -> Iterator[Fault]:
    return (Fault(name, given[name], rule) for name in names if name in given)
