"""Dependencies of the import of Lambda's packages, which the fork server imports once for all functions."""

import io
import json
import subprocess
import sys
import zipfile

import pytest

from kvs_edge_local.lambdas.environment import VARIABLES_OF_EVERY_PROCESS
from kvs_edge_local.lambdas.fork_server_main import PRELOADED, READ_AT_START
from kvs_edge_local.lambdas.runtime_packages import link_packages
from kvs_edge_preflight.handler.bundle import build, build_monitor

WATCHED_IMPORT = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
read = set()
get = os._Environ.__getitem__
os._Environ.__getitem__ = lambda self, name: [read.add(name), get(self, name)][1]
os._Environ.__iter__ = lambda self: read.add("all of them") or iter(())
for name in sys.argv[2:]:
    __import__(name)
os._Environ.__getitem__ = get
tasks = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
print(json.dumps({"read": sorted(read), "threads": tasks, "modules": list(sys.modules)}))
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    runtime = tmp_path_factory.mktemp("runtime") / "packages"
    link_packages(runtime)
    command = [sys.executable, "-I", "-S", "-c", WATCHED_IMPORT, str(runtime), *PRELOADED]
    found = subprocess.run(command, env=VARIABLES_OF_EVERY_PROCESS, check=True, capture_output=True, text=True)
    return json.loads(found.stdout)


def test_no_variable_is_read_that_functions_may_set_otherwise(watched):
    assert [name for name in watched["read"] if not name.startswith(READ_AT_START)] == []


def test_no_thread_is_started(watched):
    """A fork has none of its parent's threads."""
    assert watched["threads"] == 1


def test_boto3_stays_out(watched):
    """A function without it would not see what its own import of boto3 forgets."""
    assert "boto3" not in watched["modules"]


@pytest.mark.parametrize("build", [build, lambda: build_monitor(["UTC"])], ids=["handler", "monitor"])
def test_nothing_in_the_functions_zips_has_the_name_of_an_imported_module(watched, build):
    """Such a zip would get a process of its own."""
    imported = {name.partition(".")[0] for name in watched["modules"]}
    assert not imported & {name.partition("/")[0].partition(".")[0] for name in _names(build().zip_bytes)}


def _names(archive):
    return zipfile.ZipFile(io.BytesIO(archive)).namelist()
