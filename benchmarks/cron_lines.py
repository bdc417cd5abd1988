"""JSON lines per second of `kvs-edge cron --stdin`, and the cost of `kvs-edge --help`.

python benchmarks/cron_lines.py [--lines 20000]
"""

import argparse
import json
import subprocess
import sys
import time

_COMMAND = [sys.executable, "-m", "kvs_edge_gitops"]
_EXPRESSIONS = ("0 0 9-16 ? * MON-FRI *", "0 15 10 LW * ?", "0 0/5 8 * * ?", "0 0 0 29 2 ?", "0 0 22,23 ? * 6#3 *")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=20_000)
    count = parser.parse_args().lines
    question = {"tz": "Europe/Berlin", "after": "2026-01-05T00:00:00Z", "count": 1}
    lines = [json.dumps({**question, "expr": _EXPRESSIONS[at % len(_EXPRESSIONS)]}) for at in range(count)]
    start_up = min(_seconds(["--help"], "") for _ in range(5))
    print(f"kvs-edge --help: {start_up * 1000:.0f} ms")
    rate = count / _seconds(["cron", "--stdin"], "\n".join(lines))
    print(f"cron --stdin: {rate:,.0f} lines a second")


def _seconds(arguments: list[str], given: str) -> float:
    before = time.perf_counter()
    subprocess.run([*_COMMAND, *arguments], input=given, capture_output=True, text=True, check=True)
    return time.perf_counter() - before


if __name__ == "__main__":
    main()
