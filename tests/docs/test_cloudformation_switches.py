"""The switches of the local CloudFormation are documented as the code has them."""

import re
from dataclasses import fields

from kvs_edge_local.cloudformation import Assumptions

_SWITCH = re.compile(r"^\| (?:`(\w+)`)? *\| `([\w-]+)` \|", re.MULTILINE)


def test_each_switch_is_documented_with_all_its_values_the_default_first(documents):
    """In the table of docs/local-aws.md, and no other."""
    found, switch = {}, ""
    for name, value in _SWITCH.findall(documents["docs/local-aws.md"].section("CloudFormation behavior")):
        switch = name or switch  # only the first row of a switch names it
        found.setdefault(switch, []).append(value)

    defaults = {field.name: field.default for field in fields(Assumptions)}
    assert {name: values[0] for name, values in found.items()} == {name: each.value for name, each in defaults.items()}
    assert {name: set(values) for name, values in found.items()} == {
        name: {each.value for each in type(default)} for name, default in defaults.items()
    }
