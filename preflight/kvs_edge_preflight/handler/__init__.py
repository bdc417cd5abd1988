"""Parts of a provider that need no CDK: the zip of the Lambda functions, and the definition of the state machine.

A template without the CDK needs both, and `cdk_kvs_edge` cannot be imported without Node.js.
"""

import json
from importlib.resources import files

# The substitutions that stand for numbers. The file has them in quotes, so that it is JSON.
_NUMBERS = ("${BackoffSeconds}", "${TurnSeconds}")


def state_machine_definition() -> str:
    """Return the definition of the state machine, compact, with `${TickFunctionArn}` and other substitutions.

    It is JSON once `${BackoffSeconds}` and `${TurnSeconds}` are replaced by whole numbers of seconds.
    """
    definition = json.loads(files(__name__).joinpath("state_machine.asl.json").read_text("utf-8"))
    text = json.dumps(definition, separators=(",", ":"))
    for number in _NUMBERS:
        text = text.replace(f'"{number}"', number)
    return text
