"""GitLab code quality report of `kvs-edge validate --format json`: python code_quality.py FINDINGS."""

import hashlib
import json
import sys
from pathlib import Path

SEVERITIES = {"error": "critical", "warning": "minor", "info": "info"}


def issue(finding: dict) -> dict:
    """Return the issue of a finding; its fingerprint does not depend on the line."""
    about = "\0".join(str(finding[key]) for key in ("file", "code", "stream", "message"))
    return {
        "description": f"{finding['code']}: {finding['message']}",
        "check_name": finding["code"],
        "fingerprint": hashlib.sha256(about.encode()).hexdigest(),
        "severity": SEVERITIES[finding["severity"]],
        "location": {"path": finding["file"], "lines": {"begin": finding["line"]}},
    }


report = json.loads(Path(sys.argv[1]).read_text("utf-8"))
print(json.dumps([issue(finding) for finding in report["findings"]], indent=2))
