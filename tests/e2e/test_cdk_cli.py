"""The unmodified CDK CLI, from `cdk deploy` to the hub and back."""

import re
from dataclasses import replace

import pytest

from e2e import hotswap_app


def _writes(aws, stream):
    return [call for call in aws.control.edge_calls() if call["stream"] == stream and not _is_look(call)]


def _is_look(call):
    return call["operation"] == "DescribeEdgeConfiguration"


def test_a_deployment_ends_when_the_hub_has_the_configuration_and_a_second_one_changes_nothing(aws):
    """A Lambda that runs creates the configuration; the second deployment makes no call."""
    shape = {"stack": "Create", "stream": "front-door", "hub": "hub-1"}

    deployed = aws.deploy(runs_app=True, **shape)
    events = len(aws.control.lambda_events())
    again = aws.deploy_again()

    assert deployed.code == 0, deployed.output
    assert "Create.SyncStatus = IN_SYNC" in deployed.output
    assert aws.edge("front-door")["SyncStatus"] == "IN_SYNC"
    assert events >= 2, "the entry function and the tick function ran"
    assert again.code == 0
    assert "no changes" in again.output
    assert len(aws.control.lambda_events()) == events


def test_an_update_reaches_the_hub(aws, deployed):
    """The service has the changed retention after the deployment, sent once."""
    updated = aws.deploy(**deployed["Update"], hours=48)

    assert updated.code == 0, updated.output
    assert aws.edge("back-door")["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] == 48
    assert len(_writes(aws, "back-door")) == 2


@pytest.fixture(scope="module")
def failed(aws, deployed):
    """Run `cdk deploy` once on an update whose hub goes offline, and on a creation whose hub refuses."""
    aws.control.set_hub("gate-hub", "offline")
    aws.control.set_hub("hub-4", "failing", details="the camera's secret cannot be read")
    fails = {"stack": "Fails", "stream": "yard", "hub": "hub-4", "removal": "DESTROY"}
    return aws.deploy_all(shapes=[{**deployed["Offline"], "hours": 48}, fails])


def test_a_hub_that_goes_offline_during_an_update_fails_it_helpfully_and_wedges_nothing(aws, failed):
    """The failure has the fix, the stack is UPDATE_ROLLBACK_COMPLETE, and the service has the old configuration."""
    assert failed.code != 0
    assert re.search(r"SyncFailed: hub gate-hub did not take the edge configuration of stream gate", failed.output)
    assert "Check that the hub is online" in failed.output
    assert aws.stack_status("Offline") == "UPDATE_ROLLBACK_COMPLETE"
    assert aws.edge("gate")["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] == 24


def test_a_creation_that_fails_leaves_nothing_behind(aws, failed):
    """With DESTROY, a failed creation's configuration is deleted with the stack's resources."""
    assert failed.code != 0
    assert "the camera's secret cannot be read" in failed.output
    assert aws.stack_status("Fails") == "ROLLBACK_COMPLETE"
    assert [call["operation"] for call in _writes(aws, "yard")][-1] == "DeleteEdgeConfiguration"
    assert aws.edge("yard") == "ResourceNotFoundException", "the stream is gone as well"


def test_destroying_a_stack_deletes_footage_only_if_that_was_declared(aws, deployed):
    """With RETAIN the service gets no Delete; with DESTROY it gets one, and the configuration is gone."""
    gone = {removal: deployed[f"Gone{removal}"] for removal in ("RETAIN", "DESTROY")}

    destroyed = aws.cdk_all("destroy", "--force", shapes=gone.values())

    assert destroyed.code == 0, destroyed.output
    deletes = {
        removal: [call["operation"] for call in _writes(aws, shape["stream"])].count("DeleteEdgeConfiguration")
        for removal, shape in gone.items()
    }
    assert deletes == {"RETAIN": 0, "DESTROY": 1}
    assert aws.edge(gone["DESTROY"]["stream"]) == "ResourceNotFoundException"


def test_a_proxy_does_not_come_between_the_cli_and_the_local_aws(aws):
    """`cdk bootstrap` with HTTP_PROXY and HTTPS_PROXY set, at a port where nothing listens."""
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
    proxied = replace(aws, environment={**aws.environment, **proxies})

    bootstrap = proxied.bootstrap("aws://123456789012/eu-central-1")

    assert bootstrap.code == 0, bootstrap.output
    assert "no changes" in bootstrap.output


@pytest.mark.usefixtures("deployed")
def test_a_hotswap_changes_functions_and_state_machines_past_their_stack(aws):
    """`cdk deploy --hotswap`: UpdateFunctionCode, UpdateFunctionConfiguration and Cloud Control's UpdateResource."""
    options = ("--require-approval=never", "--progress=events")
    swapped = aws.cdk("deploy", "--hotswap", *options, app=hotswap_app, version="second")

    assert swapped.code == 0, swapped.output
    assert swapped.output.count("hotswapped!") == 2, swapped.output
    function = aws.client("lambda")
    assert function.invoke(FunctionName="hotswapped")["Payload"].read() == b'"second"'
    configuration = function.get_function_configuration(FunctionName="hotswapped")
    assert configuration["Environment"]["Variables"] == {"VERSION": "second"}
    machines = aws.client("stepfunctions")
    listed = machines.list_state_machines()["stateMachines"]
    [machine] = [each for each in listed if each["name"] == "hotswapped"]
    definition = machines.describe_state_machine(stateMachineArn=machine["stateMachineArn"])["definition"]
    assert '"Comment": "second"' in definition
    template = aws.client("cloudformation").get_template(StackName="Hotswap")["TemplateBody"]
    assert "second" not in str(template), "CloudFormation does not know of it"
