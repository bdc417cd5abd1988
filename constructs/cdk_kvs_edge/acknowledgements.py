"""Findings of cdk-nag that the construct acknowledges, each with its reason.

An acknowledgement changes no template. A finding that an option of the provider avoids is not acknowledged.
"""

from aws_cdk import Acknowledgment

_NOT_LOGGED = (
    "The tick function logs each decision, and Step Functions keeps the history of an execution for 90 days. "
    "A log of all events would hold the presigned ResponseURL, with which a reader could respond to "
    "CloudFormation, and its delivery needs permissions on all log groups of the account."
)
_NOT_TRACED = (
    "An execution makes a few calls, all logged with their result; tracing needs permissions on '*'. "
    "EdgeConfigurationProvider(tracing=True) turns it on."
)
_INLINE = (
    "The policy belongs to one role and is deleted with it. A managed policy could be attached to other principals, "
    "and a role takes only 10 of them, which the streams need."
)
_TRACING_WILDCARD = "AWS X-Ray supports no resource for these actions."
_NETWORK_WILDCARD = (
    "Lambda creates the functions' network interfaces in the VPC with these permissions. IAM supports no resource for "
    "the Describe actions, and a network interface has no ARN before it exists."
)

_PACKS_WITH_INLINE_RULE = ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5", "PCI.DSS.321")

INLINE_POLICY = tuple(
    Acknowledgment(id=f"{pack}-IAMNoInlinePolicy", reason=_INLINE) for pack in _PACKS_WITH_INLINE_RULE
)
"""For a role with inline policies, and for an inline policy."""

STATE_MACHINE_LOGS = Acknowledgment(id="AwsSolutions-SF1", reason=_NOT_LOGGED)

UNTRACED_STATE_MACHINE = (
    Acknowledgment(id="AwsSolutions-SF2", reason=_NOT_TRACED),
    Acknowledgment(id="Serverless-StepFunctionStateMachineXray", reason=_NOT_TRACED),
)
UNTRACED_FUNCTION = Acknowledgment(id="Serverless-LambdaTracing", reason=_NOT_TRACED)


CHECKOV_WILDCARD = {"skip": [{"id": "CKV_AWS_111", "comment": f"{_NETWORK_WILDCARD} {_TRACING_WILDCARD}"}]}
"""Metadata `checkov` of a role with the resource '*'."""


def wildcard_resource(*, network: bool) -> tuple[Acknowledgment, ...]:
    """Return the acknowledgements of the resource '*' in a role, for the VPC's network interfaces or for tracing."""
    reason = _NETWORK_WILDCARD if network else _TRACING_WILDCARD
    rules = ("AwsSolutions-IAM5[Resource::*]", "Serverless-LambdaStarPermissions")
    return tuple(Acknowledgment(id=rule, reason=reason) for rule in rules)
