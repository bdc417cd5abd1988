"""Exit codes of all commands."""

OK = 0
FINDINGS = 1
USAGE = 2
AWS_FAILED = 3
DIFFERENT = 2
"""Of `drift`, and of `plan --detailed-exitcode`: files and service differ."""
USAGE_IF_DIFFERENT = 64
"""Wrong usage where 2 means that something differs, as with `terraform plan -detailed-exitcode`: 64 is EX_USAGE of
sysexits."""
INTERRUPTED = 130
"""Stopped by Ctrl-C."""
OUTPUT_CLOSED = 141
"""The reader of standard output closed it."""
