"""Pipeline that deploys the sites of edge/, and checks them for drift each night.

Deploy it once, by hand: npx cdk deploy EdgePipeline. Afterwards it updates itself, too.
"""

import json
from pathlib import Path

from aws_cdk import App, Environment, Stack, Stage, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_kvs_edge import EdgeFleet

# Replace these.
ACCOUNT = "123456789012"
REGION = "eu-west-1"
REPOSITORY = "my-org/edge-site"
BRANCH = "main"
# A connection to the repository's host: CodePipeline's settings, Connections.
CONNECTION = f"arn:aws:codeconnections:{REGION}:{ACCOUNT}:connection/11111111-2222-3333-4444-555555555555"

HERE = Path(__file__).parent
EDGE_FILES = HERE / "edge"
IMAGE = codebuild.LinuxBuildImage.STANDARD_7_0
INSTALL = ["pip install -r requirements.txt", "npm ci"]
# Read access for `kvs-edge plan`, `status` and `drift`.
READ = iam.PolicyStatement(
    actions=[
        "kinesisvideo:DescribeEdgeConfiguration",
        "kinesisvideo:DescribeStream",
        "kinesisvideo:ListEdgeAgentConfigurations",
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
        "cloudformation:ListExports",
        "cloudformation:ListStackResources",
        "cloudformation:ListStacks",
    ],
    resources=["*"],
)


class Sites(Stage):
    """Stacks of all sites, one per file of edge/, and the nightly drift check."""

    def __init__(self, scope: Construct, construct_id: str, *, env: Environment) -> None:
        super().__init__(scope, construct_id, env=env)
        EdgeFleet.from_directory(self, "KvsEdge", EDGE_FILES)
        NightlyDrift(Stack(self, "Drift"), "Drift")


class EdgePipeline(Stack):
    """Pipeline that validates, synthesizes, plans, waits for an approval, deploys, and checks the status."""

    def __init__(self, scope: Construct, construct_id: str, *, env: Environment) -> None:
        super().__init__(scope, construct_id, env=env)
        source = pipelines.CodePipelineSource.connection(REPOSITORY, BRANCH, connection_arn=CONNECTION)
        pipeline = pipelines.CodePipeline(
            self,
            "Pipeline",
            cli_version=_cli_version(),
            synth=pipelines.ShellStep(
                "Synth",
                input=source,
                install_commands=INSTALL,
                commands=["kvs-edge validate", "npx cdk synth --quiet"],
            ),
            code_build_defaults=pipelines.CodeBuildOptions(
                build_environment=codebuild.BuildEnvironment(build_image=IMAGE),
                partial_build_spec=_build_spec(),
            ),
        )
        plan = _kvs_edge_step("Plan", source, "kvs-edge plan")
        approval = pipelines.ManualApprovalStep("Approve", comment="The log of the step Plan shows the changes.")
        approval.add_step_dependency(plan)
        status = _kvs_edge_step("Status", source, "kvs-edge status")
        pipeline.add_stage(Sites(self, "Sites", env=env), pre=[plan, approval], post=[status])


class NightlyDrift(Construct):
    """Nightly comparison of the deployed files with the service; a failure goes to a topic.

    Exit code 2 in the build's log is a difference, exit code 3 a failed AWS request.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        files = assets.Asset(self, "Files", path=str(EDGE_FILES))
        requirements = (HERE / "requirements.txt").read_text("utf-8").splitlines()
        needed = " ".join(f"'{line}'" for line in requirements if not line.startswith("#"))
        project = codebuild.Project(
            self,
            "Project",
            source=codebuild.Source.s3(bucket=files.bucket, path=files.s3_object_key),
            environment=codebuild.BuildEnvironment(build_image=IMAGE),
            build_spec=_build_spec(install=[f"pip install {needed}"], build=["kvs-edge drift ."]),
        )
        project.add_to_role_policy(READ)
        nightly = events.Schedule.cron(minute="17", hour="3")
        events.Rule(self, "Nightly", schedule=nightly, targets=[targets.CodeBuildProject(project)])
        topic = sns.Topic(self, "Differs", enforce_ssl=True)
        project.on_build_failed("Failed", target=targets.SnsTopic(topic))


def _kvs_edge_step(name: str, checkout: pipelines.IFileSetProducer, command: str) -> pipelines.CodeBuildStep:
    """Return a step that runs a command of kvs-edge with read access to AWS."""
    return pipelines.CodeBuildStep(
        name,
        input=checkout,
        install_commands=["pip install -r requirements.txt"],
        commands=[command],
        role_policy_statements=[READ],
    )


def _cli_version() -> str:
    """Return the version of the CDK CLI in package.json."""
    return json.loads((HERE / "package.json").read_text("utf-8"))["devDependencies"]["aws-cdk"]


def _build_spec(**commands: list[str]) -> codebuild.BuildSpec:
    """Return a buildspec with the runtimes, and the commands of each phase."""
    phases = {phase: {"commands": each} for phase, each in commands.items()}
    phases["install"] = phases.get("install", {}) | {"runtime-versions": {"python": "3.13", "nodejs": "22"}}
    return codebuild.BuildSpec.from_object({"version": "0.2", "phases": phases})


app = App()
EdgePipeline(app, "EdgePipeline", env=Environment(account=ACCOUNT, region=REGION))
app.synth()
