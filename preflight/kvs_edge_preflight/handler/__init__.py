"""What a provider deploys: the zip of the Lambda functions, and the definition of the state machine.

Here and not in `cdk_kvs_edge`, because a template without the CDK needs both, and Node.js neither.
"""

from importlib.resources import files


def state_machine_definition() -> str:
    """Return the definition of the state machine as JSON, with `${TickFunctionArn}` and other substitutions."""
    return files(__name__).joinpath("state_machine.asl.json").read_text("utf-8")
