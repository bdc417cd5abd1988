"""The definition of the state machine, as templates without the CDK have it."""

import json

from kvs_edge_preflight.handler import state_machine_definition


def test_the_definition_is_compact_json_once_its_numbers_are_replaced():
    """A substitution that stands for a number has no quotes, so that a number can replace it."""
    text = state_machine_definition()
    numbered = text.replace("${BackoffSeconds}", "40").replace("${TurnSeconds}", "60")
    assert json.dumps(json.loads(numbered), separators=(",", ":")) == numbered
    assert '"${TickFunctionArn}"' in text
