"""Parts of a provider that need no CDK: the zip of the Lambda functions, and the definition of the state machine.

A template without the CDK needs both, and `cdk_kvs_edge` cannot be imported without Node.js.
"""

from importlib.resources import files


def state_machine_definition() -> str:
    """Return the definition of the state machine as JSON, with `${TickFunctionArn}` and other substitutions."""
    return files(__name__).joinpath("state_machine.asl.json").read_text("utf-8")
