"""The Python in the documents runs unchanged."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App, Fn, Stack, Stage
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Template

from cdk_kvs_edge import Acknowledgement, EdgeConfigurationProvider, EdgeFleet, WaitFor
from kvs_edge_local import LocalAws
from kvs_edge_local.edge import Healthy, RecorderFails


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Run in an empty directory: an app writes its assembly to the working directory."""
    monkeypatch.chdir(tmp_path)


def test_the_example_synthesizes(readme):
    """The first example is a complete app, whose stack has an edge configuration."""
    example = {}
    exec(compile(readme.blocks("python")[0], "README.md", "exec"), example)
    template = Template.from_stack(example["stack"])
    template.resource_count_is("Custom::KinesisVideoEdgeConfiguration", 1)
    fixed = len(template.to_json()["Resources"]) - 2  # the stream and its edge configuration
    assert f"Each stack has {fixed} shared resources" in " ".join(readme.text.split())


def test_the_other_examples_go_on_from_it(readme, documents):
    """Each example of the construct's page declares one more construct, with the imports of the first example."""
    (first,) = readme.blocks("python")
    others = documents["docs/construct.md"].blocks("python")
    names = {
        "stack": Stack(App(), "Others"),
        **{module.__name__.rpartition("_")[2]: module for module in (ec2, iam, kms)},
    }
    names |= {"secretsmanager": secretsmanager, "sqs": sqs, "Fn": Fn}
    names |= {
        "Acknowledgement": Acknowledgement,
        "EdgeConfigurationProvider": EdgeConfigurationProvider,
        "WaitFor": WaitFor,
    }
    exec(first.partition("app = App()")[0], names)
    assert others
    for number, example in enumerate(others):
        exec(compile(example, f"docs/construct.md, example {number + 1}", "exec"), names)
        children = [child.node.id for child in names["stack"].node.children]
        assert len(children) > number, children


@pytest.fixture(scope="module")
def environment(root):
    """Return the environment of a user whose environment has the package and the CDK CLI."""
    path = os.pathsep.join([str(Path(sys.executable).parent), str(root / "node_modules" / ".bin"), os.environ["PATH"]])
    return {**os.environ, "PATH": path}


@pytest.fixture(scope="module")
def assembly(readme, environment, tmp_path_factory):
    """Return the cloud assembly of the README's app, which the real CDK CLI synthesized from the file."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "app.py").write_text(readme.blocks("python")[0])
    command = ["cdk", "synth", "--quiet", "--app", "python app.py"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "cdk.out"


SESSIONS = """
import sys

import pytest

ended = [pytest.main(["-q", "-p", "no:cacheprovider", "-k", selected]) for selected in sys.argv[1:]]
sys.exit(any(ended))
"""
"""Sessions of pytest in one process. They share the import of the local AWS, which costs as much as a deployment."""


def test_the_tests_in_the_documents_pass(documents, environment, assembly, tmp_path):
    """As pasted, with the README's app and the real CDK CLI, which reads the app's assembly in each of its runs.

    The second test passes alone, too. The first test alone is how the session of both begins: on an empty local AWS.
    """
    example, _ = documents["docs/local-aws.md"].blocks("python")
    (ini,) = documents["docs/local-aws.md"].blocks("ini")
    files = {"cdk.json": json.dumps({"app": str(assembly)}), "test_our_app.py": example, "pytest.ini": ini}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    both, second = "", "offline"
    done = subprocess.run(
        [sys.executable, "-c", SESSIONS, both, second],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    results = [line.partition(" in ")[0] for line in done.stdout.splitlines() if " passed" in line]
    assert results == ["2 passed", "1 passed, 1 deselected"], done.stdout
    assert done.returncode == 0, done.stdout


def test_the_example_of_a_broken_camera_sets_both_agents(documents):
    """That of the hub, and that of the one stream."""
    _, example = documents["docs/local-aws.md"].blocks("python")
    defined = {}
    exec(example, defined)
    with LocalAws() as local:
        defined["break_the_front_door"](local)
        agents = local.edge.agents()
    assert {key: agent.behaviour for key, agent in agents.items()} == {
        ("warehouse-hub", None): Healthy(),
        ("warehouse-hub", "front-door"): RecorderFails("401 Unauthorized"),
    }


def test_the_fleets_example_synthesizes_a_stack_for_each_file(documents, root, tmp_path, capsys):
    """The example prints the stacks of the example site."""
    shutil.copytree(root / "edge", tmp_path / "edge")
    example, _ = documents["docs/fleet.md"].blocks("python")
    names = {}
    exec(compile(example, "docs/fleet.md", "exec"), names)
    assert capsys.readouterr().out == "['shop', 'warehouse']\n"
    assert [one.stack_name for one in names["app"].synth().stacks] == ["KvsEdge-shop", "KvsEdge-warehouse"]


@pytest.mark.parametrize("is_acknowledged", [True, False])
def test_the_fleets_acknowledgement_takes_the_warning_away(documents, root, tmp_path, is_acknowledged):
    """The warning is about a site in two stages, whose file and stacks set no account."""
    site = json.loads((root / "edge" / "shop.json").read_text())
    del site["region"], site["account"]
    (tmp_path / "shop.json").write_text(json.dumps(site))
    _, example = documents["docs/fleet.md"].blocks("python")
    app = App()
    stages = [Stage(app, name) for name in ("Dev", "Prod")]
    if is_acknowledged:
        exec(compile(example, "docs/fleet.md", "exec"), {"stage": stages[1]})
    for stage in stages:
        EdgeFleet.from_directory(stage, "KvsEdge", tmp_path)
    told = [file.read_text() for file in Path(app.synth().directory).rglob("*.json")]
    assert any("both declare" in text for text in told) is not is_acknowledged
