"""Types of the distribution, as other people's tools see them."""

import inspect
import json
import re
import typing
from pathlib import Path

import pytest

import cdk_kvs_edge

LOCAL_AWS_PAGE = Path(__file__).parents[2] / "docs" / "local-aws.md"
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
SETTINGS = """
[mypy]
strict = True

# Their sources are large: to read them takes minutes.
[mypy-aws_cdk.*,boto3.*,botocore.*,moto.*]
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

    def type_check(text: str) -> str:
        folder = tmp_path_factory.mktemp("app")
        (folder / "app.py").write_text(text)
        (folder / "mypy.ini").write_text(SETTINGS)
        return run(clean_environment, "-m", "mypy", "app.py", cwd=folder, env=clean_variables)

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


def test_public_types_are_complete(run, tmp_path):
    """Pyright's measure: the share of public symbols whose type is known."""
    report = tmp_path / "report.json"
    command = ("basedpyright", "--verifytypes", "cdk_kvs_edge", "--ignoreexternal", "--outputjson")
    report.write_text(run(*command))
    assert json.loads(report.read_text())["typeCompleteness"]["completenessScore"] >= 0.95
