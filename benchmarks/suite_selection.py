"""Selection of tests by the names of their functions, a plugin of pytest.

The environment variable SUITE_NAMES is a file with a name on each line. A name stays when a test moves to another file
or gets other cases.
"""

import os
from pathlib import Path


def pytest_collection_modifyitems(config, items):
    """Deselect the tests whose function has no such name."""
    names = set(Path(os.environ["SUITE_NAMES"]).read_text().split())
    others = [item for item in items if function_name(item.nodeid) not in names]
    items[:] = [item for item in items if function_name(item.nodeid) in names]
    config.hook.pytest_deselected(items=others)


def function_name(node_id):
    """Return the name of a test's function, without its class and its case."""
    return node_id.partition("[")[0].rpartition("::")[2]
