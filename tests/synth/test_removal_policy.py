"""A removal policy that is applied past the construct: DeletionPolicy and the handler's property differ."""

import jsii
import pytest
from aws_cdk import Acknowledgment, Aspects, CfnResource, IAspect, RemovalPolicies, RemovalPolicy, Validations

CODE = "RemovalPolicyOverridden"
RETAIN, DESTROY = RemovalPolicy.RETAIN, RemovalPolicy.DESTROY
EXCEPT_ON_CREATE = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE


@jsii.implements(IAspect)
class _Applies:
    """An Aspect of an app's own, as people write it."""

    def __init__(self, policy):
        self._policy = policy

    def visit(self, node):
        if isinstance(node, CfnResource):
            node.apply_removal_policy(self._policy)


def test_an_aspect_that_destroys_deletes_no_footage_and_warns(app, stack, declare, template_of, only, warnings):
    """CloudFormation sends a Delete, and the handler, which reads the property, leaves everything."""
    declare(stack)
    RemovalPolicies.of(app).destroy()
    ((path, text),) = warnings(stack)
    assert path == "/Test"
    assert text == (
        "DeletionPolicy is Delete, set by an Aspect or by apply_removal_policy, but removal_policy is RETAIN, for"
        " Test/Edge: the handler deletes nothing, so configuration and footage stay when the resource is removed. Set"
        " removal_policy=DESTROY on the edge configuration, or exclude Custom::KinesisVideoEdgeConfiguration from the"
        " Aspect (exclude_resource_types) [ack: RemovalPolicyOverridden]"
    )
    resource = only(template_of(stack))
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Delete", "Delete")
    assert resource["Properties"]["RemovalPolicy"] == "RETAIN"


@pytest.mark.parametrize("aspect", ["the CDK's", "one's own"])
def test_an_aspect_that_retains_keeps_footage_and_warns(app, stack, declare, template_of, only, warnings, aspect):
    """CloudFormation sends no Delete, and the property does not matter."""
    declare(stack, removal_policy=DESTROY)
    if aspect == "the CDK's":
        RemovalPolicies.of(app).retain()
    else:
        Aspects.of(app).add(_Applies(RETAIN))
    ((path, text),) = warnings(stack)
    assert path == "/Test"
    assert (
        "DeletionPolicy is Retain, set by an Aspect or by apply_removal_policy, but removal_policy is DESTROY" in text
    )
    assert "CloudFormation sends no Delete, so configuration and footage stay when the resource is removed" in text
    resource = only(template_of(stack))
    assert resource["DeletionPolicy"] == "Retain"
    assert resource["Properties"]["RemovalPolicy"] == "DESTROY"


@pytest.mark.parametrize(
    ("declared", "applied", "effect"),
    [
        (EXCEPT_ON_CREATE, DESTROY, "CloudFormation sends a Delete, which deletes configuration and footage"),
        (DESTROY, EXCEPT_ON_CREATE, "CloudFormation sends no Delete except after a failed creation"),
        (RETAIN, EXCEPT_ON_CREATE, "the handler deletes nothing"),
        (EXCEPT_ON_CREATE, RETAIN, "CloudFormation sends no Delete, so"),
    ],
)
def test_what_the_difference_means_is_told(stack, declare, warnings, declared, applied, effect):
    """Above all where footage would be deleted that removal_policy keeps."""
    declare(stack, removal_policy=declared).node.default_child.apply_removal_policy(applied)
    ((_, text),) = warnings(stack)
    assert f": {effect}" in text


@pytest.mark.parametrize("policy", [RETAIN, DESTROY, EXCEPT_ON_CREATE])
def test_an_aspect_that_agrees_warns_of_nothing(app, stack, declare, warnings, policy):
    """Nor does one that leaves the type out, or that another one undoes."""
    declare(stack, removal_policy=policy)
    RemovalPolicies.of(app).apply(DESTROY if policy is RETAIN else RETAIN, priority=10)
    RemovalPolicies.of(app).apply(policy)
    assert warnings(stack) == []


def test_the_type_can_be_left_out_of_an_aspect(app, stack, declare, warnings):
    """As the warning says."""
    declare(stack)
    RemovalPolicies.of(app).destroy(exclude_resource_types=["Custom::KinesisVideoEdgeConfiguration"])
    assert warnings(stack) == []


def test_the_warning_can_be_acknowledged(app, stack, declare, warnings):
    """As any other."""
    declare(stack)
    RemovalPolicies.of(app).destroy()
    Validations.of(stack).acknowledge(Acknowledgment(id=CODE, reason="Streams outlive the stack here."))
    assert warnings(stack) == []


def test_a_stack_is_warned_once(app, stack, declare, warnings):
    """Of hundreds of streams five are named."""
    for number in range(8):
        declare(stack, f"Edge{number}")
    RemovalPolicies.of(app).destroy()
    ((_, text),) = warnings(stack)
    assert "for Test/Edge0, Test/Edge1, Test/Edge2, Test/Edge3, Test/Edge4 and 3 more: " in text


def test_no_policy_is_the_default_that_the_cdk_takes(stack, declare, template_of, only, warnings):
    """As `apply_removal_policy()` of any other resource."""
    edge = declare(stack, removal_policy=DESTROY).node.default_child
    edge.apply_removal_policy(default=DESTROY)
    assert warnings(stack) == []
    edge.apply_removal_policy()
    assert "DeletionPolicy is Retain" in warnings(stack)[0][1]
    assert only(template_of(stack))["DeletionPolicy"] == "Retain"
