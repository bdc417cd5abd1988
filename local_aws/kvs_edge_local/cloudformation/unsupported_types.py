"""Error message for resource types without a handler, with what to do instead."""

from collections.abc import Sequence

from kvs_edge_local.cloudformation.template import ResourceDefinition

_VPC = (
    "A VPC has no effect in the local AWS. Deploy to it without a VPC, or with an imported VPC: "
    "ec2.Vpc.from_vpc_attributes and ec2.SecurityGroup.from_security_group_id with any ids, instead of ec2.Vpc"
)
_OTHERS = "Deploy these resources in a stack of their own, and pass their names or ARNs to the stack under test"


def unsupported_types(definitions: Sequence[ResourceDefinition]) -> str:
    """Return CloudFormation's error for unknown resource types, and a way to deploy without them."""
    types = sorted({definition.type for definition in definitions})
    names = ", ".join(definition.logical_id for definition in definitions)
    is_network = any(name.startswith("AWS::EC2::") for name in types)
    return (
        f"Template format error: Unrecognized resource types: [{', '.join(types)}]: the local AWS does not support "
        f"the type of {names}. {_VPC if is_network else _OTHERS}"
    )
