"""What people install: the distribution, and the zip that goes to AWS Lambda."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def run():
    """Runs a command, and returns what it printed; what it says when it fails is in the error."""

    def run(*command: object, **options) -> str:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def distributions(run, tmp_path_factory) -> dict[str, Path]:
    """The source distribution, and the wheel that was built from it."""
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
    """The Python of a new environment that has the wheel, and of the checkout nothing.

    The dependencies are those that are installed already, so that no network is needed.
    """
    folder = tmp_path_factory.mktemp("clean") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    run("uv", "pip", "install", "--offline", "--no-deps", "--python", python, distributions["wheel"])
    site_packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    installed = Path(pytest.__file__).parents[1]
    # A path in a .pth file is not searched for .pth files itself: the checkout stays unseen.
    (Path(site_packages) / "dependencies.pth").write_text(f"{installed}\n")
    return python


@pytest.fixture(scope="session")
def clean_variables() -> dict[str, str]:
    """The environment's variables without what leads Python to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
