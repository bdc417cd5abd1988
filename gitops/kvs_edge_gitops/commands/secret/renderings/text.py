"""Judged secrets as text: one block per secret, and a summary."""

from collections.abc import Sequence
from typing import TextIO

from kvs_edge_gitops.checks.secrets.judged import JudgedSecret
from kvs_edge_gitops.checks.secrets.summary import sentence
from kvs_edge_gitops.terminal import Paint, printable


def write(secrets: Sequence[JudgedSecret], _: int, output: TextIO) -> None:
    """Write each secret with its streams and issues, and a summary."""
    paint = Paint(output)
    for secret in secrets:
        used = ", ".join(f"{stream.stream.name} at {stream.place}" for stream in secret.streams)
        output.write(f"{paint('bold', printable(secret.name))}{printable(f' ({used}): {_state(secret)}')}\n")
        for issue in secret.issues:
            severity = paint(issue.severity.value, issue.severity.value)
            output.write(f"  {severity} {issue.code.value}: {printable(issue.message)}\n")
    output.write(paint("bold", sentence(secrets)) + "\n")


def _state(secret: JudgedSecret) -> str:
    if secret.failure is not None:
        return f"not read: {secret.failure}"
    return "the hub cannot use it" if secret.has_error else "good"
