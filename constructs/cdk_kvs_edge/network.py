"""Optional VPC configuration of the Lambda functions."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


class FunctionNetwork:
    """VPC configuration of a function, and the permissions that its role needs; empty without a VPC."""

    def __init__(
        self,
        scope: Construct,
        vpc: ec2.IVpc | None,
        subnets: ec2.SubnetSelection | None,
        security_groups: Sequence[ec2.ISecurityGroup] | None,
    ) -> None:
        if vpc is None:
            self.vpc_config: lambda_.CfnFunction.VpcConfigProperty | None = None
            self.role_statements: list[Mapping[str, object]] = []
            self._connected = None
            return
        selected = vpc.select_subnets() if subnets is None else _select(vpc, subnets)
        groups = security_groups or [ec2.SecurityGroup(scope, "SecurityGroup", vpc=vpc)]
        self.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=selected.subnet_ids, security_group_ids=[group.security_group_id for group in groups]
        )
        # Actions of AWSLambdaVPCAccessExecutionRole, without its permission to write any log.
        self.role_statements = [{"Action": list(_INTERFACES), "Effect": "Allow", "Resource": "*"}]
        self._connected = selected.internet_connectivity_established

    def connect(self, function: lambda_.CfnFunction) -> None:
        """Make the function depend on its subnets' route to the internet."""
        if self._connected is not None:
            function.node.add_dependency(self._connected)


def _select(vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> ec2.SelectedSubnets:
    return vpc.select_subnets(
        availability_zones=subnets.availability_zones,
        one_per_az=subnets.one_per_az,
        subnet_filters=subnets.subnet_filters,
        subnet_group_name=subnets.subnet_group_name,
        subnets=subnets.subnets,
        subnet_type=subnets.subnet_type,
    )
