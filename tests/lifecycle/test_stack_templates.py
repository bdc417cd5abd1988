"""Templates of these tests' stacks: those with a replaced name are what synthesis with that name yields."""

import json
import re

import pytest
from aws_cdk import Duration, RemovalPolicy

from cdk_kvs_edge import HubMove, ScheduleConfig
from support.declarations import hub_arn, media_secret
from support.stack_templates import POLICY_HASHES

NAME = "camera-17"
REGION = "eu-central-1"
NEEDED = {"media_uri_secret": media_secret(region=REGION), "hub_device_arn": hub_arn(f"{NAME}-a", region=REGION)}
FIRST, SECOND = ({**NEEDED, "id": name, "stream": f"{NAME}-{name}"} for name in ("A", "B"))
LOGICAL_ID_HASHES = re.compile(r"(Permissions[0-9a-f]{8})[0-9A-F]{8}\b")
NIGHT = ScheduleConfig(expression="0 0 22 * * ? *", duration=Duration.hours(1))


DESTROY = {"removal_policy": RemovalPolicy.DESTROY}
SHARED = {"own_provider": False, "makes_streams": False}


def numbered(templates):
    """Return the templates' text with the hashes in names of policies, and those of logical ids, numbered."""
    numbers = {}
    text = LOGICAL_ID_HASHES.sub(r"\1", json.dumps(templates))
    return POLICY_HASHES.sub(lambda found: str(numbers.setdefault(found[0], len(numbers))), text)


def policy_names(template):
    named = [resource["Properties"].get("PolicyName") for resource in template["Resources"].values()]
    return {name for name in named if name}


@pytest.mark.parametrize("makes_streams", [False, True])
@pytest.mark.parametrize("own_provider", [False, True])
@pytest.mark.parametrize(
    "declarations",
    [
        [FIRST],
        [{**FIRST, **DESTROY, "edge_retention": Duration.hours(48)}],
        [{**FIRST, "hub_move": HubMove.ALLOWED, "uploader_schedule": NIGHT}],
        [FIRST, {**SECOND, **DESTROY, "stream": "no-such-stream"}],
    ],
    ids=["default", "destroy", "move", "two"],
)
def test_a_replaced_name_yields_the_synthesized_template(templates, declarations, own_provider, makes_streams):
    """Both for a shape's first stack and for the next one, whose template is not synthesized."""
    options = {"own_provider": own_provider, "makes_streams": makes_streams}
    another = [
        {key: value.replace(NAME, "camera-5") if type(value) is str else value for key, value in each.items()}
        for each in declarations
    ]
    templates.templates("camera-5", another, **options)

    found = templates.templates(NAME, declarations, **options)
    assert numbered(found) == numbered(templates.synthesize(NAME, declarations, **options))


def test_policies_of_two_stacks_have_different_names(templates):
    """They are on one role."""
    (one, _), (other, _) = (
        templates.templates(name, [{**NEEDED, **DESTROY, "id": "A", "stream": name}], **SHARED)
        for name in ("camera-5", "camera-6")
    )

    assert policy_names(one)
    assert not policy_names(one) & policy_names(other)


def test_an_argument_that_no_shape_knows_is_refused(templates):
    """Two values that look the same would share a template."""
    with pytest.raises(TypeError, match="in a declaration: add here what distinguishes"):
        templates.templates(NAME, [{**FIRST, "wait_for": object()}], **SHARED)
