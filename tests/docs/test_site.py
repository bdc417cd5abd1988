"""Addresses of the documentation site, which users' terminals and reports print, stay as they are."""

import re
import subprocess
import sys

import pytest
import yaml
from docutils.nodes import make_id

from kvs_edge.reasons import FailureCode
from kvs_edge_preflight.footage import FindingCode

_STABLE = "https://cdk-kvs-edge.readthedocs.io/en/stable/"
_ADDRESS = re.compile(re.escape(_STABLE) + r"([^\s\"'`()<>{}]*)")
_SOURCES = ("constructs", "gitops", "lambda_handler", "local_aws", "preflight", "schedules")


@pytest.mark.parametrize("code", FindingCode)
def test_each_finding_has_a_page(code, root):
    """Its address is findings/CODE/."""
    assert (root / "docs" / "findings" / f"{code}.md").is_file()


@pytest.mark.parametrize("code", FailureCode)
def test_each_reason_has_an_anchor_in_the_runbook(code, runbook):
    """Its address is runbook/#code, in lower case, on the site as on GitHub."""
    anchor = str(code).lower()
    assert make_id(code) == anchor
    assert anchor in runbook.anchors


def test_addresses_in_the_source_are_pages(root, documents):
    """A constant address leads to a page and a heading; of a formatted one the part before the first value does."""
    dead = []
    for folder in _SOURCES:
        for file in (root / folder).rglob("*.py"):
            for address in _ADDRESS.findall(file.read_text("utf-8")):
                path, _, anchor = address.partition("#")
                pages = [f"docs/{path.strip('/')}.md", f"docs/{path}index.md"]
                page = next((documents[name] for name in pages if name in documents), None)
                if page is None or (anchor and anchor not in page.anchors):
                    dead.append(f"{file.name}: {address}")
    assert not dead


def test_the_site_of_the_package_is_the_site(root):
    """PyPI links to it."""
    assert f'Documentation = "{_STABLE}"' in (root / "pyproject.toml").read_text("utf-8")


def test_read_the_docs_builds_it_as_make_does(root):
    """The configuration obeys the schema of Read the Docs, and names what `make docs` uses."""
    config = root / ".readthedocs.yaml"
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.readthedocs", config],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert yaml.safe_load(config.read_text("utf-8"))["sphinx"] == {
        "configuration": "docs/conf.py",
        "builder": "dirhtml",
        "fail_on_warning": True,
    }


def test_the_readme_takes_two_minutes(readme):
    """It has fewer than 900 words; details are on the site's pages."""
    assert len(readme.text.split()) < 900


def test_pictures_are_small(root):
    """PyPI and GitHub load them with the README."""
    assert all(picture.stat().st_size <= 150_000 for picture in (root / "docs" / "images").iterdir())
