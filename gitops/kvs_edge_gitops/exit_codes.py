"""Exit codes of all commands."""

OK = 0
FINDINGS = 1
USAGE = 2
AWS_FAILED = 3
INTERRUPTED = 130
"""Stopped by Ctrl-C."""
OUTPUT_CLOSED = 141
"""The reader of standard output closed it."""
