"""Fixtures for the distribution and the zip for AWS Lambda."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def run():
    """Return a function that runs a command and returns its output; a failure shows the output, too."""

    def run(*command: object, **options) -> str:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def distributions(run, tmp_path_factory) -> dict[str, Path]:
    """Return the source distribution, and the wheel built from it."""
    source = tmp_path_factory.mktemp("source") / "checkout"
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(".*", "node_modules", "cdk.out", "__pycache__", "dist", "tests"),
    )
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, source)
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return {"sdist": sdist, "wheel": wheel}


@pytest.fixture(scope="session")
def clean_environment(run, distributions, tmp_path_factory) -> Path:
    """Return the Python of a new environment with the wheel and without the checkout.

    It uses the installed dependencies, so that it needs no network.
    """
    folder = tmp_path_factory.mktemp("clean") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    run("uv", "pip", "install", "--offline", "--no-deps", "--python", python, distributions["wheel"])
    site_packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    installed = Path(pytest.__file__).parents[1]
    # Python ignores .pth files in this path, so it does not find the checkout.
    (Path(site_packages) / "dependencies.pth").write_text(f"{installed}\n")
    return python


@pytest.fixture(scope="session")
def clean_variables() -> dict[str, str]:
    """Return the environment's variables without those that lead Python to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
