"""The result of `validate` in each format."""

from collections.abc import Mapping

from kvs_edge_gitops.checks.files.examination import Examination
from kvs_edge_gitops.commands.validate.renderings import github, gitlab, json, junit, sarif, text
from kvs_edge_gitops.reports.rendering import Rendering

RENDERINGS: Mapping[str, Rendering[Examination]] = {
    "text": text.write,
    "json": json.write,
    "sarif": sarif.write,
    "github": github.write,
    "gitlab": gitlab.write,
    "junit": junit.write,
}
