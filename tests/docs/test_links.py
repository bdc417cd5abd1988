"""Links between the documents lead somewhere."""

import pkgutil
import re

import pytest

from kvs_edge_preflight.footage import FindingCode

_SITE = "https://cdk-kvs-edge.readthedocs.io/en/stable/"
_DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/api/cdk_kvs_edge.md",
    "docs/api/kvs_edge_local.md",
    "docs/api/kvs_edge_health.md",
    "docs/api/kvs_edge_preflight.md",
    "docs/api/kvs_edge_schedules.md",
    "docs/architecture.md",
    "docs/changelog.md",
    "docs/cameras.md",
    "docs/cli.md",
    "docs/comparison.md",
    "docs/construct.md",
    "docs/contributing.md",
    "docs/examples/cdk-pipelines.md",
    "docs/examples/cloudformation.md",
    "docs/examples/github-actions.md",
    "docs/examples/gitlab.md",
    "docs/examples/index.md",
    "docs/existing-site.md",
    "docs/findings/index.md",
    *(f"docs/findings/{code}.md" for code in FindingCode),
    "docs/first-site.md",
    "docs/fleet.md",
    "docs/health.md",
    "docs/monitor.md",
    "docs/index.md",
    "docs/lifecycle.md",
    "docs/limits.md",
    "docs/local-aws.md",
    "docs/performance.md",
    "docs/permissions.md",
    "docs/reliability.md",
    "docs/runbook.md",
    "docs/schedules.md",
    "docs/service-assumptions.md",
    "docs/tour.md",
    "docs/without-cdk.md",
    "examples/README.md",
    "examples/cdk-pipelines/README.md",
    "examples/cloudformation/README.md",
    "examples/github-actions/README.md",
    "examples/gitlab/README.md",
)


def test_each_document_is_checked(documents):
    """Add a new document to the list."""
    assert set(documents) == set(_DOCUMENTS)


def _source(address, root):
    """Return the file behind an address of the documentation site."""
    path = address.removeprefix(_SITE).strip("/")
    if path.startswith("_static/"):
        return root / "docs" / "images" / path.removeprefix("_static/")
    index = root / "docs" / path / "index.md"
    return index if index.exists() else root / "docs" / f"{path}.md"


def test_the_readme_has_absolute_links(readme):
    """PyPI shows it without the repository."""
    assert readme.links
    assert not [link for link in readme.links if "://" not in link]


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_links_lead_to_a_file_and_a_heading(name, documents, root):
    """Each file, page of the site and anchor that a document links to exists."""
    document = documents[name]
    dead = []
    for link in document.links:
        if "://" in link and not link.startswith(_SITE):
            continue
        file, _, anchor = link.partition("#")
        if link.startswith(_SITE):
            target = _source(file, root)
        else:
            target = (document.path.parent / file).resolve() if file else document.path
        there = documents.get(target.relative_to(root).as_posix())
        if not target.exists() or (anchor and (there is None or anchor not in there.anchors)):
            dead.append(link)
    assert not dead


def test_names_in_the_architecture_exist(documents):
    """Each dotted name of the packages is a module, or something in one."""
    names = {
        code for code in documents["docs/architecture.md"].code if re.fullmatch(r"(?:cdk_)?kvs_edge\w*(\.\w+)+", code)
    }
    assert names
    for name in sorted(names):
        pkgutil.resolve_name(name)


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_files_that_are_named_exist(name, documents, root):
    """A path of this repository in inline code exists."""
    packages = {
        "kvs_edge/": "lambda_handler",
        "cdk_kvs_edge/": "constructs",
        "kvs_edge_gitops/": "gitops",
        "kvs_edge_local/": "local_aws",
        "kvs_edge_health/": "health",
        "kvs_edge_monitor/": "monitor",
        "kvs_edge_preflight/": "preflight",
        "kvs_edge_schedules/": "schedules",
    }
    tops = ("benchmarks/", "docs/", "edge/", "examples/", "tests/", *(f"{top}/" for top in packages.values()))
    missing = []
    for code in documents[name].code:
        if not code.startswith((*tops, *packages)) or not set(code).isdisjoint("*\n "):
            continue
        if f"`{code}`:\n" in documents[name].text:  # a walkthrough shows what is to be in it
            continue
        folder = packages.get(f"{code.partition('/')[0]}/", ".")
        if not (root / folder / code).exists():
            missing.append(code)
    assert not missing
