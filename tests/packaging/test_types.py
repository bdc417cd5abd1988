"""Types of the distribution, as other people's tools see them."""

import ast
import inspect
import json
import os
import re
import sys
import tomllib
import typing
from pathlib import Path

import pytest

import cdk_kvs_edge

ROOT = Path(__file__).parents[2]
LOCAL_AWS_PAGE = ROOT / "docs" / "local-aws.md"
APP = """
from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_iot as iot
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import EdgeFleet, Referable, ScheduleConfig, StreamEdgeConfiguration
from kvs_edge_gitops.cli import main as command
from kvs_edge_local import LocalAws
from kvs_edge_preflight.files import read_files
from kvs_edge_schedules import judge

app = App()
stack = Stack(app, "Typed")
schedule = ScheduleConfig(expression="0 0 9-16 * * ? *", duration=Duration.seconds(3599))
edge = StreamEdgeConfiguration(
    stack,
    "Camera",
    stream=kinesisvideo.CfnStream(stack, "Stream", data_retention_in_hours=24),
    hub_device_arn="arn:aws:iot:us-west-2:123456789012:thing/hub",
    media_uri_secret="arn:aws:secretsmanager:us-west-2:123456789012:secret:camera-aBcDeF",
    recorder_schedule=schedule,
)
references: dict[str, Referable] = {"hub": iot.CfnThing(stack, "Hub"), "camera": "camera"}
fleet = EdgeFleet.from_directory(app, "Fleet", "edge", references=references, env=Environment(region="us-west-2"))


def test_a_deployment(kvs_edge_local: LocalAws) -> None:
    kvs_edge_local.edge.set_hub("hub", Offline())
    history = kvs_edge_local.edge.history("camera")
    assert history is not None
    assert history.status is SyncStatus.IN_SYNC


status: str = edge.sync_status
names: list[str] = list(fleet.stacks)
print(command, read_files, judge)
"""
WRONG_APP = """
from cdk_kvs_edge import ScheduleConfig

ScheduleConfig.between(8, "16:30")
"""
ANY_NAME = """
from typing import Any
def __getattr__(name: str) -> Any: ...
"""
"""A stub of a module that has any name; the classes that ours derive from are added."""
SETTINGS = """
[mypy]
strict = True

# Their sources are large: to read them takes minutes.
[mypy-aws_cdk.*,boto3.*,botocore.*,moto.*,cryptography.*,_pytest.*,werkzeug.*,urllib3.*,requests.*,cattrs.*,jsii.*]
follow_imports = skip
"""


def _public_callables():
    for name in cdk_kvs_edge.__all__:
        member = getattr(cdk_kvs_edge, name)
        if not inspect.isclass(member):
            continue
        yield pytest.param(member, id=name)
        for attribute, value in vars(member).items():
            function = getattr(value, "__func__", getattr(value, "fget", value))
            if inspect.isfunction(function) and (not attribute.startswith("_") or attribute == "__init__"):
                yield pytest.param(function, id=f"{name}.{attribute}")


@pytest.mark.parametrize("public", list(_public_callables()))
def test_type_hints_of_the_public_interface_resolve(public):
    typing.get_type_hints(public)


@pytest.fixture(scope="module")
def type_check(clean_environment, clean_variables, run, tmp_path_factory):
    """Return a function that checks an app outside of the repository with mypy --strict, against the wheel."""
    cache = tmp_path_factory.mktemp("mypy-cache")

    def type_check(text: str) -> str:
        folder = tmp_path_factory.mktemp("app")
        (folder / "app.py").write_text(text)
        (folder / "mypy.ini").write_text(SETTINGS)
        return run(clean_environment, "-m", "mypy", "--cache-dir", cache, "app.py", cwd=folder, env=clean_variables)

    return type_check


def test_an_app_outside_of_the_repository_type_checks(type_check):
    """The documents' examples of a test import the local AWS, too."""
    examples = re.findall(r"```python\n(.*?)```", LOCAL_AWS_PAGE.read_text("utf-8"), re.S)
    assert any("kvs_edge_local" in example for example in examples)
    imports = {line for example in examples for line in example.splitlines() if line.startswith(("from ", "import "))}
    type_check("\n".join(sorted(imports)) + APP)


def test_a_wrong_type_is_found(type_check):
    with pytest.raises(AssertionError, match=r"incompatible type \"int\"; expected \"str\""):
        type_check(WRONG_APP)


@pytest.fixture
def without_the_cdk(run, tmp_path) -> Path:
    """Return the programs' folder of an environment with the checkout and, in place of the CDK, stubs of any type.

    Pyright takes 20 seconds to read the CDK, whose types the measure leaves out. The stubs stand first on the path.
    """
    folder = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    programs = folder / "bin"
    site_packages = Path(
        run(programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    )
    sources = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["mypy_path"]
    paths = [*(ROOT / source for source in sources), Path(pytest.__file__).parents[1]]
    (site_packages / "checkout.pth").write_text("".join(f"{path}\n" for path in paths))
    stubs = {
        module: "class CfnResource: ...\n" for file in (ROOT / "constructs").rglob("*.py") for module in _cdk(file)
    }
    stubs["constructs"] = "class Construct: ...\nclass IConstruct: ...\n"
    for module, bases in stubs.items():
        folder = site_packages.joinpath(*module.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.pyi").write_text(ANY_NAME + bases)
    for package in ("aws_cdk", "constructs"):
        # Otherwise pyright prefers the CDK, which has one.
        (site_packages / package / "py.typed").touch()
    return programs


def test_public_types_are_complete(run, without_the_cdk, tmp_path):
    """Pyright's measure: the share of public symbols whose type is known."""
    report = tmp_path / "report.json"
    command = ("basedpyright", "--verifytypes", "cdk_kvs_edge", "--ignoreexternal", "--outputjson")
    variables = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    variables["PATH"] = f"{without_the_cdk}{os.pathsep}{os.environ['PATH']}"
    report.write_text(run(*command, env=variables, cwd=tmp_path))
    measured = json.loads(report.read_text())["typeCompleteness"]
    assert measured["exportedSymbolCounts"]["withKnownType"] > 500
    assert [symbol["name"] for symbol in measured["symbols"] if not symbol["isTypeKnown"]] == []


def test_mypy_reads_each_module_of_the_cdk_that_is_imported():
    """`make check` skips the other modules, whose types would be Any."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    read = {
        module
        for override in settings["overrides"]
        if override.get("follow_imports") == "normal"
        for module in override["module"]
    }
    imported = {
        module for source in settings["mypy_path"] for file in (ROOT / source).rglob("*.py") for module in _cdk(file)
    }
    assert {"aws_cdk.aws_iam", "aws_cdk.aws_lambda"} <= imported
    interfaces = {module for module in imported if module.startswith("aws_cdk.interfaces.")}
    assert {"aws_cdk.interfaces.*", *imported - interfaces} <= read


def _cdk(file: Path) -> set[str]:
    """Return the modules of the CDK that a file imports."""
    text = file.read_text("utf-8")
    found = set()
    for node in ast.walk(ast.parse(text)) if "aws_cdk" in text else ():
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names if alias.name.islower())}
    return {name for name in found if re.fullmatch(r"aws_cdk(\.(aws_\w+|cx_api|interfaces(\.\w+)?))?", name)}
