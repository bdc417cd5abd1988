"""Docstrings open as other Python projects' do; ruff's D401 holds functions to the imperative."""

import ast
import re

import pytest

_QUESTION = re.compile(r"(?:What|Whether|Which|How|When)\b")
_PACKAGES = (
    "constructs/cdk_kvs_edge",
    "gitops/kvs_edge_gitops",
    "health/kvs_edge_health",
    "lambda_handler/kvs_edge",
    "local_aws/kvs_edge_local",
    "monitor/kvs_edge_monitor",
    "preflight/kvs_edge_preflight",
    "schedules/kvs_edge_schedules",
)


@pytest.mark.parametrize("package", _PACKAGES)
def test_no_docstring_opens_with_a_question_word(package, root):
    """A docstring names the thing or the action."""
    opening = [
        f"{file.relative_to(root)}:{getattr(node, 'lineno', 1)}: {text.splitlines()[0]}"
        for file in sorted((root / package).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and (text := ast.get_docstring(node))
        and _QUESTION.match(text)
    ]
    assert not opening
