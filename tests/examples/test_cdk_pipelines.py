"""examples/cdk-pipelines: synthesis, and its builds' commands on a local AWS."""

import json

import pytest
import yaml

from site_copy import Site

READER = "arn:aws:iam::123456789012:role/kvs-edge-reader"
READ = {
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:ListExports",
    "cloudformation:ListStackResources",
    "cloudformation:ListStacks",
    "kinesisvideo:DescribeEdgeConfiguration",
    "kinesisvideo:DescribeStream",
    "kinesisvideo:ListEdgeAgentConfigurations",
}


class Assembly:
    """Synthesized example app."""

    def __init__(self, folder):
        self.folder = folder
        self.pipeline = self._template("EdgePipeline.template.json")
        self.drift = self._template("assembly-EdgePipeline-Sites/*Drift*.template.json")

    def _template(self, name):
        (file,) = self.folder.glob(name)
        return json.loads(file.read_text("utf-8"))["Resources"]

    def stages(self):
        """Return each stage of the pipeline with its actions in running order."""
        (pipeline,) = _of_type(self.pipeline, "AWS::CodePipeline::Pipeline").values()
        ordered = {
            stage["Name"]: sorted(stage["Actions"], key=lambda action: action["RunOrder"])
            for stage in pipeline["Properties"]["Stages"]
        }
        return {name: [action["Name"] for action in actions] for name, actions in ordered.items()}

    def commands(self, resources, name):
        """Return the commands of a build, with those that install."""
        (project,) = (one for key, one in _of_type(resources, "AWS::CodeBuild::Project").items() if name in key)
        phases = yaml.safe_load(project["Properties"]["Source"]["BuildSpec"])["phases"]
        return "\n".join([*phases["install"].get("commands", ()), *phases["build"]["commands"]])

    def actions(self, resources, name):
        """Return the permissions of a build's role."""
        policies = _of_type(resources, "AWS::IAM::Policy")
        (policy,) = (one for key, one in policies.items() if name in key and "DefaultPolicy" in key)
        listed = (one["Action"] for one in policy["Properties"]["PolicyDocument"]["Statement"])
        return {action for one in listed for action in ([one] if isinstance(one, str) else one)}


def _of_type(resources, kind):
    return {name: resource for name, resource in resources.items() if resource["Type"] == kind}


@pytest.fixture(scope="module")
def source(aws, tmp_path_factory):
    """Synthesize the example with the real programs."""
    site = Site(tmp_path_factory.mktemp("pipeline") / "edge-site", aws).copy("cdk-pipelines", "pipeline")
    synthesized = site.run("npx cdk synth --quiet", site.variables)
    assert synthesized.code == 0, synthesized.output
    return site


@pytest.fixture(scope="module")
def assembly(source):
    return Assembly(source.folder / "cdk.out")


def test_before_the_sites_are_deployed_there_is_a_plan_and_somebody_who_approves(assembly):
    """The status check follows the deployment."""
    actions = assembly.stages()["Sites"]
    assert actions[:2] == ["Plan", "Approve"]
    assert actions[-1] == "Status"


def test_each_build_that_asks_aws_may_ask_what_its_command_asks(assembly):
    """The role has read access only."""
    builds = (
        (assembly.pipeline, "PipelineSitesPlan"),
        (assembly.pipeline, "PipelineSitesStatus"),
        (assembly.drift, "DriftProjectRole"),
    )
    for resources, name in builds:
        actions = assembly.actions(resources, name)
        assert {one for one in actions if one.startswith(("kinesisvideo:", "cloudformation:"))} == READ


def test_the_files_are_looked_at_each_night_and_a_failure_is_told(assembly):
    """One rule starts the build, another notifies a topic of its failure."""
    rules = [rule["Properties"] for rule in _of_type(assembly.drift, "AWS::Events::Rule").values()]
    (nightly,) = (rule for rule in rules if "ScheduleExpression" in rule)
    (failed,) = (rule for rule in rules if "EventPattern" in rule)
    assert nightly["ScheduleExpression"] == "cron(17 3 * * ? *)"
    assert failed["EventPattern"]["detail"]["build-status"] == ["FAILED"]
    (topic,) = _of_type(assembly.drift, "AWS::SNS::Topic")
    assert failed["Targets"][0]["Arn"] == {"Ref": topic}


def test_a_bad_file_ends_the_build_of_the_source(source, assembly):
    """Validation names the line before synthesis."""
    commands = assembly.commands(assembly.pipeline, "Synth")
    assert commands.splitlines()[-1] == "npx cdk synth --quiet"
    source.edit("edge/pipeline-shop.yaml", "EdgeRetentionInHours: 48", "EdgeRetentionInHours: 0")

    refused = source.run(commands, source.variables)

    source.edit("edge/pipeline-shop.yaml", "EdgeRetentionInHours: 0", "EdgeRetentionInHours: 48")
    assert refused.code == 1
    assert "edge/pipeline-shop.yaml:25:31: error ValueNotAccepted" in refused.output


def test_from_a_plan_to_deployed_sites_and_a_drift_that_is_found(source, assembly, aws, warm):
    """The builds plan, deploy and check the status; after a manual change the nightly build ends with 2."""
    site = Site(source.folder, aws, warm)
    reader = {**site.variables, **aws.role(READER)}
    plan = site.run(assembly.commands(assembly.pipeline, "Plan"), reader)
    assert plan.code == 0, plan.output
    assert "3 streams: 3 to create" in plan.output

    # What CodePipeline does with CloudFormation, the CDK's command line does here: same assembly, and change sets.
    deploy = "npx cdk deploy --app cdk.out 'EdgePipeline/Sites/KvsEdge/*' --require-approval never"
    deployed = source.run(deploy, {**source.variables, **aws.credentials})
    assert deployed.code == 0, deployed.output
    status = site.run(assembly.commands(assembly.pipeline, "Status"), reader)
    assert status.code == 0, status.output
    assert aws.edge("pipeline-warehouse-dock")["SyncStatus"] == "IN_SYNC"

    # The nightly build has the files that were deployed, and nothing else.
    drift = assembly.commands(assembly.drift, "Project")
    (files,) = (file.parent for file in assembly.folder.glob("asset.*/pipeline-shop.yaml"))
    assert site.run(drift, reader, cwd=files).code == 0
    aws.by_hand("pipeline-warehouse-gate", DeletionConfig={"EdgeRetentionInHours": 12})
    found = site.run(drift, reader, cwd=files)
    assert found.code == 2, found.output
    assert "pipeline-warehouse-gate" in found.output
