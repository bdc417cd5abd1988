"""Contents of wheel and source distribution, and their use in another CDK app."""

import json
import tarfile
import zipfile
from email import message_from_string

import pytest

FOREIGN_APP = """
from aws_cdk import App, Stack
from cdk_kvs_edge import StreamEdgeConfiguration

app = App()
stack = Stack(app, "Foreign")
StreamEdgeConfiguration(
    stack,
    "Camera",
    stream="camera",
    hub_device_arn="arn:aws:iot:us-west-2:123456789012:thing/hub",
    media_uri_secret="arn:aws:secretsmanager:us-west-2:123456789012:secret:camera-aBcDeF",
)
app.synth()
"""
PACKAGES = (
    "cdk_kvs_edge",
    "kvs_edge",
    "kvs_edge_gitops",
    "kvs_edge_health",
    "kvs_edge_local",
    "kvs_edge_monitor",
    "kvs_edge_preflight",
    "kvs_edge_schedules",
)
DATA = (
    *(f"{package}/py.typed" for package in PACKAGES),
    "kvs_edge/edge_configuration.schema.json",
    "kvs_edge_preflight/handler/state_machine.asl.json",
    # What `kvs-edge explain` prints.
    "kvs_edge_gitops/pages/cameras.md",
    "kvs_edge_gitops/pages/cli.md",
    "kvs_edge_gitops/pages/findings/ScheduleEnds.md",
    "kvs_edge_gitops/pages/runbook.md",
)


@pytest.fixture(scope="module")
def wheel_names(distributions) -> list[str]:
    with zipfile.ZipFile(distributions["wheel"]) as wheel:
        return wheel.namelist()


def test_the_wheel_holds_the_packages_and_their_data_and_nothing_else(wheel_names):
    """A package `constructs` would hide the package of that name from PyPI."""
    top = {name.partition("/")[0] for name in wheel_names}
    assert {name for name in top if not name.endswith(".dist-info")} == set(PACKAGES)
    assert set(DATA) <= set(wheel_names)
    assert not [name for name in wheel_names if "__pycache__" in name]


def test_the_source_distribution_is_enough_to_build_from(distributions):
    with tarfile.open(distributions["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml"} <= names
    packages = {name.partition("/")[2].partition("/")[0] for name in names if name.endswith("/__init__.py")}
    assert set(PACKAGES) <= packages
    assert "constructs/cdk_kvs_edge/provider.py" in names
    assert "constructs/__init__.py" not in names


def test_the_metadata_lists_the_requirements(distributions):
    """The local AWS is an extra."""
    with zipfile.ZipFile(distributions["wheel"]) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_string(wheel.read(name).decode())
    required = [requirement for requirement in metadata.get_all("Requires-Dist") if "extra ==" not in requirement]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert not [name for name in required if name.startswith(("moto", "awslambdaric", "cdk-nag"))]


def test_a_foreign_app_synthesizes_with_the_wheel(clean_environment, clean_variables, run, tmp_path):
    """The handler in its zip comes from the wheel."""
    (tmp_path / "app.py").write_text(FOREIGN_APP)
    variables = clean_variables | {"CDK_OUTDIR": str(tmp_path / "cdk.out")}
    where = run(clean_environment, "-c", "import kvs_edge; print(kvs_edge.__file__)", env=variables)

    run(clean_environment, "app.py", cwd=tmp_path, env=variables)

    template = json.loads((tmp_path / "cdk.out" / "Foreign.template.json").read_text())
    (code,) = {
        json.dumps(one["Properties"]["Code"]["S3Key"])
        for one in template["Resources"].values()
        if one["Type"] == "AWS::Lambda::Function"
    }
    with zipfile.ZipFile(tmp_path / "cdk.out" / f"asset.{json.loads(code)}") as bundle:
        assert "kvs_edge/tick.py" in bundle.namelist()
    assert str(clean_environment.parents[1]) in where


def test_the_wheel_explains_codes_without_the_checkout(clean_environment, clean_variables, run, tmp_path):
    """The pages come from the wheel."""
    command = (clean_environment, "-m", "kvs_edge_gitops", "explain", "ScheduleEnds", "DeleteFailed")
    explained = run(*command, cwd=tmp_path, env=clean_variables)
    assert explained.startswith("ScheduleEnds\n")
    assert "failure reason: The hub did not delete" in explained
