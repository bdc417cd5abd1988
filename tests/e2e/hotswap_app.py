"""CDK app whose function and state machine report their version (-c version=...)."""

import json

from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as stepfunctions


def build(app: App) -> None:
    """Add the stack to the app."""
    version = app.node.try_get_context("version")
    stack = Stack(app, "Hotswap")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
    lambda_.Function(
        stack,
        "Function",
        function_name="hotswapped",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline(f"def handler(event, context): return {version!r}"),
        environment={"VERSION": version},
    )
    stepfunctions.CfnStateMachine(
        stack,
        "Machine",
        role_arn=role.role_arn,
        state_machine_name="hotswapped",
        definition_string=json.dumps(
            {"Comment": version, "StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}}
        ),
    )


if __name__ == "__main__":
    hotswap = App()
    build(hotswap)
    hotswap.synth()
