"""Cost of starting a command: the modules that it imports, and the data that it reads."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "github-actions" / "edge"

PROBE = """
import contextlib, io, json, sys
from kvs_edge_gitops.cli import main

found = {}

def run(name, *arguments):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        code = main([name, *arguments])
    found[name] = {"code": code, "modules": sorted(sys.modules), "output": output.getvalue()}

# Modules stay imported: the commands that need the fewest come first.
run("--help")
run("cron", "0 0 9 ? * MON *")
run("validate", "edge")
run("schedule", "edge")

from botocore.awsrequest import AWSResponse
from botocore.loaders import JSONFileLoader
from kvs_edge_gitops.aws import session
from kvs_edge_gitops.aws.connections import Authorities, Connections

class Raw(io.BytesIO):
    def stream(self):
        yield self.read()

def respond(connections, request):
    body = request.body if isinstance(request.body, bytes) else request.body.encode()
    if b"GetCallerIdentity" in body:
        status, text = 200, (
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>"
            "</GetCallerIdentityResult></GetCallerIdentityResponse>"
        )
    elif b"DescribeStacks" in body:
        status, text = 200, "<DescribeStacksResponse><DescribeStacksResult/></DescribeStacksResponse>"
    elif request.url.endswith("/listEdgeAgentConfigurations"):
        status, text = 200, json.dumps({"EdgeConfigs": []})
    else:
        status, text = 404, json.dumps({"__type": "ResourceNotFoundException", "message": "no such stream"})
    kind = "x-amzn-errortype"
    headers = {kind: "ResourceNotFoundException"} if status == 404 else {}
    return AWSResponse(request.url, status, headers, Raw(text.encode()))

read, read_by_botocore, certificates = [], [], []
load_file = session.PlainFiles.load_file

def load(loader, path):
    content = load_file(loader, path)
    if content is not None:
        read.append(path)
    return content

Connections.send = respond
session.PlainFiles.load_file = load
JSONFileLoader.load_file = lambda loader, path: read_by_botocore.append(path)
Authorities.load = lambda authorities: certificates.append(authorities)

for name in ("status", "drift", "plan"):
    read.clear()
    run(name, "edge")
    found[name]["read"] = list(read)
found["read_by_botocore"] = read_by_botocore
print(json.dumps(found))
"""

NEVER = ("boto3", "s3transfer", "jsonschema", "referencing", "attr", "aws_cdk", "constructs", "jsii", "av")
"""boto3 and the CDK are not needed at all, jsonschema for a violation only, PyAV in a process of its own."""
NOT_WITHOUT_AWS = ("botocore", "urllib3", "ssl", "socket", "http.client")
NOT_FOR_A_SMALL_SITE = ("multiprocessing", "concurrent.futures.process")
NOT_FOR_CORRECT_FILES = ("difflib", "kvs_edge_schedules.meant", "kvs_edge_schedules.corrections")
NOT_FOR_TEXT = ("xml", "importlib.metadata", "kvs_edge_gitops.commands.validate.renderings.sarif")
WITHOUT_AWS = ("--help", "cron", "validate", "schedule")
WITH_AWS = ("status", "drift", "plan")


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Return what a fresh interpreter imported and read for each command, one after the other."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(EXAMPLE, folder / "edge")
    environment = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def _imported(ended, names):
    return [module for module in ended["modules"] for name in names if module == name or module.startswith(f"{name}.")]


def test_the_commands_ran(started):
    """Each one did its work, so that the modules are those of a real start."""
    assert {name: started[name]["code"] for name in (*WITHOUT_AWS, *WITH_AWS)} == {
        **dict.fromkeys(("--help", "cron", "validate", "schedule", "plan"), 0),
        "status": 1,
        "drift": 2,
    }
    assert "3 streams: 3 to create" in started["plan"]["output"]


@pytest.mark.parametrize("name", [*WITHOUT_AWS, *WITH_AWS])
def test_a_start_imports_no_package_that_it_does_not_need(started, name):
    """Each of these takes longer than the rest of a small command."""
    assert _imported(started[name], NEVER) == []


@pytest.mark.parametrize("name", WITHOUT_AWS)
def test_a_command_without_aws_imports_no_network(started, name):
    """An import of botocore takes longer than such a command."""
    assert _imported(started[name], NOT_WITHOUT_AWS) == []


@pytest.mark.parametrize("name", WITHOUT_AWS)
def test_correct_files_of_a_small_site_need_no_corrections_and_no_processes(started, name):
    """Nor do they need the formats that were not asked for."""
    unneeded = (*NOT_FOR_A_SMALL_SITE, *NOT_FOR_CORRECT_FILES, *NOT_FOR_TEXT)
    assert _imported(started[name], unneeded) == []


def test_help_imports_no_package_of_the_commands(started):
    """Only the entry point and the argument parser."""
    ours = _imported(started["--help"], ["kvs_edge", "kvs_edge_gitops", "kvs_edge_preflight", "kvs_edge_schedules"])
    assert ours == [
        "kvs_edge_gitops",
        *(f"kvs_edge_gitops.{name}" for name in ("cli", "errors", "exit_codes", "parser")),
    ]


@pytest.mark.parametrize("name", WITH_AWS)
def test_a_start_reads_each_file_of_botocore_once(started, name):
    """The endpoints have 1.2 MB, and the model of CloudFormation 0.6 MB."""
    read = [Path(path).relative_to(Path(path).parents[2]) for path in started[name]["read"]]
    assert len(set(read)) == len(read)
    assert any("kinesisvideo" in path.parts for path in read)


def test_botocore_reads_no_file_with_its_own_reader(started):
    """It would make OrderedDicts, which takes twice as long."""
    assert started["read_by_botocore"] == []
