"""Stability of logical ids: a new id would be a new resource."""

import pytest
from aws_cdk import App, Stack

from cdk_kvs_edge import EdgeFleet
from support.declarations import stream_arn

EDGE = "Custom::KinesisVideoEdgeConfiguration"
ARN = stream_arn("dock", region="us-west-2")
NAMES = {
    "name": ({"StreamName": "dock"}, {}),
    "ARN": ({"StreamARN": ARN}, {}),
    "reference of that name": ({"StreamName": {"Ref": "dock"}}, {"dock": "dock"}),
    "reference of that name to the ARN": ({"StreamARN": {"Ref": "dock"}}, {"dock": ARN}),
    "export of that name": ({"StreamName": {"Fn::ImportValue": "dock"}}, {}),
    "reference of another name": ({"StreamName": {"Ref": "camera"}}, {"camera": "dock"}),
}


@pytest.fixture
def logical_ids(write, edge_config, resources):
    """Return the logical ids of the edge configurations that one file declares, by stack."""

    def logical_ids(*streams, references=None, fleet="KvsEdge", in_stack=False, file="site.json"):
        app = App()
        directory = write(file, {"streams": [{**stream, "EdgeConfig": edge_config} for stream in streams]})
        EdgeFleet.from_directory(Stack(app, "All") if in_stack else app, fleet, directory, references=references)
        return {one.stack_name: list(resources(one.template, EDGE)) for one in app.synth().stacks}

    return logical_ids


@pytest.mark.parametrize("form", NAMES)
def test_it_follows_from_the_name_in_the_file(logical_ids, form):
    """However the file writes it: `kvs-edge plan --before` relies on that."""
    stream, references = NAMES[form]
    made = logical_ids(stream, references=references)
    by_name = {"KvsEdge-site": ["Streamsdock37EAB508"]}
    assert (made == by_name) is (form != "reference of another name")


def test_in_a_stack_it_follows_from_the_fleet_as_well_and_not_from_the_file(logical_ids, tmp_path):
    """So a stream may move between the files of one stack, and another id of the fleet replaces everything."""
    before = logical_ids({"StreamName": "dock"}, in_stack=True)
    (tmp_path / "edge" / "site.json").unlink()
    assert logical_ids({"StreamName": "dock"}, in_stack=True, file="other.json") == before
    assert logical_ids({"StreamName": "dock"}, in_stack=True, file="other.json", fleet="Other") != before


def test_of_a_stack_for_each_file_only_the_name_follows_from_the_fleet(logical_ids):
    """Another id of the fleet creates other stacks; the old stacks stay until an operator deletes them."""
    before = logical_ids({"StreamName": "dock"})
    after = logical_ids({"StreamName": "dock"}, fleet="Other")
    assert after == {"Other-site": before["KvsEdge-site"]}


def test_in_python_it_follows_from_the_constructs_id(stack, declare, template_of, resources):
    """Two ids for one stream, as when a construct is renamed, are two resources."""
    declare(stack, "Entrance", stream="dock")
    (before,) = resources(template_of(stack), EDGE)
    again = Stack(App(), "Test")
    declare(again, "Gate", stream="dock")
    (after,) = resources(template_of(again), EDGE)
    assert (before[:8], after[:4]) == ("Entrance", "Gate")
