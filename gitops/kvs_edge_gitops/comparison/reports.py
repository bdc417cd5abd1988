"""A plan or a drift in each of the formats that people and pipelines read."""

from typing import TextIO

from kvs_edge_gitops.comparison import drift_json, drift_text, plan_json, plan_markdown, plan_text
from kvs_edge_gitops.comparison.drifted import Drift
from kvs_edge_gitops.comparison.values import Comparison

_PLANS = {"text": plan_text.write, "json": plan_json.write, "markdown": plan_markdown.write}
_DRIFTS = {"text": drift_text.write, "json": drift_json.write}


def write_plan(name: str, comparison: Comparison, exit_code: int, output: TextIO) -> None:
    """Write a plan, which ends with that exit code, in the format of that name."""
    _PLANS[name](comparison, exit_code, output)


def write_drift(name: str, drift: Drift, exit_code: int, output: TextIO) -> None:
    """Write a drift, which ends with that exit code, in the format of that name."""
    _DRIFTS[name](drift, exit_code, output)
