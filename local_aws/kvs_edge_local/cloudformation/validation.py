"""Validation of a template before a deployment."""

from collections.abc import Iterable

from kvs_edge_local.cloudformation.desired_state import DesiredState
from kvs_edge_local.cloudformation.dynamic_references import refuse_elsewhere
from kvs_edge_local.cloudformation.errors import InsufficientCapabilitiesError, TemplateError
from kvs_edge_local.cloudformation.graph import references
from kvs_edge_local.cloudformation.registry import Registry

# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html, Capabilities
IAM_NAMES = {
    "AWS::IAM::AccessKey": None,
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": None,
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": None,
}


def validate(target: DesiredState, registry: Registry) -> None:
    """Raise a TemplateError for an unknown type, reference or attribute."""
    registry.check_types(target.resources.values())
    refuse_elsewhere(target.template.document)
    for name, definition in target.resources.items():
        _check_references(definition.properties, f"resource {name}", target, registry)
    for name, output in target.outputs.items():
        _check_references(output, f"output {name}", target, registry)


def require_capabilities(target: DesiredState, given: Iterable[str]) -> None:
    """Refuse IAM resources that the request does not acknowledge."""
    made = [definition for definition in target.resources.values() if definition.type in IAM_NAMES]
    named = any(IAM_NAMES[definition.type] in definition.properties for definition in made)
    needed = {"CAPABILITY_NAMED_IAM"} if named else {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"}
    if made and not needed & set(given):
        raise InsufficientCapabilitiesError(f"Requires capabilities : [{min(needed)}]")


def _check_references(value: object, where: str, target: DesiredState, registry: Registry) -> None:
    known = {**target.parameters.resolved, **target.scope.identity.pseudo_parameters(), "AWS::NoValue": None}
    for name, attribute in references(value):
        if attribute is None:
            if name not in known and name not in target.resources:
                raise TemplateError(
                    f"Template format error: Unresolved resource dependencies [{name}] in {where} of the template"
                )
        elif name not in target.resources:
            raise TemplateError(
                f"Template error: instance of Fn::GetAtt references undefined resource {name}, in {where}"
            )
        elif not registry.knows_attribute(target.resources[name], attribute):
            raise TemplateError(
                f"Template error: resource {name} does not support attribute type {attribute} in Fn::GetAtt, in {where}"
            )
