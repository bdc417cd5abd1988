"""The same template and the same CLI on an independent emulator.

Our engine and our handler could share a mistake; this emulator shares only the documentation with them.
"""

from kvs_edge_local.edge import Failing, Online

STACK, STREAM, HUB = "SecondOpinion", "front-door", "hub-1"


def test_a_stack_goes_through_its_whole_life_on_another_emulator(second_aws):
    """Create, no-op, a failed update that is rolled back, its repair, and a deletion that clears the hub."""
    edge = second_aws.local.edge
    second_aws.local.client("kinesisvideo").create_stream(StreamName=STREAM, DataRetentionInHours=24)

    created = second_aws.deploy("day")
    assert created.code == 0, created.output
    assert f"{STACK}.SyncStatus = IN_SYNC" in created.output
    assert writes(edge) == ["StartEdgeConfigurationUpdate"]

    unchanged = second_aws.deploy("day")
    assert unchanged.code == 0, unchanged.output
    assert "no changes" in unchanged.output

    edge.set_hub(HUB, Failing("disk full"))
    failed = second_aws.deploy("two_days")
    assert failed.code == 1
    assert "SyncFailed" in failed.output
    assert "disk full" in failed.output
    assert second_aws.stack_status(STACK) == "UPDATE_ROLLBACK_COMPLETE"
    assert retention(second_aws) == 24

    edge.set_hub(HUB, Online())
    repaired = second_aws.deploy("two_days")
    assert repaired.code == 0, repaired.output
    assert second_aws.stack_status(STACK) == "UPDATE_COMPLETE"
    assert retention(second_aws) == 48

    destroyed = second_aws.destroy("two_days")
    assert destroyed.code == 0, destroyed.output
    assert writes(edge)[-1] == "DeleteEdgeConfiguration"
    assert writes(edge).count("DeleteEdgeConfiguration") == 1


def writes(edge):
    return [call.operation for call in edge.calls() if call.operation != "DescribeEdgeConfiguration" and call.accepted]


def retention(second_aws):
    described = second_aws.local.client("kinesisvideo").describe_edge_configuration(StreamName=STREAM)
    return described["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"]
