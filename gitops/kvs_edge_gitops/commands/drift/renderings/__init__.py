"""A drift in each format."""

from collections.abc import Mapping

from kvs_edge_gitops.commands.drift.drifted import Drift
from kvs_edge_gitops.commands.drift.renderings import json, markdown, text
from kvs_edge_gitops.reports.rendering import Rendering

RENDERINGS: Mapping[str, Rendering[Drift]] = {"text": text.write, "json": json.write, "markdown": markdown.write}
