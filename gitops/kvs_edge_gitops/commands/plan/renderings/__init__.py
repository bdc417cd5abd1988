"""A plan in each format."""

from collections.abc import Mapping

from kvs_edge_gitops.commands.plan.renderings import json, markdown, text
from kvs_edge_gitops.comparison.model import Comparison
from kvs_edge_gitops.reports.rendering import Rendering

RENDERINGS: Mapping[str, Rendering[Comparison]] = {
    "text": text.write,
    "json": json.write,
    "markdown": markdown.write,
}
