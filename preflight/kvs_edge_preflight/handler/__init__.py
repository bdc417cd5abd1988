"""Parts of a provider that need no CDK: the zip of the Lambda functions, and the definition of the state machine.

A template without the CDK needs both, and `cdk_kvs_edge` cannot be imported without Node.js.
"""

import json
from importlib.resources import files

# The only substitution that stands for a number. The file has it in quotes, so that it is JSON.
_NUMBER = "${BackoffSeconds}"


def state_machine_definition() -> str:
    """Return the definition of the state machine, compact, with `${TickFunctionArn}` and other substitutions.

    It is JSON once `${BackoffSeconds}` is replaced by a whole number of seconds.
    """
    definition = json.loads(files(__name__).joinpath("state_machine.asl.json").read_text("utf-8"))
    return json.dumps(definition, separators=(",", ":")).replace(f'"{_NUMBER}"', _NUMBER)
