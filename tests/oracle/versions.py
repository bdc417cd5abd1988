"""Print the number of fire times in 2027 that versions of Quartz find, as the table of docs/schedules.md.

    python tests/oracle/versions.py 2.3.2=/usr/share/java/quartz2.jar 2.5.2=quartz-2.5.2.jar

Debian packages 2.3.2 (libquartz2-java); Maven Central has the others, as org.quartz-scheduler:quartz.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from oracle import JARS, Oracle

EXPRESSIONS = (
    "0 0 9 L * ? *",
    "0 0 9 L-3 * ? *",
    "0 0 9 LW * ? *",
    "0 0 9 1W * ? *",
    "0 0/15 9-16 15W * ? *",
    "0 0 9 31W * ? *",
    "0 0 9 28 * ? *",
    "0 0 9 ? * 6L *",
    "0 0 9 ? * 2#1 *",
    "0 0 9 ? * MON-FRI *",
)
_START = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()) - 1
_END = int(datetime(2028, 1, 1, tzinfo=UTC).timestamp())
_MOST = 1000


def main() -> int:
    """Write the table, one column for each version."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="+", metavar="VERSION=JAR")
    versions = dict(version.split("=", 1) for version in parser.parse_args().versions)
    questions = [("fires", text, "UTC", _START, _MOST) for text in EXPRESSIONS]
    columns = [list(Oracle((Path(jar), JARS[1])).ask(questions)) for jar in versions.values()]
    lines = [f"| expression | {' | '.join(versions)} |", "|---" * (1 + len(versions)) + "|"]
    for text, *answers in zip(EXPRESSIONS, *columns, strict=True):
        lines.append(f"| `{text}` | {' | '.join(map(_count, answers))} |")
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _count(answer: str) -> str:
    """Return the number of fire times in 2027, or Quartz's failure."""
    fires = [fire for fire in answer.split() if fire.isdigit()]
    return str(sum(int(fire) < _END for fire in fires)) if fires else answer


if __name__ == "__main__":
    sys.exit(main())
