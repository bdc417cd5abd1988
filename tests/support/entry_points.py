"""Virtual time and constants for tests of the entry points."""

import json

DESCRIBE, START, DELETE = "DescribeEdgeConfiguration", "StartEdgeConfigurationUpdate", "DeleteEdgeConfiguration"
ARN = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"
NOW = 1_000_000.0
ENTRY_SECONDS = 60.0
"""The entry function's time-out [tests/synth/test_provider.py]."""


class Clock:
    """Time for the handler."""

    def __init__(self):
        self.now = NOW

    def time(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def log_lines(capsys, cfn):
    """Return the lines of the log, and check that they contain no ResponseURL."""
    out = capsys.readouterr().out
    assert cfn.RESPONSE_URL not in out
    return [json.loads(line) for line in out.splitlines()]
