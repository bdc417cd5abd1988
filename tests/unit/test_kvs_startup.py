"""Cost of importing the handler: only imports."""

import json
import subprocess
import sys

import pytest

PROBE = """
import json, os, sys
import botocore.client, botocore.session, urllib3

asked = []

def forbid(name):
    def forbidden(*_, **__):
        asked.append(name)
        raise RuntimeError(name)
    return forbidden

class Watched(dict):
    def __getitem__(self, name):
        asked.append(name)
        return super().__getitem__(name)
    def get(self, name, default=None):
        asked.append(name)
        return super().get(name, default)

import time
for name in ("time", "sleep", "monotonic", "perf_counter"):
    setattr(time, name, forbid(name))
botocore.session.Session.__init__ = forbid("session")
botocore.client.ClientCreator.create_client = forbid("client")
os.environ = Watched(os.environ)
os.getenv = os.environ.get
import kvs_edge.entry
entry = sorted(name for name in sys.modules if name.startswith("kvs_edge."))
import kvs_edge.tick
print(json.dumps({"asked": asked, "modules": sorted(sys.modules), "entry": entry}))
"""


@pytest.fixture(scope="module")
def start_up():
    """Return what a fresh interpreter did while it imported the entry points."""
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_no_client_clock_or_environment_is_touched_at_import(start_up):
    """A cold start is paid for each of these, and a test could not replace them."""
    assert start_up["asked"] == []


@pytest.mark.parametrize("package", ["boto3", "jsonschema", "rpds", "aws_cdk", "constructs", "jsii", "yaml"])
def test_what_lambda_does_not_need_at_start_is_not_imported(start_up, package):
    """The CDK and jsonschema are for synthesis. crhelper needs boto3 only for its own polling."""
    assert "kvs_edge.tick" in start_up["modules"]
    assert package not in start_up["modules"]


def test_the_entry_function_imports_only_what_it_takes_to_start_an_execution(start_up):
    """All that a response takes waits for the rare case that it cannot."""
    assert start_up["entry"] == [
        f"kvs_edge.{name}" for name in ("clients", "entry", "event", "executions", "log", "request_time", "transport")
    ]
