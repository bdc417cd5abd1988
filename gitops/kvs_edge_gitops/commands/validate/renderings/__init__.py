"""The result of `validate` in each format."""

from importlib import import_module

from kvs_edge_gitops.checks.files.examination import Examination
from kvs_edge_gitops.reports.rendering import Rendering


def rendering(name: str) -> Rendering[Examination]:
    """Return the format's `write`. Only its module is imported: some need XML, hashes or the installed version."""
    found: Rendering[Examination] = import_module(f"{__name__}.{name}").write
    return found
